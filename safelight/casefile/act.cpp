#include "safelight/casefile/act.h"

#include <array>
#include <utility>

namespace safelight::casefile {
namespace {

constexpr std::array<std::pair<ActKind, std::string_view>, 9> kNames = {{
    {ActKind::category, "category"},
    {ActKind::flag, "flag"},
    {ActKind::unflag, "unflag"},
    {ActKind::note, "note"},
    {ActKind::pass_on, "pass_on"},
    {ActKind::take_back, "take_back"},
    {ActKind::undo, "undo"},
    {ActKind::redo, "redo"},
    {ActKind::settle, "settle"},
}};

}  // namespace

std::string_view to_text(ActKind kind) {
  for (const auto& [one, name] : kNames) {
    if (one == kind) return name;
  }
  return "";
}

std::optional<ActKind> act_kind_from_text(std::string_view text) {
  for (const auto& [kind, name] : kNames) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

}  // namespace safelight::casefile
