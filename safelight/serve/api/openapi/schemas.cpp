#include "safelight/serve/api/openapi/schemas.h"

namespace safelight::serve {

std::string_view openapi_schemas() { return "{}"; }

}  // namespace safelight::serve
