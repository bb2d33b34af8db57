#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/evidence/hit.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/lists/hash_list.h"

namespace safelight {

/// A fingerprint of an item in one orientation.
struct OrientedHash {
  PdqHash hash;
  Orientation orientation = Orientation::original;
};

/// What is known of an item that is looked up.
struct ListQuery {
  std::optional<Md5> md5;
  std::optional<Sha1> sha1;
  std::optional<Sha256> sha256;
  std::optional<uint64_t> size_bytes;
  /// In any number of modes and orientations. Those with a quality under kMinPdqQuality are not
  /// matched: the caller records that. Viewed only during the call.
  std::span<const OrientedHash> fingerprints;
};

/// What an item's hits come to.
struct Verdict {
  std::optional<Disposition> disposition;  ///< The gravest; none without a hit.
  /// Every hit is `ordinary` and one of them by SHA-1 or SHA-256. MD5 alone can be forged, and a
  /// picture that merely looks like an ordinary one is not that one.
  bool may_set_aside = false;
};
[[nodiscard]] Verdict verdict(std::span<const Hit> hits);

/// Matches in one list that a limit left out: of an entry that several orientations match, each.
struct CutMatches {
  std::string list;
  uint64_t count = 0;  ///< At least 1.
  friend bool operator==(const CutMatches&, const CutMatches&) = default;
};

/// What was found for an item.
struct MatchedItem {
  std::vector<Hit> hits;        ///< Sorted by list and entry.
  std::vector<CutMatches> cut;  ///< In the order of the matcher's lists.
};

/// Looks items up in several lists. Safe from many threads.
class Matcher {
 public:
  /// Hits of an item in one list. A fingerprint that many pictures share would otherwise give
  /// millions.
  static constexpr uint32_t kMaxHits = 100;

  explicit Matcher(std::vector<std::shared_ptr<const HashList>> lists,
                   uint32_t max_hits = kMaxHits);

  /// The hits of each query, in its place. An entry is hit once: by the strongest digest (SHA-256,
  /// SHA-1, MD5), else by the fingerprint at the least distance, the earlier orientation where two
  /// are equal. Fingerprints are compared only with lists of their mode, at `distance <=
  /// radius_bits`. An `ordinary` entry whose stated size is not the item's is no hit. Of more than
  /// the limit in one list, those of the strongest digest and the least distance are kept, and
  /// always one of the gravest disposition, so that the limit never changes a verdict for the
  /// better. Many queries at once make the search fast.
  [[nodiscard]] std::vector<MatchedItem> match(std::span<const ListQuery> queries,
                                               uint32_t radius_bits) const;
  [[nodiscard]] MatchedItem match(const ListQuery& query, uint32_t radius_bits) const;

  /// Whether any list has fingerprints of that mode.
  [[nodiscard]] bool needs(PdqMode mode) const;

 private:
  std::vector<std::shared_ptr<const HashList>> lists_;
  uint32_t max_hits_;
};

}  // namespace safelight
