#include "safelight/report/internal/origin_overview.h"

#include "safelight/report/internal/item_origin.h"

namespace safelight::report {

OriginOverview survey_origin(const casefile::Reader& reader, const RankIndex& ranks) {
  OriginOverview overview;
  SharedValueFinder shared;
  reader.for_each_item([&](const casefile::StoredItem& stored) {
    const ItemOrigin origin = origin_of(stored);
    ++overview.by_scope[static_cast<size_t>(origin.scope)];
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
