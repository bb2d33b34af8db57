/// Round trips through a confined worker, by what requests and replies carry.
#include <benchmark/benchmark.h>
#include <fcntl.h>

#include "safelight/sandbox/testing/run_worker.h"

namespace safelight::sandbox {
namespace {

struct Counter final : ReplySink {
  Result<void> record(std::span<const std::byte> bytes, std::optional<MemoryFile> file) override {
    seen_bytes += bytes.size() + (file ? file->size_bytes() : 0);
    return {};
  }
  uint64_t seen_bytes = 0;
};

Policy bench_policy() {
  Policy policy;
  policy.recycle_after_requests = UINT32_MAX;
  policy.recycle_after_files_bytes = UINT64_MAX;
  policy.max_files_bytes = UINT64_MAX;
  return policy;
}

void run(benchmark::State& state, std::string_view text, std::span<const int> descriptors,
         std::span<const ByteSource* const> sources) {
  Worker worker = Worker::start(test_worker(), bench_policy());
  Counter counter;
  for (auto _ : state) {
    if (!call(worker, text, counter, descriptors, sources)) {
      state.SkipWithError("the worker failed");
      break;
    }
  }
  state.counters["requests/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.SetBytesProcessed(static_cast<int64_t>(counter.seen_bytes));
}

void Tiny(benchmark::State& state) { run(state, "echo", {}, {}); }

void TinyWithOneDescriptor(benchmark::State& state) {
  const Descriptor input(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  const std::array<int, 1> descriptors = {input.get()};
  run(state, "echo", descriptors, {});
}

void InlineRecords(benchmark::State& state) {
  run(state, "records " + std::to_string(state.range(0)) + " " + std::to_string(state.range(1)), {},
      {});
}

void FileRecord(benchmark::State& state) {
  run(state, "file 1 " + std::to_string(state.range(0)), {}, {});
}

/// The worker reads 64 MiB through the coordinator.
void ServedSource(benchmark::State& state) {
  const MemorySource source(std::vector<std::byte>(64 << 20));
  const std::array<const ByteSource*, 1> sources = {&source};
  Worker worker = Worker::start(test_worker(), bench_policy());
  Counter counter;
  for (auto _ : state) {
    if (!call(worker, "read-through 65536", counter, {}, sources)) {
      state.SkipWithError("the worker failed");
      break;
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * (64 << 20));
}

void CrashAndStart(benchmark::State& state) {
  Policy policy = bench_policy();
  policy.max_pause_ms = 0;
  Worker worker = Worker::start(test_worker(), policy);
  for (auto _ : state) benchmark::DoNotOptimize(error_of(worker, "exit"));
}

BENCHMARK(Tiny)->UseRealTime();
BENCHMARK(TinyWithOneDescriptor)->UseRealTime();
BENCHMARK(InlineRecords)->Args({1, 12'288})->Args({1, 65'536})->Args({12, 65'536})->UseRealTime();
BENCHMARK(FileRecord)->Arg(786'432)->UseRealTime();
BENCHMARK(ServedSource)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(CrashAndStart)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace safelight::sandbox
