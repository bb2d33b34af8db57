#include "safelight/lists/recall.h"

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

namespace safelight {

Recall recall(const CompiledList& list, uint32_t samples, uint32_t radius_bits, uint64_t seed) {
  const FlatIndex& index = list.fingerprints();
  Recall result;
  if (index.size() == 0) return result;
  std::mt19937_64 random(seed);
  std::vector<Fingerprint> queries;
  for (uint32_t i = 0; i < samples; ++i) {
    Fingerprint query = index.fingerprint(random() % index.size());
    const uint64_t flips = random() % (std::min(radius_bits, 256u) + 1);
    Fingerprint flipped;
    for (uint64_t done = 0; done < flips;) {
      const uint64_t bit = random() % 256;
      const uint64_t mask = uint64_t{1} << (bit % 64);
      if ((flipped.words[bit / 64] & mask) != 0) continue;
      flipped.words[bit / 64] |= mask;
      ++done;
    }
    for (size_t word = 0; word < 4; ++word) query.words[word] ^= flipped.words[word];
    queries.push_back(query);
  }
  result.queries = queries.size();

  std::vector<Match> expected;
  for (size_t row = 0; row < index.size(); ++row) {
    const Fingerprint fingerprint = index.fingerprint(row);
    for (uint32_t q = 0; q < queries.size(); ++q) {
      const uint32_t distance = hamming_distance(fingerprint, queries[q]);
      if (distance <= radius_bits) expected.push_back({q, static_cast<uint32_t>(row), distance});
    }
  }
  SearchOptions options;
  options.radius_bits = radius_bits;
  Matches found;
  index.search(queries, options, found);
  const auto before = [](const Match& a, const Match& b) {
    return std::tie(a.query, a.entry, a.distance_bits) <
           std::tie(b.query, b.entry, b.distance_bits);
  };
  std::sort(expected.begin(), expected.end(), before);
  std::sort(found.matches.begin(), found.matches.end(), before);
  std::vector<Match> both;
  std::set_intersection(expected.begin(), expected.end(), found.matches.begin(),
                        found.matches.end(), std::back_inserter(both), before);
  result.expected = expected.size();
  result.found = both.size();
  result.unexpected = found.matches.size() - both.size();
  return result;
}

}  // namespace safelight
