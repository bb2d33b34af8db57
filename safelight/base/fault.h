#pragma once

#include <stdexcept>
#include <string>

namespace safelight {

/// A fault of the environment (disk full, no permission to the case, a missing program): nothing
/// that an input can cause. Caught only where one item ends: per file in scan/, per request in
/// serve/, in main.
class Fault : public std::runtime_error {
 public:
  explicit Fault(const std::string& what) : std::runtime_error(what) {}

  /// A fault named by the text of `errno_value`, as in "cannot open /case/case.db: Permission
  /// denied".
  static Fault from_errno(const std::string& action, int errno_value);
};

}  // namespace safelight
