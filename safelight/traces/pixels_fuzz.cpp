#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "safelight/traces/cfa.h"
#include "safelight/traces/double_jpeg.h"
#include "safelight/traces/resampling.h"

using namespace safelight;
using namespace safelight::traces;

namespace {

void check(const Trace& trace) {
  const bool assessed = trace.presence != Presence::not_assessable;
  if (assessed != trace.reason.empty() || !std::isfinite(trace.statistic)) std::abort();
  if (assessed && (trace.presence == Presence::present) != (trace.statistic >= trace.threshold)) {
    std::abort();
  }
}

}  // namespace

/// Any samples, repeated to fill a picture just large enough to be assessed, or any coefficients
/// and steps: each trace is decided by its statistic, or says why not.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 70) return 0;
  const auto values = std::span(data, size).subspan(3);
  if (data[2] % 4 == 3) {
    CoefficientPlane plane;
    plane.blocks_wide = 16 + data[0] % 4;
    plane.blocks_high = 16 + data[1] % 4;
    std::vector<int16_t> coefficients(size_t{plane.blocks_wide} * plane.blocks_high * 64);
    const int scale = data[2] < 128 ? 1 : 256;
    for (size_t i = 0; i < coefficients.size(); ++i) {
      coefficients[i] = static_cast<int16_t>((values[i % values.size()] - 128) * scale);
    }
    for (size_t i = 0; i < 64; ++i) plane.steps[i] = static_cast<uint16_t>(values[i] * scale);
    plane.values = coefficients;
    check(aligned_double_jpeg(plane));
    return 0;
  }
  Picture picture;
  picture.shape = {250u + data[0] % 16, 250u + data[1] % 16, data[2] < 192 ? 3u : 1u};
  picture.samples.resize(picture.shape.height * picture.shape.row_bytes());
  for (size_t i = 0; i < picture.samples.size(); ++i) {
    picture.samples[i] = values[i % values.size()];
  }
  if (data[2] % 4 == 0) check(shifted_double_jpeg(picture));
  if (data[2] % 4 == 1) check(resampling(picture));
  if (data[2] % 4 == 2) check(colour_filter_array(picture));
  return 0;
}
