#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safelight::serve {

/// Who did something, and from where.
struct Actor {
  std::string person;   ///< By login.
  std::string address;  ///< Numeric; "" over a Unix socket.
};

/// The audit log of the server itself: what was done that belongs to no case. Safe from many
/// threads.
class ServerLog {
 public:
  virtual ~ServerLog() = default;
  /// Is on the disk when this returns. Throws Fault where it cannot be: whatever was to be done is
  /// not done then.
  virtual void add(std::string_view kind, const Actor& actor,
                   const std::vector<std::pair<std::string, std::string>>& details) = 0;
};

}  // namespace safelight::serve
