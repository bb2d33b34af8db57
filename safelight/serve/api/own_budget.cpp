#include "safelight/serve/api/own_budget.h"

namespace safelight::serve {
namespace {

OwnBudget as_own(const ExposureBudget& budget) {
  return {budget.reveals_a_day, budget.seconds_a_day, budget.break_every_minutes,
          budget.break_minutes};
}

}  // namespace

ExposureBudget budget_of(Services& services, const CaseRoom& room, std::string_view login) {
  return effective(room.rules().policy.budget, services.preferences.of(login).budget);
}

ExposureBudget budget_of(Services& services, std::string_view login) {
  // Without a limit, as far as nobody sets one.
  ExposureBudget out{std::nullopt, std::nullopt, 0, 0};
  for (const auto& [name, served] : services.cases) {
    out = effective(out, as_own(served.room->rules().policy.budget));
  }
  return effective(out, services.preferences.of(login).budget);
}

}  // namespace safelight::serve
