// What matching a picture in one and in all eight orientations costs, by the size of the list and
// by how many pictures are matched at a time: thread CPU time of the index that a list of that size
// has, radius 31, random fingerprints, a few of them in the list with some bits turned.
//
//   bench_orientations [ROWS...]      by default 200,000, 1,000,000 and 5,000,000
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <time.h>
#include <vector>

#include "safelight/index/flat_index.h"
#include "safelight/index/multi_index.h"

namespace {

using namespace safelight;

constexpr uint32_t kRepetitions = 10;
constexpr size_t kOrientationsOfAll = 8;
constexpr uint64_t kQueriesOfLists = 1'024;  // as lists choose

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

std::vector<Fingerprint> random_fingerprints(size_t count, uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Fingerprint> made(count);
  for (Fingerprint& fingerprint : made) {
    for (uint64_t& word : fingerprint.words) word = random();
  }
  return made;
}

struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

/// Searches for so many random queries, others in each repetition: what the same ones read would
/// lie in the caches.
Spread time_search(const FingerprintIndex& index, size_t query_count) {
  Matches matches;
  std::vector<double> times;
  for (uint32_t i = 0; i < kRepetitions; ++i) {
    const auto queries = random_fingerprints(query_count, 2 + i);
    const double start = cpu_ms();
    index.search(queries, {}, matches);
    times.push_back(cpu_ms() - start);
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.front(), times.back()};
}

/// Whether a search finds just what was put there: each query's twin, and nothing else.
bool check(const FingerprintIndex& index, const std::vector<Fingerprint>& rows) {
  std::vector<Fingerprint> queries(rows.begin(), rows.begin() + 8);
  for (Fingerprint& query : queries) query.words[1] ^= 0x7fff'ffff;
  Matches matches;
  index.search(queries, {}, matches);
  if (matches.matches.size() != queries.size()) return false;
  for (size_t i = 0; i < queries.size(); ++i) {
    if (matches.matches[i].entry != i || matches.matches[i].distance_bits != 31) return false;
  }
  return true;
}

bool run(size_t row_count) {
  const auto rows = random_fingerprints(row_count, 1);
  std::unique_ptr<FingerprintIndex> index;
  if (choose_index(row_count, kQueriesOfLists) == IndexKind::flat) {
    index = std::make_unique<FlatIndex>(FlatIndex::build(rows));
  } else {
    index = std::make_unique<MultiIndex>(MultiIndex::build(rows));
  }
  if (!check(*index, rows)) return false;
  for (const size_t pictures : {size_t{1}, size_t{16}, size_t{128}, size_t{500}}) {
    for (const size_t orientations : {size_t{1}, kOrientationsOfAll}) {
      const Spread ms = time_search(*index, pictures * orientations);
      const auto each = static_cast<double>(pictures);
      std::printf("%9zu %9zu %13zu %14.3f %7.3f..%.3f\n", row_count, pictures, orientations,
                  ms.median / each, ms.least / each, ms.most / each);
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoull(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {200'000, 1'000'000, 5'000'000};
  std::printf("%9s %9s %13s %14s %14s\n", "rows", "pictures", "orientations", "ms a picture",
              "least..most");
  for (const size_t rows : sizes) {
    if (rows < 8 || !run(rows)) {
      std::fprintf(stderr, "the search does not find what it should\n");
      return 1;
    }
  }
  return 0;
}
