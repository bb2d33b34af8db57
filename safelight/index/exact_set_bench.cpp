// Look-ups a second of one core in an ExactSet, one by one and together, next to std::unordered_map
// in the same run. Half of the digests asked for are in the set. The answer is checked first.

#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>
#include <random>
#include <sys/mman.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

#include "safelight/index/exact_set.h"

namespace safelight {
namespace {

constexpr size_t kQueries = 65'536;
constexpr size_t kMappedQueries = 1'048'576;

struct Set {
  std::vector<ExactSet<Sha1>::Pair> pairs;
  std::vector<Sha1> queries;
};

const Set& set_of(size_t count) {
  static std::map<size_t, Set> sets;
  auto [place, added] = sets.try_emplace(count);
  if (!added) return place->second;
  std::mt19937_64 random(20);
  const auto digest = [&] {
    Sha1 made;
    for (auto& byte : made.bytes) byte = static_cast<uint8_t>(random());
    return made;
  };
  Set& set = place->second;
  for (uint32_t i = 0; i < count; ++i) set.pairs.push_back({digest(), i});
  for (size_t i = 0; i < kQueries; ++i) {
    set.queries.push_back(i % 2 == 0 ? digest() : set.pairs[random() % count].digest);
  }
  return set;
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void count_look_ups(benchmark::State& state) {
  state.counters["look_ups"] =
      benchmark::Counter(static_cast<double>(kQueries) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

bool answers_exactly(const ExactSet<Sha1>& exact, const Set& set) {
  std::unordered_map<Sha1, uint32_t> wanted;
  for (const auto& pair : set.pairs) wanted.emplace(pair.digest, pair.entry);
  std::vector<std::span<const uint32_t>> together(kQueries);
  exact.find(set.queries, together);
  for (size_t i = 0; i < kQueries; ++i) {
    const auto place = wanted.find(set.queries[i]);
    const auto found = exact.find(set.queries[i]);
    const bool present = place != wanted.end();
    if (found.size() != (present ? 1u : 0u) || together[i].data() != found.data() ||
        together[i].size() != found.size())
      return false;
    if (present && found[0] != place->second) return false;
  }
  return true;
}

void find_one_by_one(benchmark::State& state) {
  const Set& set = set_of(static_cast<size_t>(state.range(0)));
  const auto exact = ExactSet<Sha1>::build(set.pairs);
  if (!answers_exactly(exact, set)) return state.SkipWithError("the answer is wrong");
  for (auto _ : state) {
    const double begin = thread_seconds();
    for (const Sha1& query : set.queries) benchmark::DoNotOptimize(exact.find(query));
    state.SetIterationTime(thread_seconds() - begin);
  }
  count_look_ups(state);
  state.counters["bytes_each"] =
      static_cast<double>(ExactSet<Sha1>::layout_bytes(set.pairs.size())) /
      static_cast<double>(set.pairs.size());
}

void find_together(benchmark::State& state) {
  const Set& set = set_of(static_cast<size_t>(state.range(0)));
  const auto exact = ExactSet<Sha1>::build(set.pairs);
  std::vector<std::span<const uint32_t>> found(kQueries);
  for (auto _ : state) {
    const double begin = thread_seconds();
    exact.find(set.queries, found);
    benchmark::DoNotOptimize(found.data());
    state.SetIterationTime(thread_seconds() - begin);
  }
  count_look_ups(state);
}

/// Over a set that is mapped from a file and too large for caches or for a map beside it. Half of
/// the queries are present; each answer is compared with what was put in.
void find_together_mapped(benchmark::State& state) {
  using Pair = ExactSet<Sha1>::Pair;
  const auto count = static_cast<size_t>(state.range(0));
  std::mt19937_64 random(21);
  std::vector<Pair> pairs(count);
  for (size_t i = 0; i < count; ++i) {
    for (size_t byte = 0; byte < Sha1::kSize; byte += 4) {
      const auto four = static_cast<uint32_t>(random());
      std::memcpy(pairs[i].digest.bytes.data() + byte, &four, sizeof four);
    }
    pairs[i].entry = static_cast<uint32_t>(i);
  }
  std::vector<Sha1> queries(kMappedQueries);
  std::vector<uint32_t> wanted(kMappedQueries);
  for (size_t i = 0; i < queries.size(); ++i) {
    const Pair& pair = pairs[random() % count];
    queries[i] = pair.digest;
    wanted[i] = pair.entry;
    if (i % 2 == 0) queries[i].bytes[Sha1::kSize - 1] ^= 1;
  }
  ExactSet<Sha1>::sort_and_unique(pairs);
  const size_t bytes = ExactSet<Sha1>::layout_bytes(pairs.size());
  std::FILE* file = std::tmpfile();
  if (file == nullptr || ftruncate(fileno(file), static_cast<off_t>(bytes)) != 0) {
    return state.SkipWithError("no file");
  }
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
  if (mapped == MAP_FAILED) return state.SkipWithError("no mapping");
  const std::span layout(static_cast<std::byte*>(mapped), bytes);
  ExactSet<Sha1>::write_layout(pairs, layout);
  pairs = {};
  const auto set = ExactSet<Sha1>::view(layout, count);
  std::vector<std::span<const uint32_t>> found(queries.size());
  set->find(queries, found);
  for (size_t i = 0; i < queries.size(); ++i) {
    const bool right =
        i % 2 == 0 ? found[i].empty() : found[i].size() == 1 && found[i][0] == wanted[i];
    if (!right) return state.SkipWithError("the answer is wrong");
  }
  for (auto _ : state) {
    const double begin = thread_seconds();
    set->find(queries, found);
    benchmark::DoNotOptimize(found.data());
    state.SetIterationTime(thread_seconds() - begin);
  }
  state.counters["look_ups"] = benchmark::Counter(
      static_cast<double>(queries.size()) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
  state.counters["bytes_each"] = static_cast<double>(bytes) / static_cast<double>(count);
  munmap(mapped, bytes);
  std::fclose(file);
}

void unordered_map(benchmark::State& state) {
  const Set& set = set_of(static_cast<size_t>(state.range(0)));
  std::unordered_map<Sha1, uint32_t> map;
  for (const auto& pair : set.pairs) map.emplace(pair.digest, pair.entry);
  for (auto _ : state) {
    const double begin = thread_seconds();
    for (const Sha1& query : set.queries) benchmark::DoNotOptimize(map.find(query));
    state.SetIterationTime(thread_seconds() - begin);
  }
  count_look_ups(state);
}

void build(benchmark::State& state) {
  const Set& set = set_of(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    const double begin = thread_seconds();
    benchmark::DoNotOptimize(ExactSet<Sha1>::build(set.pairs));
    state.SetIterationTime(thread_seconds() - begin);
  }
}

BENCHMARK(unordered_map)->UseManualTime()->Arg(100'000)->Arg(1'000'000)->Arg(4'000'000);
BENCHMARK(find_one_by_one)->UseManualTime()->Arg(100'000)->Arg(1'000'000)->Arg(4'000'000);
BENCHMARK(find_together)->UseManualTime()->Arg(100'000)->Arg(1'000'000)->Arg(4'000'000);
BENCHMARK(find_together_mapped)->UseManualTime()->Arg(4'000'000)->Arg(100'000'000);
BENCHMARK(build)->UseManualTime()->Arg(1'000'000);

}  // namespace
}  // namespace safelight
