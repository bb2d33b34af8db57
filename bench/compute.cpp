// Pixels to one fingerprint, on one thread: what python_compute.py measures the Python module
// against.
//
//   bench_compute PIXELS WIDTH HEIGHT reference|full REPEAT
//
// PIXELS is a file of red, green and blue samples. Prints the fingerprint, the quality, and the
// median and the least of the thread's processor time, in microseconds.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <time.h>
#include <vector>

#include "safelight/pdq/full.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/nearest.h"

namespace {

using namespace safelight;

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

class Hashers {
 public:
  Result<PdqHash> hash(const Picture& picture, PdqMode mode) {
    if (mode == PdqMode::reference) {
      nearest_.begin(picture.shape);
      nearest_.rows(0, picture.samples);
      return reference_.hash(nearest_.picture());
    }
    full_.begin(picture.shape);
    full_.rows(0, picture.samples);
    return full_.finish_original();
  }

 private:
  pdq::ReferenceHasher reference_{detect_simd_level()};
  pdq::FullHasher full_{detect_simd_level()};
  NearestSink nearest_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  std::ifstream in(argv[1], std::ios::binary);
  const std::vector<char> samples{std::istreambuf_iterator<char>(in), {}};
  Picture picture;
  picture.shape = {static_cast<uint32_t>(std::atoi(argv[2])),
                   static_cast<uint32_t>(std::atoi(argv[3])), 3};
  picture.samples.assign(samples.begin(), samples.end());
  const auto mode = pdq_mode_from_text(argv[4]);
  const int repeat = std::atoi(argv[5]);
  if (!mode || repeat < 1 ||
      picture.samples.size() != picture.shape.row_bytes() * picture.shape.height) {
    return 2;
  }
  Hashers hashers;
  std::vector<double> times;
  Result<PdqHash> hash = hashers.hash(picture, *mode);
  for (int i = 0; i < repeat; ++i) {
    const double begin = cpu_us();
    hash = hashers.hash(picture, *mode);
    times.push_back(cpu_us() - begin);
  }
  if (!hash) return 2;
  std::sort(times.begin(), times.end());
  std::printf("%s %d %.3f %.3f\n", to_hex(hash->fingerprint).c_str(), hash->quality,
              times[times.size() / 2], times.front());
  return 0;
}
