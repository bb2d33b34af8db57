#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "safelight/base/json_writer.h"
#include "safelight/serve/http/cookies.h"
#include "safelight/serve/http/internal/tokens.h"
#include "safelight/serve/http/target.h"

namespace {

using namespace safelight;
using namespace safelight::serve;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_clean(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return false;
  }
  return is_utf8(text);
}

/// Escapes every byte, so that parsing it again must give the same text.
std::string escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.append("%").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  }
  return out;
}

void check_target(std::string_view text) {
  constexpr uint32_t kMaxParameters = 8;
  const auto target = parse_target(text, kMaxParameters);
  if (!target) {
    require(target.error().offset_bytes <= text.size());
    return;
  }
  require(target->query.entries().size() <= kMaxParameters);
  std::string again = target->segments.empty() ? "/" : "";
  for (const auto& segment : target->segments) {
    require(is_clean(segment) && !segment.empty() && segment != "." && segment != "..");
    require(segment.find_first_of("/\\") == std::string::npos);
    again += "/" + escaped(segment);
  }
  for (const auto& [name, value] : target->query.entries()) {
    require(is_clean(name) && is_clean(value));
    again += again.find('?') == std::string::npos ? "?" : "&";
    again += escaped(name) + "=" + escaped(value);
  }
  const auto reread = parse_target(again, kMaxParameters);
  require(reread && reread->segments == target->segments &&
          reread->query.entries() == target->query.entries());
}

void check_cookies(std::string_view text) {
  for (const auto& [name, value] : parse_cookies(text).entries()) {
    require(is_token(name));
    require(text.find(name + "=") != std::string_view::npos);
    require(value.find_first_of("; ,\\\"") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_target(text);
  check_cookies(text);
  return 0;
}
