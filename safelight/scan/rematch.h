#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/scan/list_matching.h"

namespace safelight::scan {

/// What matching a case anew changed, and what it could not do without the evidence.
struct RematchSummary {
  uint64_t contents = 0;   ///< Looked at.
  uint64_t added = 0;      ///< Hits that came.
  uint64_t withdrawn = 0;  ///< Hits that went.
  /// Pictures that have no fingerprint in a mode that a list needs, because that mode was not
  /// computed.
  uint64_t without_reference = 0;
  uint64_t without_full = 0;
};

/// Matches every content of the case against the lists of `matching`, from what is stored: the
/// evidence is not read. Hits of these lists that no longer hold are withdrawn, new ones are added;
/// hits of the lists named in `withdrawn_lists` are all withdrawn, and those of any other list
/// stay. Throws Fault.
RematchSummary rematch(casefile::Writer& writer, const casefile::Reader& reader,
                       const ListMatching& matching,
                       const std::vector<std::string>& withdrawn_lists);

}  // namespace safelight::scan
