#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <span>
#include <tuple>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/index/fingerprint_index.h"
#include "safelight/index/internal/fingerprint_sets.h"

namespace safelight::index_internal {

inline std::vector<SimdLevel> levels_here() {
  std::vector<SimdLevel> levels;
  for (const SimdLevel level : {SimdLevel::scalar, SimdLevel::avx2, SimdLevel::avx512}) {
    if (level <= detect_simd_level()) levels.push_back(level);
  }
  return levels;
}

/// What a search must find, by a plain loop.
inline Matches plain_search(std::span<const Fingerprint> rows, std::span<const Fingerprint> queries,
                            const SearchOptions& options) {
  Matches out;
  out.first.push_back(0);
  for (uint32_t query = 0; query < queries.size(); ++query) {
    std::vector<Match> found;
    for (uint32_t row = 0; row < rows.size(); ++row) {
      const uint32_t distance_bits = hamming_distance(queries[query], rows[row]);
      if (distance_bits <= options.radius_bits) found.push_back({query, row, distance_bits});
    }
    std::sort(found.begin(), found.end(), [](const Match& a, const Match& b) {
      return std::tie(a.distance_bits, a.entry) < std::tie(b.distance_bits, b.entry);
    });
    const size_t kept = std::min<size_t>(found.size(), options.max_matches_per_query);
    out.cut.push_back(found.size() - kept);
    out.matches.insert(out.matches.end(), found.begin(), found.begin() + kept);
    out.first.push_back(out.matches.size());
  }
  return out;
}

/// Half uniform, half rows with 0 to `max_flips` flips.
inline std::vector<Fingerprint> queries_for(std::span<const Fingerprint> rows, size_t count,
                                            uint32_t max_flips, Random& random) {
  std::vector<Fingerprint> queries;
  for (size_t i = 0; i < count; ++i) {
    if (rows.empty() || i % 2 == 1) {
      queries.push_back(uniform_fingerprint(random));
    } else {
      queries.push_back(
          flip_bits(rows[random() % rows.size()], random() % (max_flips + 1), random));
    }
  }
  return queries;
}

/// Expects of an index of `rows` that a search leaves nothing of the one before.
inline void expect_replaced_matches(const FingerprintIndex& index,
                                    std::span<const Fingerprint> rows) {
  Matches found;
  index.search(rows, {}, found);
  EXPECT_EQ(found.matches.size(), rows.size());
  index.search({}, {}, found);
  EXPECT_TRUE(found.matches.empty());
  EXPECT_EQ(found.first, std::vector<size_t>{0});
  EXPECT_TRUE(found.cut.empty());
}

}  // namespace safelight::index_internal
