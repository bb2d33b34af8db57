#pragma once

#include <cstdint>
#include <time.h>

namespace safelight {

/// Where the time of day comes from. Passed in, so that tests decide what time it is. Safe from
/// many threads.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Nanoseconds since 1970-01-01T00:00:00 UTC.
  [[nodiscard]] virtual int64_t now_ns() const = 0;
};

/// The system's real-time clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }
};

}  // namespace safelight
