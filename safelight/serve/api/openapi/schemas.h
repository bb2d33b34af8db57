#pragma once

#include <string>

namespace safelight::serve {

/// The schemas that routes name, as one JSON object. Source: JSON Schema 2020-12, as OpenAPI 3.1
/// has it.
std::string openapi_schemas();

}  // namespace safelight::serve
