#include "safelight/evidence/origin_grades.h"

#include <algorithm>

namespace safelight {
namespace {

template <typename Wanted>
std::vector<const Finding*> select(std::span<const Finding> of_item,
                                   std::span<const Finding> of_content, const Wanted& wanted) {
  std::vector<const Finding*> selected;
  for (const auto list : {of_item, of_content}) {
    for (const Finding& finding : list) {
      if (wanted(finding.grade)) selected.push_back(&finding);
    }
  }
  return selected;
}

}  // namespace

std::vector<const Finding*> origin_evidence(std::span<const Finding> of_item,
                                            std::span<const Finding> of_content) {
  auto selected = select(of_item, of_content, is_origin_evidence);
  std::stable_sort(selected.begin(), selected.end(), [](const Finding* a, const Finding* b) {
    return reader_order(a->grade) < reader_order(b->grade);
  });
  return selected;
}

std::vector<const Finding*> other_findings(std::span<const Finding> of_item,
                                           std::span<const Finding> of_content) {
  return select(of_item, of_content, [](Grade grade) { return !is_origin_evidence(grade); });
}

std::vector<Grade> origin_grades(std::span<const Finding* const> evidence) {
  std::vector<Grade> grades;
  for (const Grade grade : kOriginGrades) {
    const bool occurs = std::any_of(evidence.begin(), evidence.end(),
                                    [&](const Finding* one) { return one->grade == grade; });
    if (occurs) grades.push_back(grade);
  }
  return grades;
}

std::string_view meaning_of(Grade grade) {
  switch (grade) {
    case Grade::contradicted:
      return "A signature, a digest or a signed statement does not fit the bytes: the file was "
             "changed since, or the statement is from elsewhere. It does not say by whom or why.";
    case Grade::verified_trusted:
      return "The signature is good and bound to these bytes, and the signer is on a list that was "
             "used. It says who states this, not that it is so.";
    case Grade::verified:
      return "The signature is good and bound to these bytes. The signer is on none of the lists "
             "used, which is usual, or his certificate is not as the rules ask; the statement says "
             "which. It says who states this, not that it is so.";
    case Grade::watermark:
      return "The pixels carry a publicly known mark of a generator, clearer than in any unmarked "
             "picture that was measured. Anybody can embed it.";
    case Grade::declared:
      return "The file says so without a signature that was checked. Anybody can write it, copy it "
             "from another file, or take it away.";
    case Grade::weak:
      return "Statistics of the pixels. Chance and ordinary processing can look alike; never "
             "enough alone.";
    case Grade::fact:
      break;
  }
  return "Says what the file is, not where it came from.";
}

std::string_view short_meaning_of(Grade grade) {
  switch (grade) {
    case Grade::contradicted:
      return "does not fit the bytes";
    case Grade::verified_trusted:
      return "signed, bound to these bytes, signer on a list";
    case Grade::verified:
      return "signed, bound to these bytes";
    case Grade::watermark:
      return "anybody can embed it";
    case Grade::declared:
      return "anybody can write it";
    case Grade::weak:
      return "statistics only";
    case Grade::fact:
      break;
  }
  return "not of origin";
}

SearchResult search_result(std::span<const Finding* const> evidence, Coverage coverage) {
  if (!evidence.empty()) return SearchResult::evidence;
  return coverage == Coverage::full ? SearchResult::nothing : SearchResult::nothing_in_part;
}

std::string_view search_words(OriginScope scope, SearchResult result) {
  const bool any = result == SearchResult::evidence;
  const bool in_part = result == SearchResult::nothing_in_part;
  switch (scope) {
    case OriginScope::none:
      return any ? "Beyond this, origin not looked for." : "Origin not looked for.";
    case OriginScope::metadata:
      if (any) return "Looked for in the metadata, not in the pixels (--deep).";
      return in_part
                 ? "No origin evidence in the metadata, as far as they could be read; not looked "
                   "for in the pixels (--deep)."
                 : "No origin evidence in the metadata; not looked for in the pixels (--deep).";
    case OriginScope::pixels:
      break;
  }
  if (any) return "";
  return in_part
             ? "No origin evidence in what could be examined; not all could. That none was found "
               "says nothing of where the file comes from."
             : "No origin evidence. That none was found says nothing of where the file comes "
               "from.";
}

}  // namespace safelight
