#include <algorithm>
#include <cstdlib>
#include <span>
#include <vector>

#include "api/index_file.h"
#include "api/reseal_for_test.h"

#include "safelight/base/fault.h"
#include "safelight/index/aligned_bytes.h"

namespace {

using namespace safelight;
using namespace safelight::api;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Throws Fault where a part that is read does not fit its sum.
void search(const StoredIndex& index) {
  const FingerprintIndex& fingerprints = index.fingerprints();
  std::vector<Fingerprint> queries(1);
  for (uint32_t row = 0; row < std::min<size_t>(fingerprints.size(), 3); ++row) {
    queries.push_back(fingerprints.fingerprint(row));
  }
  Matches found;
  for (const uint32_t radius : {0u, 31u, 256u}) {
    fingerprints.search(queries, {radius, 20}, found);
    for (const Match& match : found.matches) {
      require(match.entry < fingerprints.size());
      require(match.distance_bits <= radius);
      if (!index.has_ids()) require(index.id(match.entry) == match.entry);
      // Reads it, wherever it points.
      static_cast<void>(index.id(match.entry));
    }
  }
}

void look_at(std::span<const std::byte> file) {
  const auto index = StoredIndex::view(file);
  if (!index) {
    const Error& error = index.error();
    require(!error.rule.empty());
    require(error.offset_kind != OffsetKind::exact || error.offset_bytes <= file.size());
    return;
  }
  const bool whole = index->verify().has_value();
  try {
    search(*index);
  } catch (const Fault&) {
    require(!whole);
  }
}

}  // namespace

/// Any bytes are refused with a rule and a place in them, or are an index that stays inside of
/// them; so are the same bytes with sums that fit, behind which the rest is reached.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Just as long, so that a sanitizer sees the first byte beyond it.
  AlignedBytes file(size);
  std::copy_n(reinterpret_cast<const std::byte*>(data), size, file.bytes().begin());
  look_at(file.bytes());
  reseal(file.bytes());
  look_at(file.bytes());
  return 0;
}
