// Pairs that FlatIndex decides per second of one core, next to a plain scan with POPCNT over the
// same rows and queries in the same run. The answer is checked first. Arguments: rows, queries.

#include <algorithm>
#include <benchmark/benchmark.h>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "safelight/index/flat_index.h"
#include "safelight/index/internal/fingerprint_sets.h"

namespace safelight {
namespace {

using index_internal::flip_bits;
using index_internal::hub_heavy_fingerprints;
using index_internal::Random;
using index_internal::uniform_fingerprint;
using index_internal::uniform_fingerprints;

enum class Kind { uniform, hub_heavy };

constexpr uint64_t kSeed = 20;

struct Set {
  std::vector<Fingerprint> rows;
  std::vector<Fingerprint> queries;  // half uniform, half rows with 0 to 31 flips
};

const Set& set_of(Kind kind, size_t rows) {
  static std::map<std::pair<Kind, size_t>, Set> sets;
  auto [place, added] = sets.try_emplace({kind, rows});
  if (!added) return place->second;
  Random random(kSeed);
  Set& set = place->second;
  set.rows = kind == Kind::uniform ? uniform_fingerprints(rows, random)
                                   : hub_heavy_fingerprints(rows, random);
  std::shuffle(set.rows.begin(), set.rows.end(), random);
  for (size_t i = 0; i < 4096; ++i) {
    set.queries.push_back(i % 2 == 0 ? uniform_fingerprint(random)
                                     : flip_bits(set.rows[random() % rows], random() % 32, random));
  }
  return set;
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The plain scan: each row in full. Compiled for POPCNT, as a scan of one's own would be.
__attribute__((target("popcnt"))) size_t plain_scan(std::span<const Fingerprint> rows,
                                                    const Fingerprint& query, uint32_t radius_bits,
                                                    std::vector<Match>& out) {
  for (size_t row = 0; row < rows.size(); ++row) {
    int bits = 0;
    for (size_t i = 0; i < 4; ++i)
      bits += __builtin_popcountll(rows[row].words[i] ^ query.words[i]);
    if (static_cast<uint32_t>(bits) <= radius_bits)
      out.push_back({0, static_cast<uint32_t>(row), static_cast<uint32_t>(bits)});
  }
  return out.size();
}

/// Whether the first queries find exactly what the plain scan does.
bool answers_exactly(const FlatIndex& index, const Set& set, const SearchOptions& options,
                     size_t count) {
  Matches found;
  index.search(std::span(set.queries).first(count), options, found);
  for (size_t query = 0; query < std::min<size_t>(count, 64); ++query) {
    std::vector<Match> wanted;
    plain_scan(set.rows, set.queries[query], options.radius_bits, wanted);
    std::sort(wanted.begin(), wanted.end(), [](const Match& a, const Match& b) {
      return std::pair(a.distance_bits, a.entry) < std::pair(b.distance_bits, b.entry);
    });
    const auto got = found.of(query);
    if (got.size() != wanted.size()) return false;
    for (size_t i = 0; i < got.size(); ++i) {
      if (got[i].entry != wanted[i].entry || got[i].distance_bits != wanted[i].distance_bits)
        return false;
    }
  }
  return true;
}

void search(benchmark::State& state, Kind kind, SimdLevel level, uint32_t radius_bits) {
  const auto rows = static_cast<size_t>(state.range(0));
  const auto count = static_cast<size_t>(state.range(1));
  const Set& set = set_of(kind, rows);
  const FlatIndex index = FlatIndex::build(set.rows, level);
  if (!answers_exactly(index, set, {radius_bits}, count)) {
    state.SkipWithError("the answer is wrong");
    return;
  }
  Matches found;
  for (auto _ : state) {
    const double begin = thread_seconds();
    index.search(std::span(set.queries).first(count), {radius_bits}, found);
    state.SetIterationTime(thread_seconds() - begin);
  }
  state.counters["pairs"] =
      benchmark::Counter(static_cast<double>(rows) * static_cast<double>(count) *
                             static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
  state.counters["matches"] = static_cast<double>(found.matches.size());
}

void plain(benchmark::State& state, Kind kind) {
  const auto rows = static_cast<size_t>(state.range(0));
  const Set& set = set_of(kind, rows);
  size_t query = 0;
  std::vector<Match> found;
  for (auto _ : state) {
    const double begin = thread_seconds();
    found.clear();
    benchmark::DoNotOptimize(
        plain_scan(set.rows, set.queries[query++ % set.queries.size()], 31, found));
    state.SetIterationTime(thread_seconds() - begin);
  }
  state.counters["pairs"] =
      benchmark::Counter(static_cast<double>(rows) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void build(benchmark::State& state) {
  const Set& set = set_of(Kind::uniform, static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    const double begin = thread_seconds();
    benchmark::DoNotOptimize(FlatIndex::build(set.rows));
    state.SetIterationTime(thread_seconds() - begin);
  }
  state.counters["rows"] = benchmark::Counter(
      static_cast<double>(set.rows.size()) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

const bool kRegistered = [] {
  for (const auto& [kind, kind_name] :
       {std::pair(Kind::uniform, "uniform"), std::pair(Kind::hub_heavy, "hub_heavy")}) {
    benchmark::RegisterBenchmark((std::string("plain_popcnt/") + kind_name).c_str(), plain, kind)
        ->UseManualTime()
        ->Args({100'000})
        ->Args({1'000'000})
        ->Args({4'000'000});
    for (const SimdLevel level : {SimdLevel::scalar, SimdLevel::avx2, SimdLevel::avx512}) {
      if (level > detect_simd_level()) continue;
      const std::string name =
          std::string("flat_index/") + std::string(to_text(level)) + "/" + kind_name;
      auto* bench =
          benchmark::RegisterBenchmark(name.c_str(), search, kind, level, 31)->UseManualTime();
      for (const int64_t rows : {100'000, 1'000'000, 4'000'000}) {
        for (const int64_t queries : {1, 4, 8, 64, 1024, 4096}) {
          if (level == detect_simd_level() || (rows == 1'000'000 && queries == 1024))
            bench->Args({rows, queries});
        }
      }
      benchmark::RegisterBenchmark((name + "/radius64").c_str(), search, kind, level, 64)
          ->UseManualTime()
          ->Args({100'000, 64});
    }
  }
  benchmark::RegisterBenchmark("build", build)->UseManualTime()->Args({1'000'000});
  return true;
}();

}  // namespace
}  // namespace safelight
