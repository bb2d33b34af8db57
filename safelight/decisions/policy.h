#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight {

/// What a picture may be shown as before it is revealed, the most covered first.
enum class Cover : uint8_t {
  card,     ///< Facts alone.
  drawing,  ///< Lines.
  blur,     ///< Grey and blurred.
  grey,     ///< Grey and small.
};

std::string_view to_text(Cover cover);
std::optional<Cover> cover_from_text(std::string_view text);

/// How much a person may be shown. Nothing: without a limit.
struct ExposureBudget {
  std::optional<uint32_t> reveals_a_day;
  std::optional<uint32_t> seconds_a_day;
  uint32_t break_every_minutes = 50;  ///< Of reviewing; 0: no breaks.
  uint32_t break_minutes = 10;
  friend bool operator==(const ExposureBudget&, const ExposureBudget&) = default;
};

/// Whether `own` asks for no more than `floor` allows, in each part of it.
bool is_as_tight(const ExposureBudget& own, const ExposureBudget& floor);

/// How a case is reviewed. A person can be stricter with themselves, never less strict.
struct ReviewPolicy {
  bool second_look = false;        ///< Of every category, and not only of those that ask for it.
  bool known_needs_reason = true;  ///< To reveal what a list knows already.
  uint32_t reveal_max_seconds = 20;
  uint32_t cover_after_idle_seconds = 10;
  ExposureBudget budget;
  Cover floor = Cover::grey;      ///< The least covered that a gallery may show.
  uint32_t interleave_every = 0;  ///< An ordinary picture after so many; 0: none.
  friend bool operator==(const ReviewPolicy&, const ReviewPolicy&) = default;
};

/// The setting "policy" of a case: docs/formats/case.md.
inline constexpr std::string_view kPolicySetting = "policy";
std::string to_json(const ReviewPolicy& policy);
/// Errors: malformed, "policy.json".
Result<ReviewPolicy> policy_from_json(std::string_view text);

}  // namespace safelight
