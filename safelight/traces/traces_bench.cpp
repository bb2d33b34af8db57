// Each trace on 12 megapixels, one thread. The chart carries what is looked for, and the answer is
// checked first.
#include <benchmark/benchmark.h>
#include <cstdlib>

#include "safelight/traces/cfa.h"
#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/double_jpeg.h"
#include "safelight/traces/jpeg_for_test.h"
#include "safelight/traces/jpeg_structure.h"
#include "safelight/traces/resampling.h"

namespace {

using namespace safelight;
using namespace safelight::traces;

const Picture& chart() {
  static const Picture picture = textured_chart(4000, 3000, 1);
  return picture;
}

const std::vector<std::byte>& file_saved_twice() {
  static const auto file =
      encode_jpeg(decode_jpeg(encode_jpeg(chart(), {.quality = 75})), {.quality = 92});
  return file;
}

template <typename Measure>
void run(benchmark::State& state, const Measure& measure) {
  if (measure().presence != Presence::present) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(measure());
}

void aligned_double_jpeg_12_megapixels(benchmark::State& state) {
  const LumaCoefficients luma(file_saved_twice());
  run(state, [&] { return aligned_double_jpeg(luma.plane); });
}
void shifted_double_jpeg_12_megapixels(benchmark::State& state) {
  const Picture once = decode_jpeg(encode_jpeg(chart(), {.quality = 75}));
  const Picture cut = decode_jpeg(encode_jpeg(crop(once, 3, 5, 3984, 2984), {.quality = 92}));
  run(state, [&] { return shifted_double_jpeg(cut); });
}
void resampling_12_megapixels(benchmark::State& state) {
  const Picture picture = enlarged(textured_chart(3080, 2310, 1), 1.3);
  run(state, [&] { return resampling(picture); });
}
void colour_filter_array_12_megapixels(benchmark::State& state) {
  const Picture picture = with_interpolated_green(chart());
  run(state, [&] { return colour_filter_array(picture); });
}
void jpeg_structure_12_megapixels(benchmark::State& state) {
  const auto& file = file_saved_twice();
  if (read_jpeg_structure(file)->quality->quality != 92) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(read_jpeg_structure(file));
}

#define SAFELIGHT_TRACE_BENCHMARK(name) \
  BENCHMARK(name)->Unit(benchmark::kMillisecond)->Repetitions(10)->ReportAggregatesOnly(true)
SAFELIGHT_TRACE_BENCHMARK(aligned_double_jpeg_12_megapixels);
SAFELIGHT_TRACE_BENCHMARK(shifted_double_jpeg_12_megapixels);
SAFELIGHT_TRACE_BENCHMARK(resampling_12_megapixels);
SAFELIGHT_TRACE_BENCHMARK(colour_filter_array_12_megapixels);
SAFELIGHT_TRACE_BENCHMARK(jpeg_structure_12_megapixels);

}  // namespace
