#include "safelight/serve/api/openapi/schemas.h"

#include "safelight/serve/api/openapi/schema_groups.h"

namespace safelight::serve {

std::string openapi_schemas() {
  std::string out = "{";
  for (const auto group :
       {account_schemas(), case_schemas(), queue_schemas(), item_schemas(), exposure_schemas()}) {
    if (out.size() > 1) out += ',';
    out += group;
  }
  return out + "}";
}

}  // namespace safelight::serve
