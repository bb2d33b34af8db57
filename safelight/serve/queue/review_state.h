#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "safelight/decisions/decisions.h"
#include "safelight/decisions/review_rules.h"

namespace safelight::serve {

/// How far people are with an item. It is open or decided, and may be in the others beside.
enum class ReviewState : uint8_t {
  open,     ///< Nobody has said what it is.
  decided,  ///< Somebody has; another may still have to.
  flagged,
  passed,       ///< On to somebody else.
  conflict,     ///< Two say different things.
  second_look,  ///< Wanted of another person.
};
inline constexpr size_t kReviewStates = 6;

/// The states that an item is in: bit k for the ReviewState of value k.
uint8_t states_of(const ItemDecision& decision, const ReviewRules& rules);

constexpr uint8_t bit_of(ReviewState state) {
  return static_cast<uint8_t>(1U << static_cast<unsigned>(state));
}

std::string_view to_text(ReviewState state);
std::optional<ReviewState> review_state_from_text(std::string_view text);

}  // namespace safelight::serve
