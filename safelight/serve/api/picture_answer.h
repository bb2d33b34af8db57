#pragma once

#include <optional>

#include "safelight/decisions/policy.h"
#include "safelight/renditions/rendition.h"
#include "safelight/serve/http/response.h"

namespace safelight::serve {

/// How a cover is drawn; nothing for a card, which shows facts alone.
std::optional<RenditionStyle> style_of(Cover cover);

/// Why a picture cannot be shown.
Response picture_problem(const Error& error);

}  // namespace safelight::serve
