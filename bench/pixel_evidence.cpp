// What examining the pixels of a picture costs beside decoding it: thread CPU time, all kinds of a
// run interleaved, medians and quartiles in milliseconds.
//
//   bench_pixel_evidence [FILE...]
//
// Takes a textured chart of 4000 x 3000 pixels as JPEG (saved twice) and as PNG with alpha, or the
// files that are named. "reduced" is the decode that a scan without --deep makes, for the reduced
// picture of PDQ's reference mode alone; "rows" hands out every row to nobody; "examined" is that
// with the examination of pixels.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <time.h>
#include <vector>

#include "tests/examine_pixels.h"

#include "safelight/codec/still/png/png_encode_for_test.h"
#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"

namespace {

using namespace safelight;

constexpr int kRuns = 15;

using File = std::vector<std::byte>;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

class Nobody final : public RowSink {
 public:
  void begin(const PictureShape&) override {}
  void rows(uint32_t, std::span<const uint8_t>) override {}
};

void decode(const File& file, RowSink* rows) {
  codec::DecodeRequest request;
  request.rows = rows;
  const auto format =
      codec::sniff(std::span(file).first(std::min(file.size(), codec::kSniffBytes)));
  if (!codec::decode_still(format, file, std::nullopt, request)) std::abort();
}

struct Times {
  std::vector<double> ms;

  template <typename Work>
  void add(const Work& work) {
    const double start = cpu_ms();
    work();
    ms.push_back(cpu_ms() - start);
  }
  [[nodiscard]] double at(double share) const {
    std::vector<double> sorted = ms;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
  }
  void print(const char* name) const {
    std::printf("  %s %.0f (%.0f to %.0f)", name, at(0.5), at(0.25), at(0.75));
  }
};

void measure(const std::string& name, const File& file) {
  std::printf("%s:", name.c_str());
  for (const Finding& finding : scan::examine_pixels(file).findings) {
    std::printf(" %s", finding.kind.c_str());
  }
  std::printf("\n");
  Times reduced;
  Times rows;
  Times examined;
  Nobody nobody;
  for (int i = 0; i < kRuns; ++i) {
    reduced.add([&] { decode(file, nullptr); });
    rows.add([&] { decode(file, &nobody); });
    examined.add([&] { scan::examine_pixels(file); });
  }
  reduced.print("reduced");
  rows.print("rows");
  examined.print("examined");
  std::printf("  examined/rows %.2f  examined/reduced %.2f\n", examined.at(0.5) / rows.at(0.5),
              examined.at(0.5) / reduced.at(0.5));
}

File png_of(const Picture& picture) {
  Picture rgba;
  rgba.shape = {picture.shape.width, picture.shape.height, 4};
  rgba.samples.reserve(rgba.shape.height * rgba.shape.row_bytes());
  for (size_t i = 0; i < picture.samples.size(); i += 3) {
    rgba.samples.insert(rgba.samples.end(), picture.samples.begin() + static_cast<long>(i),
                        picture.samples.begin() + static_cast<long>(i) + 3);
    rgba.samples.push_back(255);
  }
  return codec::encode_png({.width = rgba.shape.width,
                            .height = rgba.shape.height,
                            .colour_type = PNG_COLOR_TYPE_RGBA,
                            .rows = rgba.samples});
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::vector<char> chars((std::istreambuf_iterator<char>(in)), {});
    const auto bytes = std::as_bytes(std::span(chars));
    measure(argv[i], {bytes.begin(), bytes.end()});
  }
  if (argc > 1) return 0;
  const Picture chart = traces::textured_chart(4000, 3000, 1);
  const Picture once = traces::decode_jpeg(traces::encode_jpeg(chart, {.quality = 75}));
  measure("JPEG, 12 megapixels", traces::encode_jpeg(once, {.quality = 92}));
  measure("PNG with alpha, 12 megapixels", png_of(chart));
  return 0;
}
