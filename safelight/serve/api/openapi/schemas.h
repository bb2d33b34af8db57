#pragma once

#include <string_view>

namespace safelight::serve {

/// The schemas that routes name, as one JSON object.
std::string_view openapi_schemas();

}  // namespace safelight::serve
