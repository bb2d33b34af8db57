#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "api/fingerprints.h"
#include "api/index_file.h"
#include "api/safelight.h"
#include "api/status.h"

using namespace safelight;
using namespace safelight::api;

struct sl_index {
  StoredIndex stored;
};

struct sl_hits {
  std::vector<sl_hit> hits;
  std::vector<uint64_t> first;
  std::vector<uint64_t> cut;
};

namespace {

constexpr uint32_t kFingerprintBits = 256;

std::vector<Fingerprint> from_c(const sl_fingerprint* fingerprints, size_t count) {
  std::vector<Fingerprint> out(count);
  std::transform(fingerprints, fingerprints + count, out.begin(),
                 [](const sl_fingerprint& fingerprint) { return api::from_c(fingerprint); });
  return out;
}

/// Does `work`, and where it met a damaged block of the file of the index, says which.
template <typename Work>
Result<void> reading(const StoredIndex& stored, const Work& work) {
  try {
    work();
    return {};
  } catch (const Fault&) {
    SAFELIGHT_CHECK(stored.verify());
    throw;
  }
}

std::unique_ptr<sl_hits> to_c(Matches&& found, const StoredIndex& stored) {
  auto out = std::make_unique<sl_hits>();
  out->hits.reserve(found.matches.size());
  for (const Match& match : found.matches) {
    out->hits.push_back({stored.id(match.entry), match.query, match.entry, match.distance_bits, 0});
  }
  out->first.assign(found.first.begin(), found.first.end());
  out->cut = std::move(found.cut);
  return out;
}

}  // namespace

extern "C" {

sl_status sl_index_build(const sl_fingerprint* fingerprints, const uint64_t* ids, size_t count,
                         const sl_index_options* options, sl_index** index, sl_error* error) {
  if (options == nullptr || index == nullptr || (fingerprints == nullptr && count != 0)) {
    return refuse(error, kNullArgument);
  }
  if (options->struct_size != sizeof(sl_index_options)) return refuse(error, kOptionsSize);
  const auto mode = mode_from_c(options->mode);
  if (!mode) return refuse(error, kUnknownMode);
  if (options->radius_bits > MultiPlan::kMaxRadiusBits) return refuse(error, "index.radius");
  if (options->threads == 0) return refuse(error, "index.threads");
  return guarded(error, [&]() -> Result<void> {
    if (count > StoredIndex::kMaxRows) return Error{ErrorCode::limit_exceeded, "index.rows"};
    StoredIndexOptions wanted = {*mode, options->radius_bits, options->queries_per_call,
                                 options->threads};
    StoredIndex stored =
        StoredIndex::build(from_c(fingerprints, count), {ids, ids == nullptr ? 0 : count}, wanted);
    *index = new sl_index{std::move(stored)};
    return {};
  });
}

sl_status sl_index_save(const sl_index* index, const char* path, sl_error* error) {
  if (index == nullptr || path == nullptr) return refuse(error, kNullArgument);
  return guarded(error, [&] { return reading(index->stored, [&] { index->stored.save(path); }); });
}

sl_status sl_index_open(const char* path, sl_index** index, sl_error* error) {
  if (path == nullptr || index == nullptr) return refuse(error, kNullArgument);
  return guarded(error, [&]() -> Result<void> {
    SAFELIGHT_TRY(StoredIndex stored, StoredIndex::open(path));
    *index = new sl_index{std::move(stored)};
    return {};
  });
}

sl_status sl_index_verify(const sl_index* index, sl_error* error) {
  if (index == nullptr) return refuse(error, kNullArgument);
  return guarded(error, [&] { return index->stored.verify(); });
}

void sl_index_free(sl_index* index) { delete index; }

sl_status sl_index_describe(const sl_index* index, sl_index_info* info, sl_error* error) {
  if (index == nullptr || info == nullptr) return refuse(error, kNullArgument);
  if (info->struct_size != sizeof(sl_index_info)) return refuse(error, kOptionsSize);
  const StoredIndex& stored = index->stored;
  info->rows = stored.fingerprints().size();
  info->mode = to_c(stored.mode());
  info->kind = stored.kind() == IndexKind::flat ? SL_INDEX_FLAT : SL_INDEX_MULTI;
  info->radius_bits = stored.radius_bits();
  info->has_ids = stored.has_ids() ? 1 : 0;
  return succeed(error);
}

sl_status sl_index_row(const sl_index* index, uint64_t row, sl_fingerprint* fingerprint,
                       uint64_t* id, sl_error* error) {
  if (index == nullptr) return refuse(error, kNullArgument);
  const StoredIndex& stored = index->stored;
  if (row >= stored.fingerprints().size()) return fail(error, {ErrorCode::not_found, "index.row"});
  return guarded(error, [&] {
    return reading(stored, [&] {
      const uint64_t found_id = stored.id(static_cast<uint32_t>(row));
      if (fingerprint != nullptr) *fingerprint = to_c(stored.fingerprints().fingerprint(row));
      if (id != nullptr) *id = found_id;
    });
  });
}

sl_status sl_index_search(const sl_index* index, const sl_fingerprint* queries, size_t count,
                          const sl_search_options* options, sl_hits** hits, sl_error* error) {
  if (index == nullptr || options == nullptr || hits == nullptr ||
      (queries == nullptr && count != 0)) {
    return refuse(error, kNullArgument);
  }
  if (options->struct_size != sizeof(sl_search_options)) return refuse(error, kOptionsSize);
  if (options->radius_bits > kFingerprintBits) return refuse(error, "search.radius");
  const auto mode = mode_from_c(options->mode);
  if (!mode) return refuse(error, kUnknownMode);
  if (*mode != index->stored.mode()) return refuse(error, "search.mode");
  if (count > std::numeric_limits<uint32_t>::max()) return refuse(error, "search.queries");
  const StoredIndex& stored = index->stored;
  return guarded(error, [&] {
    return reading(stored, [&] {
      Matches found;
      stored.fingerprints().search(from_c(queries, count),
                                   {options->radius_bits, options->max_hits_per_query}, found);
      *hits = to_c(std::move(found), stored).release();
    });
  });
}

const sl_hit* sl_hits_data(const sl_hits* hits) {
  return hits == nullptr ? nullptr : hits->hits.data();
}

size_t sl_hits_count(const sl_hits* hits) { return hits == nullptr ? 0 : hits->hits.size(); }

const uint64_t* sl_hits_first(const sl_hits* hits) {
  return hits == nullptr ? nullptr : hits->first.data();
}

const uint64_t* sl_hits_cut(const sl_hits* hits) {
  return hits == nullptr ? nullptr : hits->cut.data();
}

void sl_hits_free(sl_hits* hits) { delete hits; }

}  // extern "C"
