/// 512x512 to fingerprints in all eight orientations, at every level, beside the plain oracle.
/// Figures are thread CPU time; compare them within one run.
#include <benchmark/benchmark.h>

#include "safelight/pdq/internal/oracle.h"
#include "safelight/pdq/internal/test_pictures.h"
#include "safelight/pdq/reference.h"

namespace safelight::pdq {
namespace {

const Picture& picture() {
  static const Picture kPicture =
      internal::make_picture({512, 512, 3}, internal::Content::gradient, 1);
  return kPicture;
}

OrientationHashes oracle_hashes() {
  return internal::oracle::hash_all_orientations(internal::oracle::luma_reference(picture()), 512,
                                                 512, PdqMode::reference);
}

void from_luma(benchmark::State& state, SimdLevel level) {
  const std::vector<float> luma = internal::oracle::luma_reference(picture());
  ReferenceHasher hasher(level);
  const auto hashes = hasher.hash_all_orientations(luma, 512, 512);
  if (!hashes || *hashes != oracle_hashes()) return state.SkipWithError("wrong fingerprint");
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(hasher.hash_all_orientations(luma, 512, 512));
  }
}

void from_rgb(benchmark::State& state, SimdLevel level) {
  ReferenceHasher hasher(level);
  const auto hashes = hasher.hash_all_orientations(picture());
  if (!hashes || *hashes != oracle_hashes()) return state.SkipWithError("wrong fingerprint");
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(hasher.hash_all_orientations(picture()));
}

void from_rgb_new_object(benchmark::State& state) {
  const SimdLevel level = detect_simd_level();
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(ReferenceHasher(level).hash_all_orientations(picture()));
  }
}

void oracle_from_rgb(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(oracle_hashes());
}

BENCHMARK_CAPTURE(from_luma, scalar, SimdLevel::scalar)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(from_rgb, scalar, SimdLevel::scalar)->Unit(benchmark::kMicrosecond);
BENCHMARK(from_rgb_new_object)->Unit(benchmark::kMicrosecond);
BENCHMARK(oracle_from_rgb)->Unit(benchmark::kMicrosecond);

/// The levels that this machine has beyond the scalar one.
const bool kRegistered = [] {
  for (const SimdLevel level : internal::testable_levels()) {
    if (level == SimdLevel::scalar) continue;
    const std::string name(to_text(level));
    benchmark::RegisterBenchmark(("from_luma/" + name).c_str(), from_luma, level)
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark(("from_rgb/" + name).c_str(), from_rgb, level)
        ->Unit(benchmark::kMicrosecond);
  }
  return true;
}();

}  // namespace
}  // namespace safelight::pdq
