#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "safelight/hash/fingerprint.h"

namespace safelight::index_internal {

// Sets of fingerprints for tests and benchmarks: numbers out of a generator, of no picture.

using Random = std::mt19937_64;

inline Fingerprint uniform_fingerprint(Random& random) {
  return {{random(), random(), random(), random()}};
}

inline std::vector<Fingerprint> uniform_fingerprints(size_t count, Random& random) {
  std::vector<Fingerprint> rows(count);
  for (auto& row : rows) row = uniform_fingerprint(random);
  return rows;
}

/// The fingerprint at exactly `flips` (at most 256) bits from another.
inline Fingerprint flip_bits(Fingerprint fingerprint, uint64_t flips, Random& random) {
  Fingerprint flipped = fingerprint;
  while (hamming_distance(flipped, fingerprint) < flips) {
    const uint64_t bit = random() % 256;
    flipped.words[bit / 64] = (flipped.words[bit / 64] & ~(uint64_t{1} << (bit % 64))) |
                              (~fingerprint.words[bit / 64] & (uint64_t{1} << (bit % 64)));
  }
  return flipped;
}

/// Near-duplicates: clusters whose sizes are 2 to 500 by Zipf's law, each member with 8 flips on
/// average from a centre.
inline void append_clusters(std::vector<Fingerprint>& rows, size_t count, Random& random) {
  std::vector<double> weights;
  for (int size = 2; size <= 500; ++size) weights.push_back(1.0 / size);
  std::discrete_distribution<int> sizes(weights.begin(), weights.end());
  std::poisson_distribution<int> flips(8);
  for (const size_t end = rows.size() + count; rows.size() < end;) {
    const Fingerprint centre = uniform_fingerprint(random);
    for (int left = 2 + sizes(random); left > 0 && rows.size() < end; --left) {
      rows.push_back(flip_bits(centre, static_cast<uint64_t>(flips(random)), random));
    }
  }
}

inline std::vector<Fingerprint> clustered_fingerprints(size_t count, Random& random) {
  std::vector<Fingerprint> rows;
  append_clusters(rows, count, random);
  return rows;
}

/// A model of a real list with heavy hubs: 60 % alone, 38 % in clusters, 2 % around 20 templates at
/// 20 to 70 flips.
inline std::vector<Fingerprint> hub_heavy_fingerprints(size_t count, Random& random) {
  std::vector<Fingerprint> rows = uniform_fingerprints(count * 60 / 100, random);
  append_clusters(rows, count * 38 / 100, random);
  const auto templates = uniform_fingerprints(20, random);
  while (rows.size() < count) {
    rows.push_back(flip_bits(templates[random() % 20], 20 + random() % 51, random));
  }
  return rows;
}

}  // namespace safelight::index_internal
