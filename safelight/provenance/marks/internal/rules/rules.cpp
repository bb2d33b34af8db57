#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {

Mark& Marks::add(std::string_view kind, std::string_view rule, std::string_view generator,
                 const Place& place) {
  if (all_.size() < limits_.max_marks) {
    return all_.emplace_back(kind, rule, generator, place, limits_);
  }
  overflowed_ = true;
  rest_.clear();
  return rest_.emplace_back(kind, rule, generator, place, limits_);
}

void take_facts(const Json& json,
                std::initializer_list<std::pair<std::string_view, std::string_view>> names,
                Mark& mark) {
  for (const auto& [fact, name] : names) mark.fact(fact, scalar_member(json, name));
}

std::string settings_statement(std::string_view tool) {
  return "The file carries settings for generating a picture, in the form of " + std::string(tool) +
         ". They are not signed: anybody can write them.";
}

}  // namespace safelight::marks
