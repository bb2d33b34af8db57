// How often each trace of safelight/traces is seen where it is, and where it is not: the
// measurement behind the thresholds there (safelight/traces/README.md).
//
//   bench_trace_rates FILE_OR_FOLDER... [--trace NAME] [--raw]
//
// Takes pictures that are at least 640 pixels wide and high, and of each its middle. Makes the
// traces itself: by saving at known qualities, cropping and scaling. Pictures for the double
// compression are halved first (mean of 2x2), which removes the history that the file has. Files
// whose number is even are those that thresholds were chosen on; the odd ones are held out. --raw
// prints every statistic.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "safelight/codec/format.h"
#include "safelight/codec/still/still.h"
#include "safelight/traces/cfa.h"
#include "safelight/traces/double_jpeg.h"
#include "safelight/traces/jpeg_for_test.h"
#include "safelight/traces/resampling.h"

namespace {

using namespace safelight;
using namespace safelight::traces;

constexpr uint32_t kSide = 1024;
constexpr uint32_t kMinSide = 640;
constexpr int kQualities[] = {60, 75, 85, 92, 98};

Picture middle_of(const Picture& picture, uint32_t side) {
  const uint32_t width = std::min(picture.shape.width, side) / 16 * 16;
  const uint32_t height = std::min(picture.shape.height, side) / 16 * 16;
  return crop(picture, (picture.shape.width - width) / 32 * 16,
              (picture.shape.height - height) / 32 * 16, width, height);
}

Picture halved(const Picture& picture) {
  Picture out;
  out.shape = {picture.shape.width / 2, picture.shape.height / 2, picture.shape.channels};
  for (uint32_t y = 0; y < out.shape.height; ++y) {
    const auto upper = picture.row(2 * y);
    const auto lower = picture.row(2 * y + 1);
    for (size_t x = 0; x < out.shape.width; ++x) {
      for (size_t c = 0; c < out.shape.channels; ++c) {
        const size_t a = 2 * x * out.shape.channels + c;
        const size_t b = a + out.shape.channels;
        out.samples.push_back(
            static_cast<uint8_t>((upper[a] + upper[b] + lower[a] + lower[b] + 2) / 4));
      }
    }
  }
  return out;
}

enum class Kernel { linear, cubic };

double weight(Kernel kernel, double x) {
  x = std::abs(x);
  if (kernel == Kernel::linear) return std::max(0.0, 1 - x);
  constexpr double a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/// Scales along rows and turns the result by a quarter, so that twice scales both ways. The kernel
/// is widened where the picture shrinks, as photo editors do.
Picture scaled_and_turned(const Picture& picture, double factor, Kernel kernel) {
  const auto width = static_cast<uint32_t>(std::lround(picture.shape.width * factor));
  const size_t channels = picture.shape.channels;
  Picture out;
  out.shape = {picture.shape.height, width, picture.shape.channels};
  out.samples.resize(out.shape.height * out.shape.row_bytes());
  const double widen = std::max(1.0, 1 / factor);
  const double reach = (kernel == Kernel::linear ? 1 : 2) * widen;
  for (uint32_t x = 0; x < width; ++x) {
    const double centre = (x + 0.5) / factor - 0.5;
    const int first = std::max(0, static_cast<int>(std::ceil(centre - reach)));
    const int last = std::min(static_cast<int>(picture.shape.width) - 1,
                              static_cast<int>(std::floor(centre + reach)));
    std::vector<double> weights;
    double all = 0;
    for (int i = first; i <= last; ++i) {
      weights.push_back(weight(kernel, (i - centre) / widen));
      all += weights.back();
    }
    for (uint32_t y = 0; y < picture.shape.height; ++y) {
      const auto row = picture.row(y);
      for (size_t c = 0; c < channels; ++c) {
        double sum = 0;
        for (size_t i = 0; i < weights.size(); ++i) {
          sum += weights[i] * row[(static_cast<size_t>(first) + i) * channels + c];
        }
        out.samples[(size_t{x} * out.shape.width + y) * channels + c] =
            static_cast<uint8_t>(std::clamp(std::lround(sum / all), 0l, 255l));
      }
    }
  }
  return out;
}

Picture scaled(const Picture& picture, double factor, Kernel kernel) {
  return scaled_and_turned(scaled_and_turned(picture, factor, kernel), factor, kernel);
}

Picture saved(const Picture& picture, int quality) {
  return decode_jpeg(encode_jpeg(picture, {.quality = quality}));
}

class Rates {
 public:
  Rates(std::string only, bool raw) : only_(std::move(only)), raw_(raw) {}

  void examine(const std::string& path, bool held_out) {
    std::ifstream in(path, std::ios::binary);
    const std::vector<char> chars((std::istreambuf_iterator<char>(in)), {});
    const auto file = std::as_bytes(std::span(chars));
    const auto format = codec::sniff(file.first(std::min(file.size(), codec::kSniffBytes)));
    WholePictureSink rows;
    codec::DecodeRequest request;
    request.rows = &rows;
    const auto decoded = codec::decode_still(format, file, std::nullopt, request);
    if (!decoded || decoded->incomplete) return;
    const Picture& whole = rows.picture;
    if (std::min(whole.shape.width, whole.shape.height) < kMinSide || whole.shape.channels != 3) {
      return;
    }
    held_out_ = held_out;
    path_ = &path;
    const Picture native = middle_of(whole, kSide);
    const Picture half = middle_of(halved(middle_of(whole, 2 * kSide)), kSide);
    if (wanted("aligned")) {
      if (format == codec::Format::jpeg) {
        add("aligned", "file as it is", aligned_double_jpeg(LumaCoefficients(file).plane));
      }
      aligned(half);
    }
    if (wanted("shifted")) {
      add("shifted", "file as it is", shifted_double_jpeg(whole));
      shifted(half);
    }
    if (wanted("resampling")) {
      add("resampling", "file as it is", resampling(whole));
      scaling(native);
    }
    if (wanted("cfa")) {
      add("cfa", "file as it is", colour_filter_array(whole));
      add("cfa", "saved again at 95", colour_filter_array(saved(native, 95)));
      add("cfa", "saved again at 85", colour_filter_array(saved(native, 85)));
      add("cfa", "scaled by 0.8", colour_filter_array(scaled(native, 0.8, Kernel::cubic)));
      add("cfa", "halved", colour_filter_array(half));
    }
  }

  void print() const {
    std::puts(
        "trace\tcondition\tchosen on: n\tnot assessable\tpresent\tmedian\t95%\tmost\t"
        "held out: n\tnot assessable\tpresent\tmedian\t95%\tmost");
    for (const auto& [key, halves] : results_) {
      std::printf("%s", key.c_str());
      for (const auto& traces : halves) print_half(traces);
      std::puts("");
    }
  }

 private:
  static void print_half(const std::vector<Trace>& traces) {
    std::vector<double> statistics;
    size_t present = 0;
    for (const Trace& trace : traces) {
      if (trace.presence == Presence::not_assessable) continue;
      statistics.push_back(trace.statistic);
      if (trace.presence == Presence::present) ++present;
    }
    std::sort(statistics.begin(), statistics.end());
    const auto at = [&](double share) {
      if (statistics.empty()) return 0.0;
      return statistics[static_cast<size_t>(share * static_cast<double>(statistics.size() - 1))];
    };
    std::printf("\t%zu\t%zu\t%zu\t%.3f\t%.3f\t%.3f", traces.size(),
                traces.size() - statistics.size(), present, at(0.5), at(0.95), at(1));
  }

  [[nodiscard]] bool wanted(const char* trace) const { return only_.empty() || only_ == trace; }

  void add(const std::string& trace, const std::string& condition, const Trace& result) {
    results_[trace + "\t" + condition][held_out_ ? 1 : 0].push_back(result);
    if (raw_) {
      std::printf("raw\t%s\t%s\t%s\t%.4f\n", trace.c_str(), condition.c_str(), path_->c_str(),
                  result.presence == Presence::not_assessable ? -1 : result.statistic);
    }
  }

  void aligned(const Picture& picture) {
    for (const int second : kQualities) {
      const auto once = encode_jpeg(picture, {.quality = second});
      add("aligned", "once at " + std::to_string(second),
          aligned_double_jpeg(LumaCoefficients(once).plane));
    }
    for (const int first : kQualities) {
      const Picture between = saved(picture, first);
      for (const int second : kQualities) {
        if (first == second) continue;
        const auto twice = encode_jpeg(between, {.quality = second});
        add("aligned", "at " + std::to_string(first) + " then " + std::to_string(second),
            aligned_double_jpeg(LumaCoefficients(twice).plane));
      }
    }
  }

  void shifted(const Picture& picture) {
    for (const int second : kQualities) {
      add("shifted", "once at " + std::to_string(second),
          shifted_double_jpeg(saved(picture, second)));
    }
    for (const int first : kQualities) {
      const Picture between = saved(picture, first);
      const Picture cut = crop(between, 3, 5, between.shape.width - 16, between.shape.height - 16);
      for (const int second : kQualities) {
        add("shifted", "at " + std::to_string(first) + " then " + std::to_string(second),
            shifted_double_jpeg(saved(cut, second)));
      }
    }
  }

  void scaling(const Picture& picture) {
    add("resampling", "saved again at 90", resampling(saved(picture, 90)));
    for (const double factor : {0.6, 0.8, 0.9, 1.1, 1.3, 1.6, 1.9}) {
      for (const Kernel kernel : {Kernel::linear, Kernel::cubic}) {
        const Picture result = scaled(picture, factor, kernel);
        char name[64];
        std::snprintf(name, sizeof(name), "by %.1f %s", factor,
                      kernel == Kernel::linear ? "linear" : "cubic");
        add("resampling", name, resampling(result));
        for (const int quality : {95, 85}) {
          add("resampling", name + std::string(" saved at ") + std::to_string(quality),
              resampling(saved(result, quality)));
        }
      }
    }
  }

  std::string only_;
  bool raw_;
  bool held_out_ = false;
  const std::string* path_ = nullptr;
  std::map<std::string, std::array<std::vector<Trace>, 2>> results_;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  std::string only;
  bool raw = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--raw") {
      raw = true;
    } else if (word == "--trace" && i + 1 < argc) {
      only = argv[++i];
    } else if (!std::filesystem::is_directory(word)) {
      paths.push_back(word);
    } else {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(word)) {
        if (entry.is_regular_file()) paths.push_back(entry.path().string());
      }
    }
  }
  std::sort(paths.begin(), paths.end());
  Rates rates(only, raw);
  for (size_t i = 0; i < paths.size(); ++i) rates.examine(paths[i], i % 2 == 1);
  rates.print();
  return 0;
}
