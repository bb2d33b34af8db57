#include "safelight/provenance/c2pa/validation.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace safelight::c2pa {

bool Report::has(std::string_view code) const {
  return std::ranges::any_of(statuses, [&](const Status& status) { return status.code == code; });
}

std::vector<std::string_view> Report::failures(bool of_ingredients) const {
  std::vector<std::string_view> found;
  for (const Status& status : statuses) {
    if (status.kind == StatusKind::failure && !status.recorded_before &&
        status.ingredient_uri.empty() != of_ingredients) {
      found.push_back(status.code);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::string_view to_text(State state) {
  constexpr std::array<std::string_view, 4> kNames = {"none", "Invalid", "Valid", "Trusted"};
  return kNames[static_cast<size_t>(state)];
}

std::string_view to_text(Answer answer) {
  constexpr std::array<std::string_view, 3> kNames = {"not checked", "no", "yes"};
  return kNames[static_cast<size_t>(answer)];
}

std::string_view to_text(TimeBasis basis) {
  constexpr std::array<std::string_view, 3> kNames = {"clock", "time-stamp of a listed authority",
                                                      "time-stamp of an authority on no list"};
  return kNames[static_cast<size_t>(basis)];
}

std::string time_text(int64_t time_s) {
  const std::time_t time = time_s;
  std::tm utc{};
  std::array<char, 32> text{};
  if (gmtime_r(&time, &utc) == nullptr) return std::to_string(time_s) + " s after 1970";
  const size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text.data(), size};
}

}  // namespace safelight::c2pa
