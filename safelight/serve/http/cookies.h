#pragma once

#include <string_view>

#include "safelight/serve/http/named_texts.h"

namespace safelight::serve {

/// The cookies of a Cookie header. Browsers send those of every application on this host, so one
/// that is not well-formed is left out rather than refused, and so is a name that comes twice:
/// which of the two is ours cannot be told. Source: RFC 6265 section 4.1.1.
[[nodiscard]] NamedTexts parse_cookies(std::string_view header);

}  // namespace safelight::serve
