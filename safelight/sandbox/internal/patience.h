#pragma once

#include <chrono>
#include <cstdint>

namespace safelight::sandbox {

/// The time left for waiting on a worker; it runs only while somebody waits.
class Patience {
 public:
  explicit Patience(uint32_t timeout_ms) : left_(std::chrono::milliseconds(timeout_ms)) {}

  /// Waits until the socket is ready for `events` (of poll) or the other side has gone; false when
  /// the time is up. Throws Fault if the system cannot wait.
  [[nodiscard]] bool wait(int socket, short events);

 private:
  std::chrono::nanoseconds left_;
};

}  // namespace safelight::sandbox
