#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/serve/accounts/secrets/random_source.h"

namespace safelight::serve {

/// How attempts are slowed: so many are free; each further one waits twice as long as the one
/// before, up to a limit.
struct ThrottlePolicy {
  uint32_t free_attempts = 0;
  int64_t first_wait_ns = 0;
  int64_t max_wait_ns = 0;
};

struct ThrottleOptions {
  /// Short at most, so that a stranger can slow a person's log-in but not lock it: at one attempt a
  /// minute nobody guesses twelve characters.
  ThrottlePolicy login{5, 1'000'000'000, 60'000'000'000};
  /// Many may share an address.
  ThrottlePolicy address{20, 1'000'000'000, 900'000'000'000};
  /// What was not tried for so long is forgotten.
  int64_t forget_after_ns = 3'600'000'000'000;
  /// How many logins, and as many addresses, are remembered: 32 bytes each. A multiple of 8.
  uint32_t remembered = 65536;
};

/// Slows whoever guesses, by the login that is tried and by the address that tries; whether the
/// login exists makes no difference. Its memory is bounded: where it is full, whoever failed least
/// is forgotten first. Safe from many threads.
class LoginThrottle {
 public:
  LoginThrottle(const Clock& clock, RandomSource& random, const ThrottleOptions& options);

  /// 0, and the attempt counts as failed until succeeded() is told, so that attempts at the same
  /// time count too; or how many nanoseconds there are to wait, and the attempt must not be made.
  /// `address` is an IPv4 or IPv6 address (of which the first 64 bits count), or any other name.
  [[nodiscard]] int64_t begin(std::string_view login, std::string_view address);
  /// The attempt was good: the login starts anew. The address only gets this attempt back, so that
  /// nobody clears it by a login of his own.
  void succeeded(std::string_view login, std::string_view address);

 private:
  struct Entry {
    uint64_t key = 0;
    int64_t last_ns = 0;
    int64_t blocked_until_ns = 0;
    uint32_t failures = 0;
  };
  using Table = std::vector<Entry>;

  [[nodiscard]] uint64_t key_of(std::string_view text) const;
  [[nodiscard]] int64_t wait_of(Entry& entry, const ThrottlePolicy& policy, int64_t now_ns) const;
  static Entry& entry_of(Table& table, uint64_t key);

  const Clock& clock_;
  ThrottleOptions options_;
  std::array<uint8_t, 16> seed_{};  ///< So that nobody can choose names that meet in one place.
  std::mutex mutex_;
  Table logins_;
  Table addresses_;
};

}  // namespace safelight::serve
