// Reading the marks of 12 megapixels, both colour paths, one thread, rows given 16 at a time. The
// chart is marked, and the answer is checked first.
#include <benchmark/benchmark.h>
#include <cstdlib>

#include "safelight/provenance/watermark/dwt_mark.h"
#include "safelight/provenance/watermark/mark_encode_for_test.h"

namespace {

using namespace safelight;
using namespace safelight::provenance;

MarkReading read(const Picture& picture) {
  DwtMarkReader reader;
  reader.begin(picture.shape);
  const size_t piece = 16 * picture.shape.row_bytes();
  for (size_t at = 0; at < picture.samples.size(); at += piece) {
    reader.rows(
        static_cast<uint32_t>(at / picture.shape.row_bytes()),
        std::span(picture.samples).subspan(at, std::min(piece, picture.samples.size() - at)));
  }
  return reader.finish();
}

void read_12_megapixels(benchmark::State& state) {
  Picture picture = colour_chart(4000, 3000, 1);
  const KnownMark& mark = known_marks()[2];
  embed_mark(picture, mark.bits, 0.5);
  bool found = false;
  for (const MarkScore& score : read(picture).scores) {
    found |= score.mark == &mark && score.matched_bits >= mark.found_bits;
  }
  if (!found) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(read(picture));
}
BENCHMARK(read_12_megapixels)->Unit(benchmark::kMillisecond)->Repetitions(10);

}  // namespace
