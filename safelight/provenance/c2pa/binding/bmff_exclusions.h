#pragma once

#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/provenance/c2pa/binding/asset_view.h"
#include "safelight/provenance/c2pa/store/cbor.h"

namespace safelight::c2pa {

/// What the exclusions of a BMFF hash leave out of a file.
struct BmffExclusions {
  std::vector<ByteRange> ranges;      ///< Merged.
  std::vector<bool> whole_top_level;  ///< Of each top-level box: nothing of it is hashed.
  bool additional = false;            ///< More than the C2PA boxes, `/ftyp` and `/mfra`.
};

/// Finds the boxes that the exclusions match. Errors: malformed ("bmff-hash.*"); limit_exceeded by
/// max_exclusions or max_box_visits.
Result<BmffExclusions> find_exclusions(const CborValue* list, std::span<const std::byte> file,
                                       const std::vector<metadata::BmffBox>& top_level,
                                       const Limits& limits);

}  // namespace safelight::c2pa
