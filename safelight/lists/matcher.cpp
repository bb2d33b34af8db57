#include "safelight/lists/matcher.h"

#include <algorithm>
#include <tuple>

namespace safelight {
namespace {

/// How an entry of one list was hit. Ordered so that, of one query and entry, the best comes first.
struct Found {
  uint32_t query = 0;
  uint32_t entry = 0;
  uint8_t rank = 0;  ///< 0 for SHA-256, then SHA-1, MD5, PDQ.
  uint32_t distance_bits = 0;
  Orientation orientation = Orientation::original;
  friend auto operator<=>(const Found&, const Found&) = default;
};

constexpr std::array<MatchKind, 4> kKindByRank = {MatchKind::sha256, MatchKind::sha1,
                                                  MatchKind::md5, MatchKind::pdq};

void find_digests(const CompiledList& list, std::span<const ListQuery> queries,
                  std::vector<Found>& found) {
  for (uint32_t q = 0; q < queries.size(); ++q) {
    const ListQuery& query = queries[q];
    const auto take = [&](const auto& digest, uint8_t rank) {
      if (!digest) return;
      for (const uint32_t entry : list.find(*digest)) {
        const auto size = list.size_bytes(entry);
        const bool other_size = size && query.size_bytes && *size != *query.size_bytes;
        if (other_size && list.disposition(entry) == Disposition::ordinary) continue;
        found.push_back({q, entry, rank, 0, Orientation::original});
      }
    };
    take(query.sha256, 0);
    take(query.sha1, 1);
    take(query.md5, 2);
  }
}

void find_fingerprints(const CompiledList& list, std::span<const ListQuery> queries,
                       uint32_t radius_bits, std::vector<Found>& found) {
  if (list.fingerprints().size() == 0) return;
  std::vector<Fingerprint> fingerprints;
  std::vector<std::pair<uint32_t, Orientation>> asked;
  for (uint32_t q = 0; q < queries.size(); ++q) {
    for (const OrientedHash& oriented : queries[q].fingerprints) {
      if (oriented.hash.mode != list.info().pdq_mode || oriented.hash.quality < kMinPdqQuality) {
        continue;
      }
      fingerprints.push_back(oriented.hash.fingerprint);
      asked.emplace_back(q, oriented.orientation);
    }
  }
  if (fingerprints.empty()) return;
  SearchOptions options;
  options.radius_bits = radius_bits;
  Matches matches;
  list.fingerprints().search(fingerprints, options, matches);
  const std::span<const uint32_t> entries = list.fingerprint_entries();
  for (const Match& match : matches.matches) {
    const auto [query, orientation] = asked[match.query];
    found.push_back({query, entries[match.entry], 3, match.distance_bits, orientation});
  }
}

}  // namespace

Verdict verdict(std::span<const Hit> hits) {
  Verdict result;
  bool strong = false;
  for (const Hit& hit : hits) {
    result.disposition = std::max(result.disposition.value_or(hit.disposition), hit.disposition);
    strong |= hit.disposition == Disposition::ordinary &&
              (hit.kind == MatchKind::sha1 || hit.kind == MatchKind::sha256);
  }
  result.may_set_aside = result.disposition == Disposition::ordinary && strong;
  return result;
}

Matcher::Matcher(std::vector<const CompiledList*> lists) : lists_(std::move(lists)) {}

std::vector<std::vector<Hit>> Matcher::match(std::span<const ListQuery> queries,
                                             uint32_t radius_bits) const {
  std::vector<std::vector<Hit>> hits(queries.size());
  std::vector<Found> found;
  for (const CompiledList* list : lists_) {
    found.clear();
    find_digests(*list, queries, found);
    find_fingerprints(*list, queries, radius_bits, found);
    std::sort(found.begin(), found.end());
    const auto same = [](const Found& a, const Found& b) {
      return std::tie(a.query, a.entry) == std::tie(b.query, b.entry);
    };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    for (const Found& f : found) {
      const CompiledEntry entry = list->entry(f.entry);
      hits[f.query].push_back({.list = list->name(),
                               .entry_id = entry.entry_id,
                               .category = std::string(entry.category),
                               .disposition = entry.disposition,
                               .kind = kKindByRank[f.rank],
                               .distance_bits = f.distance_bits,
                               .orientation = f.orientation,
                               .mode = list->info().pdq_mode});
    }
  }
  for (std::vector<Hit>& of_query : hits) std::sort(of_query.begin(), of_query.end());
  return hits;
}

std::vector<Hit> Matcher::match(const ListQuery& query, uint32_t radius_bits) const {
  return std::move(match(std::span(&query, 1), radius_bits)[0]);
}

bool Matcher::needs(PdqMode mode) const {
  return std::any_of(lists_.begin(), lists_.end(), [&](const CompiledList* list) {
    return list->info().pdq_mode == mode && list->info().pdq > 0;
  });
}

}  // namespace safelight
