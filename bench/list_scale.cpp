// What a list of very many fingerprints costs: building, opening, changing, looking up, merging.
// Random rows, seeded; files go to a folder that must not exist, and are removed at the end.
//
//   bench_list_scale FOLDER ROWS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <sys/resource.h>
#include <time.h>
#include <vector>

#include "safelight/lists/list_store.h"
#include "safelight/lists/matcher.h"

namespace {

using namespace safelight;

constexpr std::string_view kName = "scale";
constexpr std::string_view kWhen = "2026-01-01T00:00:00Z";

double seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

/// Processor time of all threads.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// How long something took, and how much of the processors.
struct Taken {
  double wall_s = 0;
  double processor_s = 0;
};

template <typename Work>
Taken timed(const Work& work) {
  const double begin = seconds();
  const double processor_begin = processor_seconds();
  work();
  return {seconds() - begin, processor_seconds() - processor_begin};
}

void print(const char* what, Taken taken) {
  std::printf("%s: %.3f s, processor %.3f s\n", what, taken.wall_s, taken.processor_s);
  std::fflush(stdout);
}

template <typename T>
T good(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%.*s\n", static_cast<int>(result.error().rule.size()),
               result.error().rule.data());
  std::exit(1);
}

Fingerprint random_fingerprint(std::mt19937_64& random) {
  Fingerprint fingerprint;
  for (uint64_t& word : fingerprint.words) word = random();
  return fingerprint;
}

/// A list of `rows` fingerprints, one a line, that the same seed gives again.
FileSource source(const std::filesystem::path& path, uint64_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  {
    std::ofstream out(path, std::ios::binary);
    out << "pdq\n";
    for (uint64_t i = 0; i < rows; ++i) out << to_hex(random_fingerprint(random)) << '\n';
  }
  return good(FileSource::open(AT_FDCWD, path.c_str()));
}

/// Peak of this process's memory in MiB, pages of mapped files among it.
uint64_t peak_resident_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) / 1024;
}

/// Queries a second of processor time, half of them of the list and half of them not, in calls of
/// so many.
double look_ups(const HashList& list, uint64_t rows, size_t per_call, size_t calls) {
  std::mt19937_64 rows_again(1);
  std::mt19937_64 others(99);
  std::vector<Fingerprint> queries;
  size_t listed = 0;
  double spent = 0;
  ListMatches matches;
  for (size_t call = 0; call < calls; ++call) {
    queries.clear();
    for (size_t i = 0; i < per_call; ++i) {
      const bool of_list = i % 2 == 0 && listed < rows;
      listed += of_list ? 1 : 0;
      queries.push_back(random_fingerprint(of_list ? rows_again : others));
      if (of_list) queries.back().words[i % 4] ^= 0xff;
    }
    spent += timed([&] {
               list.search(queries, {kDefaultRadiusBits, Matcher::kMaxHits}, matches);
             }).processor_s;
    if (matches.matches.size() < (per_call + 1) / 2) {
      std::fprintf(stderr, "a row of the list was not found\n");
      std::exit(1);
    }
  }
  return static_cast<double>(per_call * calls) / spent;
}

void run(const std::filesystem::path& folder, uint64_t rows) {
  ListStore store = ListStore::open(folder / "lists");
  {
    const FileSource file = source(folder / "source", rows, 1);
    const ListInput input{file, "source"};
    CompileReport report;
    print("build",
          timed([&] { report = good(store.build(kName, std::span(&input, 1), {}, kWhen)); }));
    std::printf("  %llu entries, %.1f bytes each, peak resident %llu MiB\n",
                static_cast<unsigned long long>(report.info.entries),
                static_cast<double>(report.info.file_bytes) / static_cast<double>(rows),
                static_cast<unsigned long long>(peak_resident_mib()));
  }
  std::filesystem::remove(folder / "source");
  for (int i = 0; i < 5; ++i) print("open", timed([&] { (void)good(store.load(kName)); }));
  for (const uint64_t added : {uint64_t{1}, uint64_t{10'000}}) {
    const FileSource file = source(folder / "more", added, 1'000 + added);
    print(added == 1 ? "add 1, visible" : "add 10,000, visible", timed([&] {
            (void)good(store.add(kName, {file, "more"}, {}, kWhen));
          }));
    if (added == 1) continue;
    print("remove them, visible", timed([&] {
            (void)good(store.remove(kName, {file, "more"}, {}, kWhen));
          }));
  }
  print("merge the small segments", timed([&] { (void)good(store.merge_small(kName, kWhen)); }));
  {
    const HashList list = good(store.load(kName));
    std::printf("look-ups, 1,024 a call: %.0f a second at first touch, ",
                look_ups(list, rows, 1'024, 2));
    std::printf("%.0f later; one a call: %.0f\n", look_ups(list, rows, 1'024, 8),
                look_ups(list, rows, 1, 200));
  }
  print("merge all", timed([&] { (void)good(store.merge(kName, kWhen)); }));
  std::printf("  peak resident %llu MiB\n", static_cast<unsigned long long>(peak_resident_mib()));
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t rows = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (rows == 0 || std::filesystem::exists(argv[1])) {
    std::fprintf(stderr, "usage: bench_list_scale FOLDER ROWS, where FOLDER does not exist\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  run(folder, rows);
  std::filesystem::remove_all(folder);
  return 0;
}
