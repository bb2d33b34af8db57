#pragma once

#include "safelight/base/clock.h"

namespace safelight::serve::testing {

/// So much from now, by the system's clock: files have its times.
class LaterClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return clock_.now_ns() + later_ns; }
  int64_t later_ns = 0;

 private:
  SystemClock clock_;
};

}  // namespace safelight::serve::testing
