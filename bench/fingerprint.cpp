// JPEG file to fingerprint, in this process on one thread, against libjpeg-turbo's own full RGB
// decode of the same file: the two interleaved, thread CPU time, median of the repetitions.
//
//   bench_fingerprint FILE.jpg... [--repeat N]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <time.h>
#include <vector>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/pdq/full.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/jpeg_for_test.h"
#include "safelight/picture/nearest.h"

namespace {

using namespace safelight;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// `whole`, where it is not null, takes the samples.
PictureShape decode_with_library(std::span<const std::byte> file, RowSink* whole) {
  PlainJpegReader reader(file);
  reader.library().out_color_space = JCS_RGB;
  reader.decode(whole);
  return {reader.library().output_width, reader.library().output_height, 3};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::vector<std::byte> read(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

class Bench {
 public:
  /// Prints a line; false if the file's fingerprints are not those of the library's pixels.
  bool compare(const char* path, int repeat) {
    const auto file = read(path);
    if (file.empty()) return false;
    NearestSink nearest;
    const PictureShape shape = decode_with_library(file, &nearest);
    decode_with_library(file, &full_);
    const auto expected_reference = reference_.hash_all_orientations(std::move(nearest).take());
    const auto expected_full = full_.finish();
    const auto got_reference = to_reference(file);
    const auto got_full = to_full(file);
    if (!expected_reference || !expected_full || !got_reference || !got_full ||
        !same(*expected_reference, *got_reference) || !same(*expected_full, *got_full)) {
      return false;
    }
    std::vector<double> library;
    std::vector<double> reference;
    std::vector<double> full;
    for (int i = 0; i < repeat; ++i) {
      const double start = cpu_ms();
      decode_with_library(file, nullptr);
      const double after_library = cpu_ms();
      (void)to_reference(file);
      const double after_reference = cpu_ms();
      (void)to_full(file);
      const double end = cpu_ms();
      library.push_back(after_library - start);
      reference.push_back(after_reference - after_library);
      full.push_back(end - after_reference);
    }
    const double pixels = 1.0 * shape.width * shape.height;
    std::printf("%9.2f %8.2f %10.2f %12.2f %10.3f %8.2f %6.3f\n", pixels * 1e-6,
                8.0 * static_cast<double>(file.size()) / pixels, median(library), median(reference),
                median(reference) / median(library), median(full), median(full) / median(library));
    return true;
  }

 private:
  Result<pdq::OrientationHashes> to_reference(std::span<const std::byte> file) {
    const auto decoded = codec::decode_jpeg(file, {});
    if (!decoded) return decoded.error();
    return reference_.hash_all_orientations(decoded->nearest);
  }

  Result<pdq::OrientationHashes> to_full(std::span<const std::byte> file) {
    codec::DecodeRequest request;
    request.nearest = false;
    request.rows = &full_;
    if (const auto decoded = codec::decode_jpeg(file, request); !decoded) return decoded.error();
    return full_.finish();
  }

  static bool same(const pdq::OrientationHashes& a, const pdq::OrientationHashes& b) {
    return std::equal(a.begin(), a.end(), b.begin(), [](const PdqHash& one, const PdqHash& other) {
      return one.fingerprint == other.fingerprint && one.quality == other.quality;
    });
  }

  pdq::ReferenceHasher reference_{detect_simd_level()};
  pdq::FullHasher full_{detect_simd_level()};
};

}  // namespace

int main(int argc, char** argv) {
  int repeat = 15;
  std::vector<const char*> paths;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--repeat" && i + 1 < argc) {
      repeat = std::max(1, std::atoi(argv[++i]));
    } else {
      paths.push_back(argv[i]);
    }
  }
  std::printf("%9s %8s %10s %12s %10s %8s %6s\n", "megapixel", "bit/px", "library ms",
              "reference ms", "ratio", "full ms", "ratio");
  Bench bench;
  for (const char* path : paths) {
    if (!bench.compare(path, repeat)) {
      std::fprintf(stderr, "%s: cannot be read, or its fingerprints differ\n", path);
      return 1;
    }
  }
  return 0;
}
