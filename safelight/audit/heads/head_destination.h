#pragma once

#include <string>
#include <string_view>

namespace safelight::audit {

/// Where signed heads are kept: away from the log, so that whoever can change the log cannot change
/// them too.
class HeadDestination {
 public:
  virtual ~HeadDestination() = default;
  /// What to call it in messages.
  [[nodiscard]] virtual std::string name() const = 0;
  /// Keeps a line of to_line() for good before it returns. Throws Fault.
  virtual void append(std::string_view line) = 0;
};

}  // namespace safelight::audit
