#include "safelight/lists/recall.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <vector>

namespace safelight {

namespace {

/// The fingerprint of any entry of the list, each as likely as another.
Fingerprint random_fingerprint(const HashList& list, std::mt19937_64& random) {
  uint64_t rows = 0;
  for (const auto& segment : list.segments()) rows += segment->fingerprint_rows();
  while (true) {
    uint64_t row = random() % rows;
    uint32_t segment = 0;
    for (; row >= list.segments()[segment]->fingerprint_rows(); ++segment) {
      row -= list.segments()[segment]->fingerprint_rows();
    }
    const CompiledList& from = *list.segments()[segment];
    if (list.is_live({segment, from.entry_of_row(row)})) return from.fingerprint(row);
  }
}

Fingerprint with_flips(Fingerprint fingerprint, uint64_t flips, std::mt19937_64& random) {
  Fingerprint flipped;
  for (uint64_t done = 0; done < flips;) {
    const uint64_t bit = random() % 256;
    const uint64_t mask = uint64_t{1} << (bit % 64);
    if ((flipped.words[bit / 64] & mask) != 0) continue;
    flipped.words[bit / 64] |= mask;
    ++done;
  }
  for (size_t word = 0; word < 4; ++word) fingerprint.words[word] ^= flipped.words[word];
  return fingerprint;
}

/// What a look at every live row finds, in the order of ListMatch.
std::vector<ListMatch> plain_scan(const HashList& list, std::span<const Fingerprint> queries,
                                  uint32_t radius_bits) {
  std::vector<ListMatch> matches;
  for (uint32_t i = 0; i < list.segments().size(); ++i) {
    const CompiledList& segment = *list.segments()[i];
    for (size_t row = 0; row < segment.fingerprint_rows(); ++row) {
      const Fingerprint fingerprint = segment.fingerprint(row);
      for (uint32_t q = 0; q < queries.size(); ++q) {
        const uint32_t distance = hamming_distance(fingerprint, queries[q]);
        if (distance > radius_bits) continue;
        const EntryPlace place{i, segment.entry_of_row(row)};
        if (list.is_live(place)) matches.push_back({q, distance, place});
      }
    }
  }
  std::sort(matches.begin(), matches.end());
  return matches;
}

}  // namespace

Recall recall(const HashList& list, uint32_t samples, uint32_t radius_bits, uint64_t seed) {
  Recall result;
  if (list.info().pdq == 0) return result;
  std::mt19937_64 random(seed);
  std::vector<Fingerprint> queries;
  for (uint32_t i = 0; i < samples; ++i) {
    const Fingerprint row = random_fingerprint(list, random);
    queries.push_back(with_flips(row, random() % (std::min(radius_bits, 256u) + 1), random));
  }
  result.queries = queries.size();
  const std::vector<ListMatch> expected = plain_scan(list, queries, radius_bits);
  ListMatches found;
  list.search(queries, {radius_bits, kNoMatchLimit}, found);
  std::vector<ListMatch> both;
  std::set_intersection(expected.begin(), expected.end(), found.matches.begin(),
                        found.matches.end(), std::back_inserter(both));
  result.expected = expected.size();
  result.found = both.size();
  result.unexpected = found.matches.size() - both.size();
  return result;
}

}  // namespace safelight
