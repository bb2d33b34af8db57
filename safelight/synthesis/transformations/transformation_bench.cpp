// The whole sweep and each transformation of it on a picture of 1 megapixel, one thread.
#include <benchmark/benchmark.h>
#include <cmath>
#include <cstdlib>

#include "safelight/synthesis/transformations/transformation.h"

namespace {

using namespace safelight;
using namespace safelight::synthesis;

/// Waves with seeded noise, in the shape of a photograph.
const Picture& chart() {
  static const Picture picture = [] {
    Picture out{{1'152, 864, 3}, {}};
    uint32_t state = 1;
    for (uint32_t y = 0; y < out.shape.height; ++y) {
      for (uint32_t x = 0; x < out.shape.width; ++x) {
        for (uint32_t c = 0; c < 3; ++c) {
          state = state * 1'664'525 + 1'013'904'223;
          const double wave = 80 * std::sin(x * 0.013 + c) * std::cos(y * 0.009);
          out.samples.push_back(static_cast<uint8_t>(128 + wave + (state >> 29)));
        }
      }
    }
    return out;
  }();
  return picture;
}

void run(const Transformation& transformation) {
  const auto result = apply(transformation, chart(), {Storage::jpeg, 90}, {});
  if (!result || !result->not_applicable.empty()) std::abort();
  benchmark::DoNotOptimize(result->picture.samples.data());
}

void whole_sweep(benchmark::State& state) {
  for (auto _ : state) {
    for (const auto& transformation : all_transformations()) run(transformation);
  }
}
BENCHMARK(whole_sweep)->Unit(benchmark::kMillisecond);

const int kRegistered = [] {
  for (const auto& transformation : all_transformations()) {
    benchmark::RegisterBenchmark(transformation.name.c_str(), [&](benchmark::State& state) {
      for (auto _ : state) run(transformation);
    })->Unit(benchmark::kMillisecond);
  }
  return 0;
}();

}  // namespace
