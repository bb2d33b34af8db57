#include <benchmark/benchmark.h>

#include "safelight/casefile/canonical_export.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"

namespace safelight::casefile {
namespace {

constexpr uint64_t kItems = 50'000;

Writer make(const std::filesystem::path& directory, const Clock& clock, LogSink& log) {
  Writer writer = Writer::create(directory, sample::kCaseId, sample::info(), clock, log);
  writer.use_list(sample::list());
  return writer;
}

/// Items a second into a new case: each two items with a content, its examination and two
/// fingerprints, and findings and hits besides. The argument is the items of a commit.
void commit_items(benchmark::State& state) {
  const auto items = static_cast<uint64_t>(state.range(0));
  std::vector<Batch> batches;
  for (uint64_t first = 0; first < kItems; first += items) {
    batches.push_back(sample::batch(first, items));
  }
  for (auto _ : state) {
    state.PauseTiming();
    const sample::Folder folder;
    const sample::TickingClock clock;
    sample::KeepingLog log;
    Writer writer = make(folder / "case", clock, log);
    state.ResumeTiming();
    for (const Batch& batch : batches) writer.commit(batch);
    state.PauseTiming();
    const auto bytes = std::filesystem::file_size(folder / "case" / "case.db");
    state.counters["db_bytes/item"] = static_cast<double>(bytes) / kItems;
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kItems));
}
BENCHMARK(commit_items)->Arg(250)->Arg(500)->Arg(1000)->Unit(benchmark::kMillisecond);

/// A finished case of kItems items, made once for the benchmarks that read.
const std::filesystem::path& finished_case() {
  static const sample::Folder folder;
  static const std::filesystem::path directory = [] {
    const sample::TickingClock clock;
    sample::KeepingLog log;
    Writer writer = make(folder / "case", clock, log);
    for (uint64_t first = 0; first < kItems; first += 500) writer.commit(sample::batch(first, 500));
    return folder / "case";
  }();
  return directory;
}

void find_content(benchmark::State& state) {
  const Reader reader = Reader::open(finished_case());
  std::vector<ContentKey> keys;
  for (uint64_t number = 0; number < 1000; ++number) {
    keys.push_back(sample::content(number * 37 % (kItems / 2)).content.key);
  }
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(reader.find_content(keys[next++ % keys.size()]));
}
BENCHMARK(find_content);

void find_item(benchmark::State& state) {
  const Reader reader = Reader::open(finished_case());
  std::vector<ItemId> ids;
  for (uint64_t number = 0; number < 1000; ++number) {
    ids.push_back(sample::item(number * 37 % kItems, 0).id);
  }
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(reader.find_item(ids[next++ % ids.size()]));
}
BENCHMARK(find_item);

void export_items(benchmark::State& state) {
  const Reader reader = Reader::open(finished_case());
  for (auto _ : state) {
    size_t bytes = 0;
    export_canonical(reader, [&](std::string_view piece) { bytes += piece.size(); });
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kItems));
}
BENCHMARK(export_items)->Unit(benchmark::kMillisecond);

void summarise(benchmark::State& state) {
  const Reader reader = Reader::open(finished_case());
  for (auto _ : state) benchmark::DoNotOptimize(reader.summary());
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kItems));
}
BENCHMARK(summarise)->Unit(benchmark::kMillisecond);

void verify(benchmark::State& state) {
  for (auto _ : state) {
    if (verify_case(finished_case(), {}).mismatch) state.SkipWithError("the case does not verify");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kItems));
}
BENCHMARK(verify)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace safelight::casefile
