/// A picture of 12 megapixels, handed over 16 rows at a time as a decoder does, to fingerprints at
/// full resolution, at every level. Figures are thread CPU time; compare them within one run.
#include <benchmark/benchmark.h>

#include "safelight/pdq/full.h"
#include "safelight/pdq/internal/oracle.h"
#include "safelight/pdq/internal/test_pictures.h"

namespace safelight::pdq {
namespace {

constexpr uint32_t kRowsAtATime = 16;

Picture make(uint32_t width, uint32_t height, uint32_t channels) {
  return internal::make_picture({width, height, channels}, internal::Content::gradient, 1);
}

Result<OrientationHashes> hash(FullHasher& hasher, const Picture& picture) {
  hasher.begin(picture.shape);
  const size_t row_bytes = picture.shape.row_bytes();
  for (uint32_t y = 0; y < picture.shape.height; y += kRowsAtATime) {
    const uint32_t count = std::min(kRowsAtATime, picture.shape.height - y);
    hasher.rows(y, std::span(picture.samples).subspan(y * row_bytes, count * row_bytes));
  }
  return hasher.finish();
}

void full(benchmark::State& state, SimdLevel level, uint32_t width, uint32_t height,
          uint32_t channels) {
  const Picture picture = make(width, height, channels);
  FullHasher hasher(level);
  const auto hashes = hash(hasher, picture);
  const auto expected = internal::oracle::hash_all_orientations(
      internal::oracle::luma_full(picture), width, height, PdqMode::full);
  if (!hashes || *hashes != expected) return state.SkipWithError("wrong fingerprint");
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(hash(hasher, picture));
}

/// Reading the samples once, for comparison.
void read_samples(benchmark::State& state) {
  const Picture picture = make(4000, 3000, 3);
  for ([[maybe_unused]] auto _ : state) {
    uint64_t sum = 0;
    for (const uint8_t sample : picture.samples) sum += sample;
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK(read_samples)->Unit(benchmark::kMillisecond);

const bool kRegistered = [] {
  for (const SimdLevel level : internal::testable_levels()) {
    const std::string name(to_text(level));
    const auto add = [&](const std::string& shape, uint32_t width, uint32_t height,
                         uint32_t channels) {
      benchmark::RegisterBenchmark(
          (std::string("full/").append(name).append("/").append(shape)).c_str(), full, level, width,
          height, channels)
          ->Unit(benchmark::kMillisecond);
    };
    add("4000x3000-rgb", 4000, 3000, 3);
    add("4096x3072-rgb", 4096, 3072, 3);
    add("4000x3000-grey", 4000, 3000, 1);
    add("1152x864-rgb", 1152, 864, 3);
  }
  return true;
}();

}  // namespace
}  // namespace safelight::pdq
