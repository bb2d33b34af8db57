#include "safelight/synthesis/evaluation/duplicates.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "safelight/index/flat_index.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kQueriesPerSearch = 1024;

bool are_of_one_group(const Reference& a, const Reference& b) {
  return a.truth == b.truth && a.source == b.source && a.generator == b.generator;
}

void add_equal_files(std::span<const Reference> references, std::vector<Duplicate>& out) {
  std::map<Sha256, size_t> first_of;
  for (size_t row = 0; row < references.size(); ++row) {
    const auto [first, is_new] = first_of.emplace(references[row].sha256, row);
    if (!is_new) out.push_back({first->second, row, 0});
  }
}

void add_alike(std::span<const Reference> references,
               std::span<const std::optional<Fingerprint>> fingerprints,
               std::vector<Duplicate>& out) {
  std::vector<Fingerprint> known;
  std::vector<size_t> row_of;
  for (size_t row = 0; row < references.size(); ++row) {
    if (!fingerprints[row]) continue;
    known.push_back(*fingerprints[row]);
    row_of.push_back(row);
  }
  const FlatIndex index = FlatIndex::build(known);
  Matches matches;
  for (size_t begin = 0; begin < known.size(); begin += kQueriesPerSearch) {
    const auto queries =
        std::span(known).subspan(begin, std::min(kQueriesPerSearch, known.size() - begin));
    index.search(queries, {}, matches);
    for (const Match& match : matches.matches) {
      const size_t first = row_of[match.entry];
      const size_t second = row_of[begin + match.query];
      if (first < second && references[first].sha256 != references[second].sha256) {
        out.push_back({first, second, match.distance_bits});
      }
    }
  }
}

}  // namespace

Duplicates find_duplicates(std::span<const Reference> references,
                           std::span<const std::optional<Fingerprint>> fingerprints,
                           size_t max_across) {
  std::vector<Duplicate> all;
  add_equal_files(references, all);
  add_alike(references, fingerprints, all);
  std::sort(all.begin(), all.end(), [](const Duplicate& a, const Duplicate& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  Duplicates out;
  std::set<size_t> repeated;
  for (const Duplicate& pair : all) {
    if (!are_of_one_group(references[pair.first], references[pair.second])) {
      if (out.across.size() < max_across) out.across.push_back(pair);
    } else if (!repeated.contains(pair.first)) {
      // What repeats a repetition need not repeat the first.
      repeated.insert(pair.second);
    }
  }
  out.repeated.assign(repeated.begin(), repeated.end());
  return out;
}

}  // namespace safelight::synthesis
