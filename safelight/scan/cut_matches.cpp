#include "safelight/scan/cut_matches.h"

#include <algorithm>
#include <string>
#include <utility>

namespace safelight::scan {
namespace {

constexpr std::string_view kKind = "further_matches";
constexpr std::string_view kListField = "list";

Finding finding_of(const CutMatches& cut) {
  Finding finding;
  finding.kind = kKind;
  finding.statement = "The list " + cut.list + " has " + std::to_string(cut.count) +
                      " further matches besides the " + std::to_string(Matcher::kMaxHits) +
                      " hits that are kept: the nearest, and one of the gravest disposition.";
  finding.fields = {{std::string(kListField), cut.list}, {"count", std::to_string(cut.count)}};
  return finding;
}

std::string_view list_of(const Finding& finding) {
  for (const auto& [name, text] : finding.fields) {
    if (name == kListField) return text;
  }
  return {};
}

}  // namespace

bool state_cut_matches(casefile::Examination& examination, std::span<const CutMatches> cut,
                       const std::function<bool(std::string_view list)>& is_replaced) {
  std::vector<Finding>& findings = examination.findings;
  std::vector<Finding> now;
  for (const CutMatches& of_list : cut) now.push_back(finding_of(of_list));
  std::vector<Finding> before;
  for (const Finding& finding : findings) {
    if (finding.kind == kKind && is_replaced(list_of(finding))) before.push_back(finding);
  }
  if (now == before) return false;
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.kind == kKind && is_replaced(list_of(finding));
  });
  findings.insert(findings.end(), std::make_move_iterator(now.begin()),
                  std::make_move_iterator(now.end()));
  return true;
}

}  // namespace safelight::scan
