#include "safelight/serve/http/cookies.h"

#include <algorithm>
#include <string>
#include <vector>

#include "safelight/serve/http/internal/tokens.h"

namespace safelight::serve {
namespace {

/// A cookie-octet of RFC 6265 section 4.1.1.
bool is_cookie_octet(char c) {
  constexpr std::string_view kNone = "\",;\\";
  return c > 0x20 && c < 0x7f && kNone.find(c) == std::string_view::npos;
}

}  // namespace

NamedTexts parse_cookies(std::string_view header) {
  NamedTexts cookies;
  std::vector<std::string> doubtful;
  for (size_t begin = 0; begin < header.size();) {
    const size_t end = std::min(header.find(';', begin), header.size());
    const std::string_view pair = trimmed(header.substr(begin, end - begin));
    begin = end + 1;
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    std::string_view value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
      value = value.substr(1, value.size() - 2);
    }
    // Malformed, it may still be another cookie's twin to whoever reads cookies less strictly.
    const bool is_well_formed = is_token(name) && std::ranges::all_of(value, is_cookie_octet);
    if (!cookies.add(std::string(name), std::string(value)) || !is_well_formed) {
      doubtful.emplace_back(name);
    }
  }
  for (const auto& name : doubtful) cookies.remove(name);
  return cookies;
}

}  // namespace safelight::serve
