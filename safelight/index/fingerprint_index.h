#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "safelight/hash/fingerprint.h"

namespace safelight {

/// An entry of an index within the radius of a query.
struct Match {
  uint32_t query = 0;          ///< Place of the query in its batch.
  uint32_t entry = 0;          ///< Row of the entry in the index.
  uint32_t distance_bits = 0;  ///< At most the radius.
  friend bool operator==(const Match&, const Match&) = default;
};

inline constexpr uint32_t kNoMatchLimit = std::numeric_limits<uint32_t>::max();

/// What a search looks for.
struct SearchOptions {
  uint32_t radius_bits = kDefaultRadiusBits;  ///< Inclusive, 0 to 256.
  /// Matches kept for a query: the nearest, among equally near ones those of the lowest rows. The
  /// rest are counted. Without a limit a query may match every row: 12 bytes each.
  uint32_t max_matches_per_query = kNoMatchLimit;
  /// Once a query has so many matches, the search may leave it at those that it has found: for whom
  /// it is enough that they are very many. Then they and those cut add up to no less than this,
  /// and nothing says which of all matches they are. Others are answered in full.
  uint64_t stop_after = std::numeric_limits<uint64_t>::max();
};

/// What a search found. Reusable: a search replaces the content and keeps the memory.
struct Matches {
  /// Ordered by query, then distance, then entry.
  std::vector<Match> matches;
  /// Where each query's matches begin in `matches`; one more at the end.
  std::vector<size_t> first;
  /// For each query, the matches that the limit left out; at least so many where the search
  /// stopped early.
  std::vector<uint64_t> cut;

  /// The matches of one query, nearest first.
  [[nodiscard]] std::span<const Match> of(size_t query) const {
    return std::span(matches).subspan(first[query], first[query + 1] - first[query]);
  }
};

/// Fingerprints that can be searched by Hamming distance, exactly: every row within the radius is
/// found. Rows are numbered from 0 in the order given. Searching is safe from many threads.
class FingerprintIndex {
 public:
  virtual ~FingerprintIndex() = default;

  /// Rows in the index.
  [[nodiscard]] virtual size_t size() const = 0;

  /// The fingerprint of a row; `row` is less than size().
  [[nodiscard]] virtual Fingerprint fingerprint(size_t row) const = 0;

  /// Finds, for each query, every row at most `options.radius_bits` away. Many queries in one call
  /// cost much less each than one. At most 2^32 - 1 queries.
  virtual void search(std::span<const Fingerprint> queries, const SearchOptions& options,
                      Matches& out) const = 0;
};

}  // namespace safelight
