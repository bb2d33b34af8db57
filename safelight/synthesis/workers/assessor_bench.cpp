// The whole sweep over a JPEG of 1 megapixel by a worker whose one detector takes no time to speak
// of: what decoding again for each condition, processing and messages cost. Wall clock, one worker.
#include <benchmark/benchmark.h>
#include <cmath>
#include <cstdlib>
#include <unistd.h>

#include "safelight/codec/still/jpeg/encode_jpeg.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/synthesis/transformations/transformation.h"
#include "safelight/synthesis/workers/assessor.h"

namespace {

using namespace safelight;
using namespace safelight::synthesis;

/// Waves with seeded noise, in the shape of a photograph.
FileSource chart_file() {
  Picture picture{{1'152, 864, 3}, {}};
  uint32_t state = 1;
  for (uint32_t y = 0; y < picture.shape.height; ++y) {
    for (uint32_t x = 0; x < picture.shape.width; ++x) {
      for (uint32_t c = 0; c < 3; ++c) {
        state = state * 1'664'525 + 1'013'904'223;
        const double wave = 80 * std::sin(x * 0.013 + c) * std::cos(y * 0.009);
        picture.samples.push_back(static_cast<uint8_t>(128 + wave + (state >> 29)));
      }
    }
  }
  const auto jpeg = codec::encode_jpeg(picture, {.quality = 92});
  return std::move(*FileSource::from_descriptor(
      Descriptor(::dup(sandbox::MemoryFile::copy_of(*jpeg).descriptor()))));
}

void run(Assessor& assessor, const FileSource& file, const std::string& condition) {
  const auto said = assessor.assess({file, 0, file.size_bytes(), codec::Format::jpeg}, condition);
  if (!said || said->by_detector.size() != 1) std::abort();
}

Assessor start() {
  AssessorOptions options;
  options.program = SAFELIGHT_SYNTHESIS_TEST_WORKER;
  options.arguments = {"mean"};
  return Assessor::start(options);
}

void clean(benchmark::State& state) {
  auto assessor = start();
  const FileSource file = chart_file();
  for (auto _ : state) run(assessor, file, "clean");
}
BENCHMARK(clean)->Unit(benchmark::kMillisecond)->UseRealTime();

void whole_sweep(benchmark::State& state) {
  auto assessor = start();
  const FileSource file = chart_file();
  for (auto _ : state) {
    for (const auto& transformation : all_transformations())
      run(assessor, file, transformation.name);
  }
}
BENCHMARK(whole_sweep)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
