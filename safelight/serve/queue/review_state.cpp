#include "safelight/serve/queue/review_state.h"

namespace safelight::serve {
namespace {

constexpr std::array<std::string_view, kReviewStates> kNames = {
    "open", "decided", "flagged", "passed", "conflict", "second_look"};

}  // namespace

uint8_t states_of(const ItemDecision& decision, const ReviewRules& rules) {
  uint8_t out = bit_of(decision.decided() == nullptr ? ReviewState::open : ReviewState::decided);
  if (!decision.flags.empty()) out |= bit_of(ReviewState::flagged);
  if (decision.is_passed_on) out |= bit_of(ReviewState::passed);
  if (decision.is_conflict) out |= bit_of(ReviewState::conflict);
  if (second_look_of(decision, rules) == SecondLook::wanted) {
    out |= bit_of(ReviewState::second_look);
  }
  return out;
}

std::string_view to_text(ReviewState state) { return kNames[static_cast<size_t>(state)]; }

std::optional<ReviewState> review_state_from_text(std::string_view text) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<ReviewState>(i);
  }
  return std::nullopt;
}

}  // namespace safelight::serve
