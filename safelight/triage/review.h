#pragma once

#include <vector>

#include "safelight/casefile/reader.h"
#include "safelight/triage/groups.h"
#include "safelight/triage/ranking.h"

namespace safelight::triage {

/// How a case is reviewed: what can be looked at together, and in which order.
struct Review {
  Groups groups;
  std::vector<RankedItem> order;  ///< Every item of the case.
};

/// Groups and ranks the items of a case, with the fingerprints of every mode that it holds. Memory
/// grows with the number of items, by 600 bytes each; time as find_groups() says. Throws Fault.
Review review_case(const casefile::Reader& reader, const GroupOptions& options);

}  // namespace safelight::triage
