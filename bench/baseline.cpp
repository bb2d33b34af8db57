// What a scan is compared with: decode + PDQ + three digests over the files below a folder, in this
// process, on so many threads, and nothing else: no confinement, no case, no lists. It uses the
// same decoders, hashers and digests, so the difference is what the rest of a scan costs.
//
//   bench_baseline FOLDER THREADS     prints {"files", "fingerprints", "wall_s", "cpu_s"} as JSON
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/codec/format.h"
#include "safelight/codec/still/still.h"
#include "safelight/digest/digester.h"
#include "safelight/pdq/reference.h"

namespace {

using namespace safelight;

/// One thread's share: takes the next file until there is none.
class Loop {
 public:
  /// Whether the file has a fingerprint.
  bool examine(const std::string& path) {
    const auto file = FileSource::open(AT_FDCWD, path.c_str());
    if (!file) return false;
    auto format = codec::Format::unknown;
    const auto digests = digest(digester_, *file, scratch_, [&](std::span<const std::byte> head) {
      format = codec::sniff(head.first(std::min(head.size(), codec::kSniffBytes)));
    });
    const auto mapping = FileMapping::map(file->descriptor());
    if (!digests || !mapping) return false;
    const auto decoded = codec::decode_still(format, mapping->bytes(), std::nullopt, {});
    return decoded && hasher_.hash_all_orientations(decoded->nearest).has_value();
  }

 private:
  Digester digester_;
  std::vector<std::byte> scratch_ = std::vector<std::byte>(256 << 10);
  pdq::ReferenceHasher hasher_{detect_simd_level()};
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_baseline FOLDER THREADS\n", stderr);
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::atomic<size_t> next = 0;
  std::atomic<size_t> fingerprints = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < std::max(1, std::atoi(argv[2])); ++i) {
      threads.emplace_back([&] {
        Loop loop;
        for (size_t at = next++; at < paths.size(); at = next++) {
          if (loop.examine(paths[at])) ++fingerprints;
        }
      });
    }
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  std::printf("{\"files\": %zu, \"fingerprints\": %zu, \"wall_s\": %.4f, \"cpu_s\": %.4f}\n",
              paths.size(), fingerprints.load(), wall.count(), cpu_seconds());
  return 0;
}
