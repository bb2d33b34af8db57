#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/decisions/policy.h"

namespace safelight::serve {

/// A person's own limits, beside those of a case's policy. Nothing: as the policy has it.
struct OwnBudget {
  std::optional<uint32_t> reveals_a_day;
  std::optional<uint32_t> seconds_a_day;
  std::optional<uint32_t> break_every_minutes;
  std::optional<uint32_t> break_minutes;
  friend bool operator==(const OwnBudget&, const OwnBudget&) = default;
};

/// How a person works in the review app.
struct PersonSettings {
  Cover style = Cover::card;
  uint32_t columns = 0;            ///< Cards side by side, 12 at most; 0 for as many as fit.
  std::string size = "medium";     ///< "small", "medium", "large".
  std::string theme = "dark";      ///< "dark", "light", "system".
  std::string reveal = "hold";     ///< "hold", "hold_key_only".
  std::string rendition = "grey";  ///< What a reveal shows: "grey", "colour".
  std::string keys = "single";     ///< Whether keys act alone: "single", "with_alt".
  OwnBudget budget;
  bool interleave = true;  ///< Ordinary pictures between, where the policy has them.
  friend bool operator==(const PersonSettings&, const PersonSettings&) = default;
};

/// What holds for a person: the tighter of both in each part.
ExposureBudget effective(const ExposureBudget& policy, const OwnBudget& own);
/// The more covered of both.
Cover effective(Cover floor, Cover own);

/// One JSON object with all members.
std::string to_json(const PersonSettings& settings);
/// Errors: malformed, "settings.json", for a member that is missing or has another value than those
/// above; limits may be missing or null.
Result<PersonSettings> settings_from_json(std::string_view text);

}  // namespace safelight::serve
