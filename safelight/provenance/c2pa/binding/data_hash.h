#pragma once

#include "safelight/provenance/c2pa/binding/covered.h"
#include "safelight/provenance/c2pa/store/cbor.h"

namespace safelight::c2pa {

/// Whether the manifest that holds the binding is the active one.
enum class StoreGrowth : uint8_t {
  none,     ///< It is: what it leaves out must be the store exactly.
  updates,  ///< Update manifests came behind it, so that the store has grown since.
};

/// Checks a `c2pa.hash.data` assertion: its ranges are in order, do not overlap and lie in the
/// file; one of them is the manifest store as it was found, or none where none is embedded; the
/// hash is that of everything else. `claim_alg` holds where the assertion names no algorithm.
/// Source: specification 2.2, sections 15.12.1 and 18.5.
BindingCheck check_data_hash(const CborValue& assertion, std::string_view claim_alg,
                             const AssetView& asset, const AssetLayout& layout, StoreGrowth growth,
                             const Limits& limits);

}  // namespace safelight::c2pa
