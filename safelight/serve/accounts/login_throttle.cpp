#include "safelight/serve/accounts/login_throttle.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cassert>
#include <cstring>
#include <sodium.h>
#include <string>
#include <tuple>

namespace safelight::serve {
namespace {

/// Names that hash alike share so many places.
constexpr size_t kWays = 8;

/// Who stands behind an address: an IPv4 address alone, of an IPv6 address the network (one person
/// commonly has 2^64 of them), anything else as it is.
std::string group_of(std::string_view address) {
  const std::string text(address);
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  const std::string_view all(bytes.data(), bytes.size());
  if (!all.starts_with(kMapped)) return std::string(all.substr(0, 8));
  std::array<char, INET_ADDRSTRLEN> v4{};
  inet_ntop(AF_INET, bytes.data() + kMapped.size(), v4.data(), v4.size());
  return v4.data();
}

void add_failure(uint32_t& failures, int64_t& blocked_until_ns, const ThrottlePolicy& policy,
                 int64_t now_ns) {
  if (failures < UINT32_MAX) ++failures;
  if (failures < policy.free_attempts) return;
  int64_t wait_ns = policy.first_wait_ns;
  for (uint32_t i = policy.free_attempts; i < failures && wait_ns < policy.max_wait_ns; ++i) {
    wait_ns *= 2;
  }
  blocked_until_ns = now_ns + std::min(wait_ns, policy.max_wait_ns);
}

}  // namespace

LoginThrottle::LoginThrottle(const Clock& clock, RandomSource& random,
                             const ThrottleOptions& options)
    : clock_(clock),
      options_(options),
      logins_(options.remembered),
      addresses_(options.remembered) {
  assert(options.remembered >= kWays && options.remembered % kWays == 0);
  random.fill(std::as_writable_bytes(std::span(seed_)));
}

uint64_t LoginThrottle::key_of(std::string_view text) const {
  static_assert(crypto_shorthash_KEYBYTES == std::tuple_size_v<decltype(seed_)>);
  std::array<uint8_t, crypto_shorthash_BYTES> hash{};
  crypto_shorthash(hash.data(), reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                   seed_.data());
  uint64_t key = 0;
  std::memcpy(&key, hash.data(), sizeof(key));
  return key;
}

LoginThrottle::Entry& LoginThrottle::entry_of(Table& table, uint64_t key) {
  Entry* const first = table.data() + key % (table.size() / kWays) * kWays;
  Entry* const end = first + kWays;
  if (Entry* found = std::find_if(first, end, [&](const Entry& e) { return e.key == key; });
      found != end) {
    return *found;
  }
  Entry* const least = std::min_element(first, end, [](const Entry& a, const Entry& b) {
    return std::tie(a.failures, a.last_ns) < std::tie(b.failures, b.last_ns);
  });
  *least = Entry{key, 0, 0, 0};
  return *least;
}

int64_t LoginThrottle::wait_of(Entry& entry, const ThrottlePolicy& policy, int64_t now_ns) const {
  if (now_ns - entry.last_ns > options_.forget_after_ns) entry = Entry{entry.key, now_ns, 0, 0};
  // A clock that was set back must not lock anybody out for longer than the policy does.
  entry.blocked_until_ns = std::min(entry.blocked_until_ns, now_ns + policy.max_wait_ns);
  return std::max<int64_t>(0, entry.blocked_until_ns - now_ns);
}

int64_t LoginThrottle::begin(std::string_view login, std::string_view address) {
  const uint64_t login_key = key_of(login);
  const uint64_t address_key = key_of(group_of(address));
  const int64_t now_ns = clock_.now_ns();
  const std::lock_guard lock(mutex_);
  Entry& by_login = entry_of(logins_, login_key);
  Entry& by_address = entry_of(addresses_, address_key);
  const int64_t wait_ns = std::max(wait_of(by_login, options_.login, now_ns),
                                   wait_of(by_address, options_.address, now_ns));
  if (wait_ns > 0) return wait_ns;
  by_login.last_ns = by_address.last_ns = now_ns;
  add_failure(by_login.failures, by_login.blocked_until_ns, options_.login, now_ns);
  add_failure(by_address.failures, by_address.blocked_until_ns, options_.address, now_ns);
  return 0;
}

void LoginThrottle::succeeded(std::string_view login, std::string_view address) {
  const uint64_t login_key = key_of(login);
  const uint64_t address_key = key_of(group_of(address));
  const std::lock_guard lock(mutex_);
  entry_of(logins_, login_key) = Entry{};
  Entry& by_address = entry_of(addresses_, address_key);
  if (by_address.failures > 0) --by_address.failures;
  by_address.blocked_until_ns = 0;
}

}  // namespace safelight::serve
