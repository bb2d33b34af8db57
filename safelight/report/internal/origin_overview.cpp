#include "safelight/report/internal/origin_overview.h"

#include <algorithm>

#include "safelight/report/internal/item_origin.h"

namespace safelight::report {

bool OriginOverview::looked_for_or_found() const {
  const auto some = [](uint64_t items) { return items != 0; };
  return std::any_of(by_scope.begin() + 1, by_scope.end(), some) ||
         std::any_of(by_grade.begin(), by_grade.end(), some);
}

OriginOverview survey_origin(const casefile::Reader& reader, const RankIndex& ranks) {
  OriginOverview overview;
  SharedValueFinder shared;
  reader.for_each_item([&](const casefile::StoredItem& stored) {
    const ItemOrigin origin = origin_of(stored);
    ++overview.by_scope[static_cast<size_t>(origin.scope)];
    for (const Grade grade : origin_grades(origin.evidence)) {
      ++overview.by_grade[static_cast<size_t>(grade)];
    }
    const bool camera = origin.weighed.camera.finding != nullptr;
    const bool synthesis = origin.weighed.synthesis.finding != nullptr;
    overview.camera += camera ? 1 : 0;
    overview.synthesis += synthesis ? 1 : 0;
    overview.both += camera && synthesis ? 1 : 0;
    if (origin.scope != OriginScope::none && origin.evidence.empty()) ++overview.nothing_found;
    shared.add(stored);
  });
  overview.shared = shared.finish(reader, ranks);
  return overview;
}

}  // namespace safelight::report
