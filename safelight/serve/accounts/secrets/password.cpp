#include "safelight/serve/accounts/secrets/password.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <sodium.h>

#include "safelight/base/fault.h"
#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

/// No hash of ours asks for more; one that does was put into the store by somebody else.
constexpr uint64_t kMaxPasses = 16;
constexpr uint64_t kMaxMemoryKib = uint64_t{1} << 20;

class Place {
 public:
  explicit Place(std::counting_semaphore<>& places) : places_(places) { places.acquire(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { places_.release(); }

 private:
  std::counting_semaphore<>& places_;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Takes `prefix` and a number off the start of `text`.
bool take_number(std::string_view& text, std::string_view prefix, uint64_t& number) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

/// Whether verifying `stored` costs no more than it may.
bool is_bounded(std::string_view stored) {
  uint64_t memory_kib = 0;
  uint64_t passes = 0;
  uint64_t lanes = 0;
  return stored.size() < crypto_pwhash_STRBYTES &&
         take_number(stored, "$argon2id$v=19$m=", memory_kib) &&
         take_number(stored, ",t=", passes) && take_number(stored, ",p=", lanes) &&
         stored.starts_with('$') && memory_kib <= kMaxMemoryKib && passes <= kMaxPasses &&
         lanes == 1;
}

}  // namespace

Result<void> check_new_password(std::string_view login, std::string_view password) {
  if (password.size() > kMaxPasswordBytes) {
    return Error{ErrorCode::limit_exceeded, "accounts.password-long"};
  }
  if (!is_utf8(password)) return Error{ErrorCode::malformed, "accounts.password-utf8"};
  const auto characters = std::count_if(password.begin(), password.end(), [](char c) {
    return (static_cast<uint8_t>(c) & 0xc0) != 0x80;
  });
  if (static_cast<size_t>(characters) < kMinPasswordCharacters) {
    return Error{ErrorCode::malformed, "accounts.password-short"};
  }
  if (std::equal(login.begin(), login.end(), password.begin(), password.end(),
                 [](char a, char b) { return lower(a) == lower(b); })) {
    return Error{ErrorCode::malformed, "accounts.password-login"};
  }
  return {};
}

PasswordHasher::PasswordHasher(PasswordCost cost, uint32_t at_once)
    : cost_(cost), places_(static_cast<std::ptrdiff_t>(at_once)) {
  if (sodium_init() < 0) throw Fault("libsodium does not start");
  if (cost.passes > kMaxPasses || cost.memory_bytes / 1024 > kMaxMemoryKib || at_once == 0) {
    throw Fault("passwords cannot be hashed at this cost");
  }
  std::array<char, 32> random{};
  randombytes_buf(random.data(), random.size());
  nobody_ = hash({random.data(), random.size()});
}

std::string PasswordHasher::hash(std::string_view password) const {
  const Place place(places_);
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), password.data(), password.size(), cost_.passes,
                        cost_.memory_bytes) != 0) {
    throw Fault::from_errno("cannot hash a password", errno);
  }
  return out.data();
}

bool PasswordHasher::verify(const std::string& stored, std::string_view password) const {
  if (!is_bounded(stored)) throw Fault("the accounts are damaged: a password's hash is none");
  if (password.size() > kMaxPasswordBytes) {
    verify_none("");
    return false;
  }
  const Place place(places_);
  errno = 0;
  const int status = crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size());
  if (status != 0 && errno == ENOMEM) throw Fault::from_errno("cannot check a password", ENOMEM);
  return status == 0;
}

void PasswordHasher::verify_none(std::string_view password) const {
  (void)verify(nobody_, password.substr(0, kMaxPasswordBytes));
}

bool PasswordHasher::is_outdated(const std::string& stored) const {
  return crypto_pwhash_str_needs_rehash(stored.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

}  // namespace safelight::serve
