#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/audit/details.h"
#include "safelight/audit/merkle_tree.h"
#include "safelight/audit/record.h"

namespace safelight::serve {

/// Who did something, and from where.
struct Actor {
  std::string person;   ///< By login.
  std::string address;  ///< Numeric; "" over a Unix socket.
};

/// How an audit log stands, by the name that it has in signed heads.
struct LogHead {
  std::string log;
  audit::TreeHead head;
};

/// The audit log of the server itself: what was done that belongs to no case. Safe from many
/// threads.
class ServerLog {
 public:
  virtual ~ServerLog() = default;
  /// Is on the disk when this returns. Throws Fault where it cannot be: whatever was to be done is
  /// not done then.
  virtual void add(std::string_view kind, const Actor& actor, const audit::Details& details) = 0;
  /// Every record in order. Throws Fault where the log cannot be read.
  virtual void for_each(const std::function<void(const audit::Record&)>& use) const = 0;
  /// Nothing where what is done goes into a case's log.
  [[nodiscard]] virtual std::optional<LogHead> head() const = 0;
};

}  // namespace safelight::serve
