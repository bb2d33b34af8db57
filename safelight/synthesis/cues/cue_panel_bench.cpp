// What the panel costs, one thread, pictures already decoded. The answer is checked first.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <vector>

#include "safelight/synthesis/cues/cue_panel.h"
#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/looked_at.h"

namespace {

using namespace safelight;
using namespace safelight::synthesis;

void panel(benchmark::State& state, uint32_t width, uint32_t height) {
  const Picture picture = traces::textured_chart(width, height, 1);
  const CuePanel first = cue_panel(picture);
  if (first.cues.size() != cue_definitions().size()) std::abort();
  for (auto _ : state) {
    if (cue_panel(picture).cues != first.cues) std::abort();
  }
}

void panel_of_12_megapixels(benchmark::State& state) { panel(state, 4000, 3000); }
void panel_of_4_megapixels(benchmark::State& state) { panel(state, 2048, 2048); }
void panel_of_1_megapixel(benchmark::State& state) { panel(state, 1024, 1024); }
void panel_of_1_megapixel_that_is_scaled(benchmark::State& state) { panel(state, 1184, 888); }

/// The least of the repetitions says most on a machine that does other work besides.
double least(const std::vector<double>& times) {
  return *std::min_element(times.begin(), times.end());
}
void settings(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)
      ->Repetitions(10)
      ->ReportAggregatesOnly(true)
      ->ComputeStatistics("min", least);
}
BENCHMARK(panel_of_12_megapixels)->Apply(settings);
BENCHMARK(panel_of_4_megapixels)->Apply(settings);
BENCHMARK(panel_of_1_megapixel)->Apply(settings);
BENCHMARK(panel_of_1_megapixel_that_is_scaled)->Apply(settings);

}  // namespace
