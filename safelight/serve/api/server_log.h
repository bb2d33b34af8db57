#pragma once

#include <string>
#include <string_view>

#include "safelight/audit/details.h"

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
  virtual void add(std::string_view kind, const Actor& actor, const audit::Details& details) = 0;
};

}  // namespace safelight::serve
