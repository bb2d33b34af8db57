#include "safelight/lists/matcher.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace safelight {
namespace {

/// How an entry of one list was hit. Ordered so that, of one query and entry, the best comes first.
struct Found {
  uint32_t query = 0;
  EntryPlace entry;
  uint8_t rank = 0;  ///< 0 for SHA-256, then SHA-1, MD5, PDQ.
  uint32_t distance_bits = 0;
  Orientation orientation = Orientation::original;
  friend auto operator<=>(const Found&, const Found&) = default;
};

constexpr std::array<MatchKind, 4> kKindByRank = {MatchKind::sha256, MatchKind::sha1,
                                                  MatchKind::md5, MatchKind::pdq};

/// One list and what is looked up in it.
class ListSearch {
 public:
  ListSearch(const HashList& list, std::span<const ListQuery> queries, uint32_t radius_bits,
             uint32_t max_hits)
      : list_(list),
        queries_(queries),
        radius_bits_(radius_bits),
        max_hits_(max_hits),
        cut_(queries.size()) {
    const auto& categories = list.info().categories;
    for (const ListCategory& category : categories) {
      gravest_of_list_ = std::max(gravest_of_list_, category.disposition);
    }
    has_several_ = std::any_of(categories.begin(), categories.end(), [&](const ListCategory& c) {
      return c.disposition != gravest_of_list_;
    });
  }

  /// What each query found, by query; of those of one query, the best first.
  const std::vector<Found>& search() {
    find_digests<Sha256>(&ListQuery::sha256, 0);
    find_digests<Sha1>(&ListQuery::sha1, 1);
    find_digests<Md5>(&ListQuery::md5, 2);
    find_fingerprints();
    keep_one_of_each_entry();
    keep_best();
    return found_;
  }
  [[nodiscard]] uint64_t cut(size_t query) const { return cut_[query]; }

 private:
  template <typename D>
  void find_digests(std::optional<D> ListQuery::*digest, uint8_t rank) {
    std::vector<D> digests;
    std::vector<uint32_t> asked;
    for (uint32_t q = 0; q < queries_.size(); ++q) {
      if (!(queries_[q].*digest)) continue;
      digests.push_back(*(queries_[q].*digest));
      asked.push_back(q);
    }
    if (digests.empty()) return;
    list_.find(std::span<const D>(digests), [&](uint32_t index, EntryPlace place) {
      const ListQuery& query = queries_[asked[index]];
      if (query.size_bytes) {
        const auto size = list_.facts(place).size_bytes;
        const bool other_size = size && *size != *query.size_bytes;
        if (other_size && list_.disposition(place) == Disposition::ordinary) return;
      }
      found_.push_back({asked[index], place, rank, 0, Orientation::original});
    });
  }

  void find_fingerprints() {
    if (list_.info().pdq == 0) return;
    std::vector<Fingerprint> fingerprints;
    std::vector<std::pair<uint32_t, Orientation>> asked;
    for (uint32_t q = 0; q < queries_.size(); ++q) {
      for (const OrientedHash& oriented : queries_[q].fingerprints) {
        if (oriented.hash.mode != list_.info().pdq_mode || oriented.hash.quality < kMinPdqQuality) {
          continue;
        }
        fingerprints.push_back(oriented.hash.fingerprint);
        asked.emplace_back(q, oriented.orientation);
      }
    }
    if (fingerprints.empty()) return;
    ListMatches matches;
    list_.search(fingerprints, {radius_bits_, max_hits_}, matches);
    for (const ListMatch& match : matches.matches) {
      const auto [query, orientation] = asked[match.query];
      found_.push_back({query, match.entry, 3, match.distance_bits, orientation});
    }
    for (size_t i = 0; i < matches.cut.size(); ++i) {
      const auto [query, orientation] = asked[i];
      cut_[query] += matches.cut[i];
      if (matches.cut[i] > 0 && has_several_) find_gravest(fingerprints[i], query, orientation);
    }
  }

  /// Looks at all matches of one fingerprint, and takes the nearest of the gravest disposition.
  void find_gravest(const Fingerprint& fingerprint, uint32_t query, Orientation orientation) {
    ListMatches all;
    list_.search(std::span(&fingerprint, 1), {radius_bits_, kNoMatchLimit}, all);
    const ListMatch* gravest = nullptr;
    Disposition disposition = Disposition::ordinary;
    for (const ListMatch& match : all.matches) {
      const Disposition of_entry = list_.disposition(match.entry);
      if (gravest != nullptr && of_entry <= disposition) continue;
      gravest = &match;
      disposition = of_entry;
      if (disposition == gravest_of_list_) break;
    }
    if (gravest == nullptr) return;
    found_.push_back({query, gravest->entry, 3, gravest->distance_bits, orientation});
  }

  void keep_one_of_each_entry() {
    std::sort(found_.begin(), found_.end());
    const auto same = [](const Found& a, const Found& b) {
      return std::tie(a.query, a.entry) == std::tie(b.query, b.entry);
    };
    found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  }

  void keep_best() {
    std::sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
      return std::tie(a.query, a.rank, a.distance_bits, a.entry) <
             std::tie(b.query, b.rank, b.distance_bits, b.entry);
    });
    std::vector<Found> kept;
    for (size_t first = 0; first < found_.size();) {
      size_t end = first;
      while (end < found_.size() && found_[end].query == found_[first].query) ++end;
      const size_t count = std::min<size_t>(end - first, max_hits_);
      kept.insert(kept.end(), found_.begin() + first, found_.begin() + first + count);
      if (count < end - first) {
        cut_[found_[first].query] += end - first - count;
        if (has_several_ && count > 0) keep_gravest(first, end, kept);
      }
      first = end;
    }
    found_ = std::move(kept);
  }

  /// Puts the first of the gravest of `found_` from `first` to `end` in the last place of `kept`,
  /// unless one as grave is kept.
  void keep_gravest(size_t first, size_t end, std::vector<Found>& kept) const {
    size_t gravest = first;
    for (size_t i = first; i < end; ++i) {
      if (list_.disposition(found_[i].entry) > list_.disposition(found_[gravest].entry)) {
        gravest = i;
      }
    }
    if (gravest - first >= max_hits_) kept.back() = found_[gravest];
  }

  const HashList& list_;
  std::span<const ListQuery> queries_;
  uint32_t radius_bits_;
  uint32_t max_hits_;
  std::vector<uint64_t> cut_;
  std::vector<Found> found_;
  Disposition gravest_of_list_ = Disposition::ordinary;
  bool has_several_ = false;  ///< Entries of the list differ in what they mean.
};

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

Matcher::Matcher(std::vector<std::shared_ptr<const HashList>> lists, uint32_t max_hits)
    : lists_(std::move(lists)), max_hits_(max_hits) {}

std::vector<MatchedItem> Matcher::match(std::span<const ListQuery> queries,
                                        uint32_t radius_bits) const {
  std::vector<MatchedItem> items(queries.size());
  for (const auto& list : lists_) {
    ListSearch search(*list, queries, radius_bits, max_hits_);
    for (const Found& f : search.search()) {
      const CompiledEntry entry = list->entry(f.entry);
      items[f.query].hits.push_back({.list = list->name(),
                                     .entry_id = entry.entry_id,
                                     .category = std::string(entry.category),
                                     .disposition = entry.disposition,
                                     .kind = kKindByRank[f.rank],
                                     .distance_bits = f.distance_bits,
                                     .orientation = f.orientation,
                                     .mode = list->info().pdq_mode,
                                     .source_record = entry.source_record,
                                     .victim_identified = entry.victim_identified});
    }
    for (size_t i = 0; i < items.size(); ++i) {
      if (search.cut(i) > 0) items[i].cut.push_back({list->name(), search.cut(i)});
    }
  }
  for (MatchedItem& item : items) std::sort(item.hits.begin(), item.hits.end());
  return items;
}

MatchedItem Matcher::match(const ListQuery& query, uint32_t radius_bits) const {
  return std::move(match(std::span(&query, 1), radius_bits)[0]);
}

bool Matcher::needs(PdqMode mode) const {
  return std::any_of(lists_.begin(), lists_.end(), [&](const auto& list) {
    return list->info().pdq_mode == mode && list->info().pdq > 0;
  });
}

}  // namespace safelight
