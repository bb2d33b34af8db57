#include "safelight/report/internal/item_origin.h"

namespace safelight::report {

ItemOrigin origin_of(const casefile::StoredItem& stored) {
  const std::span<const Finding> of_item = stored.item.findings;
  std::span<const Finding> of_content;
  ItemOrigin origin;
  if (stored.content && stored.content->examination) {
    of_content = stored.content->examination->findings;
    origin.scope = stored.content->examination->origin;
  }
  origin.evidence = origin_evidence(of_item, of_content);
  origin.facts = other_findings(of_item, of_content);
  origin.weighed = triage::weigh_origin(of_item, of_content);
  return origin;
}

}  // namespace safelight::report
