#pragma once

#include "safelight/provenance/c2pa/binding/covered.h"
#include "safelight/provenance/c2pa/store/cbor.h"

namespace safelight::c2pa {

/// Checks a `c2pa.hash.bmff`, `.v2` or `.v3` assertion (`version` 1 to 3): everything but the boxes
/// that its exclusions match has the hash; from version 2 on, the place of every top-level box is
/// hashed with it. Merkle trees are checked where the file holds all that they are over: a
/// fragmented file, or `mdat` boxes in blocks. Unsupported: trees over the chunks of tracks or the
/// items of a picture. Source: specification 2.2, sections 15.12.2 and 18.6.
BindingCheck check_bmff_hash(const CborValue& assertion, int version, std::string_view claim_alg,
                             const AssetView& asset, const Limits& limits);

}  // namespace safelight::c2pa
