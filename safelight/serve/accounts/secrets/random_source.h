#pragma once

#include <cstddef>
#include <span>

namespace safelight::serve {

/// Where random bytes come from. Passed in, so that tests decide what they are. Safe from many
/// threads.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::byte> out) = 0;
};

/// The system's generator (getrandom). Throws Fault where it fails.
class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::byte> out) override;
};

}  // namespace safelight::serve
