// The sparse decode against libjpeg-turbo's own full RGB decode of the same file, and against its
// 1/8 grey decode, which does little but entropy decoding. All in one run and interleaved, in
// thread CPU time; the counters are medians in milliseconds and their ratios to the full decode.
//
// Pictures: synthetic, or one of the user's (environment variable SAFELIGHT_BENCH_JPEG), brought to
// 1, 4 and 12 megapixels and coded at quality 88, 4:2:0; the user's file as it is besides.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <time.h>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"

namespace {

using namespace safelight;
using namespace safelight::codec;

using File = std::vector<std::byte>;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

enum class Scale { full, eighth_grey };

void decode_with_library(const File& file, Scale scale) {
  PlainJpegReader reader(file);
  if (scale == Scale::eighth_grey) {
    reader.library().out_color_space = JCS_GRAYSCALE;
    reader.library().scale_denom = 8;
  }
  reader.decode(nullptr);
}

/// Averages each target pixel over the source pixels that it covers.
std::vector<uint8_t> rescale(const Picture& from, uint32_t width, uint32_t height) {
  std::vector<uint8_t> out;
  out.reserve(size_t{width} * height * 3);
  const auto begin_of = [](uint32_t at, uint32_t target, uint32_t source) {
    return static_cast<uint32_t>(uint64_t{at} * source / target);
  };
  for (uint32_t y = 0; y < height; ++y) {
    const uint32_t top = begin_of(y, height, from.shape.height);
    const uint32_t bottom = std::max(top + 1, begin_of(y + 1, height, from.shape.height));
    for (uint32_t x = 0; x < width; ++x) {
      const uint32_t left = begin_of(x, width, from.shape.width);
      const uint32_t right = std::max(left + 1, begin_of(x + 1, width, from.shape.width));
      for (uint32_t c = 0; c < 3; ++c) {
        uint32_t sum = 0;
        for (uint32_t v = top; v < bottom; ++v) {
          for (uint32_t u = left; u < right; ++u) {
            sum += from.row(v)[size_t{u} * from.shape.channels + c % from.shape.channels];
          }
        }
        out.push_back(static_cast<uint8_t>(sum / ((bottom - top) * (right - left))));
      }
    }
  }
  return out;
}

File users_file() {
  const char* name = std::getenv("SAFELIGHT_BENCH_JPEG");
  if (name == nullptr) return {};
  std::ifstream in(name, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

File bench_file(uint32_t width, uint32_t height) {
  const EncodeOptions options{.width = width, .height = height, .quality = 88};
  const File source = users_file();
  if (source.empty()) return test_jpeg(Content::natural, options, 1);
  WholePictureSink whole;
  DecodeRequest request;
  request.rows = &whole;
  if (!decode_jpeg(source, request)) return {};
  return encode_jpeg(rescale(whole.picture, width, height), options);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(benchmark::State& state, const File& file, SimdLevel level) {
  const auto decoded = decode_jpeg(file, {}, level);
  if (!decoded || decoded->nearest.samples != plain_nearest(file).samples) {
    state.SkipWithError("the sparse decode is not the plain one");
    return;
  }
  std::vector<double> full;
  std::vector<double> floor;
  std::vector<double> sparse;
  for (auto _ : state) {
    const double start = cpu_ms();
    decode_with_library(file, Scale::full);
    const double after_full = cpu_ms();
    decode_with_library(file, Scale::eighth_grey);
    const double after_floor = cpu_ms();
    benchmark::DoNotOptimize(decode_jpeg(file, {}, level));
    const double end = cpu_ms();
    full.push_back(after_full - start);
    floor.push_back(after_floor - after_full);
    sparse.push_back(end - after_floor);
    state.SetIterationTime((end - after_floor) * 1e-3);
  }
  state.counters["full_ms"] = median(full);
  state.counters["sparse_ms"] = median(sparse);
  state.counters["sparse_ratio"] = median(sparse) / median(full);
  state.counters["eighth_grey_ratio"] = median(floor) / median(full);
  state.counters["bits_per_pixel"] =
      8.0 * static_cast<double>(file.size()) / (1.0 * decoded->shape.width * decoded->shape.height);
}

const bool kRegistered = [] {
  const auto add = [](const std::string& name, const File& file) {
    for (const SimdLevel level : available_simd_levels()) {
      benchmark::RegisterBenchmark((name + '/' + std::string(to_text(level))).c_str(), compare,
                                   file, level)
          ->UseManualTime()
          ->Iterations(15)
          ->Unit(benchmark::kMillisecond);
    }
  };
  add("jpeg_12mp", bench_file(4000, 3000));
  add("jpeg_4mp", bench_file(2309, 1732));
  add("jpeg_1mp", bench_file(1155, 866));
  if (const File file = users_file(); !file.empty()) add("users_file", file);
  return true;
}();

}  // namespace
