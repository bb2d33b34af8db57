#include "safelight/evidence/origin_scope.h"

namespace safelight {

std::string_view to_text(OriginScope scope) {
  switch (scope) {
    case OriginScope::metadata:
      return "metadata";
    case OriginScope::pixels:
      return "pixels";
    case OriginScope::none:
      break;
  }
  return "none";
}

}  // namespace safelight
