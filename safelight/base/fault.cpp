#include "safelight/base/fault.h"

#include <system_error>

namespace safelight {

Fault Fault::from_errno(const std::string& action, int errno_value) {
  return Fault(action + ": " + std::generic_category().message(errno_value));
}

}  // namespace safelight
