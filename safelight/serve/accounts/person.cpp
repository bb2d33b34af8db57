#include "safelight/serve/accounts/person.h"

#include <algorithm>
#include <array>

#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxLoginBytes = 64;
constexpr size_t kMaxNameBytes = 128;

/// Marks of direction (UAX 9) and separators of lines, in UTF-8: they make a name look like
/// another.
constexpr std::array<std::string_view, 14> kTricks = {
    "\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b",
    "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};

bool is_small_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

Result<std::string> login_from_text(std::string_view given) {
  const Error error{ErrorCode::malformed, "accounts.login"};
  if (given.empty() || given.size() > kMaxLoginBytes) return error;
  std::string login(given);
  for (char& c : login) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_small_or_digit(c) && c != '.' && c != '-' && c != '_') return error;
  }
  if (!is_small_or_digit(login.front())) return error;
  return login;
}

Result<void> check_name(std::string_view name) {
  const Error error{ErrorCode::malformed, "accounts.name"};
  if (name.empty() || name.size() > kMaxNameBytes || !is_utf8(name)) return error;
  const bool controls = std::any_of(
      name.begin(), name.end(), [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; });
  const bool tricks = std::any_of(kTricks.begin(), kTricks.end(), [&](std::string_view trick) {
    return name.find(trick) != std::string_view::npos;
  });
  if (controls || tricks) return error;
  return {};
}

}  // namespace safelight::serve
