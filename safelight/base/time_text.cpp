#include "safelight/base/time_text.h"

#include <array>
#include <ctime>

namespace safelight {

std::string utc_text(int64_t ns) {
  // Towards the past, also before 1970.
  const std::time_t seconds = ns / 1'000'000'000 - (ns % 1'000'000'000 < 0 ? 1 : 0);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

std::optional<std::string> utc_text(std::optional<int64_t> ns) {
  return ns ? std::optional(utc_text(*ns)) : std::nullopt;
}

}  // namespace safelight
