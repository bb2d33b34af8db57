#include "apps/safelight/summary_output.h"

#include <algorithm>

#include "safelight/evidence/origin.h"
#include "safelight/evidence/origin_grades.h"

namespace safelight::app {
namespace {

using Json = nlohmann::ordered_json;

std::string row(std::string_view label, uint64_t items, std::string_view note = {}) {
  constexpr size_t kLabelWidth = 46;
  constexpr size_t kCountWidth = 10;
  const std::string count = std::to_string(items);
  std::string text = "  " + std::string(label);
  const size_t width = kLabelWidth + kCountWidth;
  text.append(text.size() + count.size() < width ? width - text.size() - count.size() : 1, ' ');
  text += count;
  if (!note.empty()) text += "  " + std::string(note);
  return text + "\n";
}

std::string_view coverage_label(Coverage coverage) {
  switch (coverage) {
    case Coverage::full:
      return "examined in full";
    case Coverage::partial:
      return "examined in part";
    case Coverage::none:
      break;
  }
  return "not examined";
}

}  // namespace

std::string to_table(const casefile::Summary& summary) {
  std::string out = "Items\n";
  out += row("all", summary.items.items, std::to_string(summary.contents) + " distinct contents");
  for (const auto& [coverage, tally] : summary.by_coverage)
    out += row(coverage_label(coverage), tally.items);
  out += "Types\n";
  for (const auto& [format, tally] : summary.by_format) {
    out += row(format.empty() ? "(content not read)" : format, tally.items);
  }
  uint64_t without_code = 0;
  for (const auto& [coverage, tally] : summary.by_coverage) {
    if (coverage != Coverage::full) without_code += tally.items;
  }
  for (const auto& [code, items] : summary.by_error) without_code -= std::min(items, without_code);
  if (!summary.by_error.empty() || without_code > 0) {
    out += "Not or partly examined, by reason\n";
    for (const auto& [code, items] : summary.by_error) out += row(code, items);
    if (without_code > 0) out += row("(see the findings)", without_code);
  }
  out += "Evidence of origin, items by grade\n";
  if (summary.by_grade.empty())
    out += "  none found, which says nothing of where the files come from\n";
  for (const Grade grade : kOriginGrades) {
    const auto found = summary.by_grade.find(grade);
    if (found != summary.by_grade.end()) out += row(to_text(grade), found->second);
  }
  out += "Hits\n";
  if (summary.by_hit.empty()) out += "  none\n";
  for (const auto& [group, items] : summary.by_hit) {
    const std::string label = group.list + ", category " +
                              (group.category.empty() ? "(none)" : escape_name(group.category));
    out += row(label, items, to_text(group.disposition));
  }
  return out;
}

Json to_json(const casefile::Summary& summary) {
  Json json = {{"items", summary.items.items},
               {"bytes", summary.items.bytes},
               {"contents", summary.contents}};
  json["by_coverage"] = Json::object();
  for (const Coverage coverage : {Coverage::full, Coverage::partial, Coverage::none}) {
    const auto found = summary.by_coverage.find(coverage);
    json["by_coverage"][std::string(to_text(coverage))] =
        found == summary.by_coverage.end() ? 0 : found->second.items;
  }
  json["by_format"] = Json::object();
  for (const auto& [format, tally] : summary.by_format) json["by_format"][format] = tally.items;
  json["by_finding"] = summary.by_finding;
  json["by_grade"] = Json::object();
  for (const auto& [grade, items] : summary.by_grade)
    json["by_grade"][std::string(to_text(grade))] = items;
  json["by_error"] = summary.by_error;
  json["hits"] = Json::array();
  for (const auto& [group, items] : summary.by_hit) {
    json["hits"].push_back({{"list", group.list},
                            {"category", group.category},
                            {"disposition", to_text(group.disposition)},
                            {"items", items}});
  }
  json["by_disposition"] = Json::object();
  for (const auto& [disposition, items] : summary.by_disposition) {
    json["by_disposition"][std::string(to_text(disposition))] = items;
  }
  return json;
}

}  // namespace safelight::app
