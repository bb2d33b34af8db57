#pragma once

#include "safelight/provenance/c2pa/binding/covered.h"
#include "safelight/provenance/c2pa/store/cbor.h"

namespace safelight::c2pa {

/// Checks a `c2pa.hash.boxes` assertion: the boxes that it names are those of the file, in order
/// and all of them, and the hash of each group is that of its bytes. Only the box named C2PA goes
/// without a hash; others left out are told. For JPEG, PNG, GIF and JPEG XL; unsupported
/// elsewhere.
/// Source: specification 2.2, sections 15.12.3 and 18.7.
BindingCheck check_box_hash(const CborValue& assertion, std::string_view claim_alg,
                            const AssetView& asset, const AssetLayout& layout,
                            const Limits& limits);

}  // namespace safelight::c2pa
