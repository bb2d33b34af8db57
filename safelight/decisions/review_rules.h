#pragma once

#include <cstdint>

#include "safelight/casefile/act_reader.h"
#include "safelight/decisions/decisions.h"
#include "safelight/decisions/policy.h"
#include "safelight/decisions/scheme.h"

namespace safelight {

/// What decisions of a case are measured by.
struct ReviewRules {
  Scheme scheme;
  ReviewPolicy policy;
};

/// Those of a case: what its settings say, or else the defaults. Throws Fault where a setting
/// cannot be read.
ReviewRules rules_of(const casefile::ActReader& reader);

/// Whether a second person has to say the same before a decision holds.
enum class SecondLook : uint8_t { not_asked, wanted, done };

/// Of a decision that policy or category ask a second look of, whether two persons agree.
SecondLook second_look_of(const ItemDecision& decision, const ReviewRules& rules);

}  // namespace safelight
