#pragma once

#include <cassert>
#include <cstdint>

namespace safelight::synthesis {

/// A generator whose numbers are the same on every machine and with every library: splitmix64
/// (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). Not for
/// secrets.
class Random {
 public:
  /// Streams of one seed are independent of each other: one for each piece of shared work.
  explicit Random(uint64_t seed, uint64_t stream = 0) : state_(mixed(seed) ^ mixed(~stream)) {}

  uint64_t next() {
    state_ += 0x9E3779B97F4A7C15;
    return mixed(state_);
  }

  /// From 0 to below `bound`, which is over 0; each with the same probability.
  uint64_t below(uint64_t bound) {
    assert(bound > 0);
    // Numbers under 2^64 mod bound are thrown away: without them each remainder is as frequent.
    const uint64_t thrown_away = (0 - bound) % bound;
    uint64_t number = next();
    while (number < thrown_away) number = next();
    return number % bound;
  }

  /// From 0 to below 1, in steps of 2^-53.
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  static uint64_t mixed(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

}  // namespace safelight::synthesis
