#include "safelight/decisions/review_rules.h"

#include <string>
#include <utility>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

template <typename T>
T read(Result<T> setting) {
  if (!setting) {
    throw Fault("a setting of the case cannot be read: " + std::string(setting.error().rule));
  }
  return *std::move(setting);
}

}  // namespace

ReviewRules rules_of(const casefile::ActReader& reader) {
  ReviewRules out{default_scheme(), {}};
  if (const auto scheme = reader.setting(kSchemeSetting)) {
    out.scheme = read(scheme_from_json(scheme->value));
  }
  if (const auto policy = reader.setting(kPolicySetting)) {
    out.policy = read(policy_from_json(policy->value));
  }
  return out;
}

SecondLook second_look_of(const ItemDecision& decision, const ReviewRules& rules) {
  const Opinion* decided = decision.decided();
  if (decided == nullptr) return SecondLook::not_asked;
  const Category* category = rules.scheme.find(decided->category);
  const bool is_asked = rules.policy.second_look || (category != nullptr && category->second_look);
  if (!is_asked) return SecondLook::not_asked;
  return decision.agreeing() > 1 ? SecondLook::done : SecondLook::wanted;
}

}  // namespace safelight
