#pragma once

#include <cstdint>
#include <span>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/binding/asset_view.h"
#include "safelight/provenance/c2pa/crypto/trust_list.h"
#include "safelight/provenance/c2pa/limits.h"
#include "safelight/provenance/c2pa/validation.h"

namespace safelight::c2pa {

struct Options {
  TrustSettings trust;
  int64_t clock_s = 0;  ///< The time to judge by, in seconds since 1970, UTC.
  Limits limits;
  /// A manifest store that was kept beside the file. It is used only where the file embeds none,
  /// and is then bound as strictly: nothing of the file may be left out of its hash.
  std::span<const std::byte> detached_store;
};

/// Finds the manifest store of a file and checks it: its claims and their signatures, the
/// certificates and time-stamps, its binding to these bytes, and its ingredients, whose own assets
/// are not at hand. Nothing is fetched, and no file is read. A store that is damaged or breaks the
/// rules is a Report that says so. Errors: unsupported where the container is none of those that
/// embed a store, and none stands beside it.
Result<Report> validate(const AssetView& asset, const Options& options);

}  // namespace safelight::c2pa
