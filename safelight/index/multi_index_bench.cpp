// Queries that MultiIndex answers a second, next to FlatIndex over the same rows and queries in the
// same run (and next to Faiss, where that was found when this was built). Each answer is checked
// against FlatIndex first: recall 1, no match more, the distances the same.
//
//   index_multi_index_bench [--rows N] [--set uniform|clustered|hub_heavy] [--threads T] ...
//
// Half of the queries are uniform, half rows with 0 to 31 flips. Times are of the processor where
// one thread works, and of the wall clock where several do.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

#include "safelight/index/block_check.h"
#include "safelight/index/flat_index.h"
#include "safelight/index/internal/fingerprint_sets.h"
#include "safelight/index/multi_index.h"

#ifdef SAFELIGHT_BENCH_FAISS
#include <faiss/IndexBinaryHash.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <omp.h>
#endif

namespace safelight {
namespace {

using index_internal::append_clusters;
using index_internal::flip_bits;
using index_internal::Random;
using index_internal::uniform_fingerprint;
using index_internal::uniform_fingerprints;

constexpr uint64_t kSeed = 31;

struct Arguments {
  size_t rows = 1'000'000;
  std::string set = "uniform";
  size_t queries = 16'384;
  unsigned threads = 2;
  size_t checked = 1024;  // queries compared with FlatIndex; 0 makes none
  size_t faiss_queries = 0;
  int repetitions = 5;
  size_t batch = 1024;
  bool brief = false;  // only the first figure
  std::optional<SimdLevel> level;
  std::optional<MultiPlan> plan;
};

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double peak_gigabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024e-9;
}

/// `clustered`: 60 % alone, 38 % in clusters, 2 % around 20 templates. `hub_heavy`: 30 % in
/// clusters and 10 % around the templates.
std::vector<Fingerprint> make_rows(const Arguments& arguments, Random& random) {
  const size_t rows = arguments.rows;
  if (arguments.set == "uniform") return uniform_fingerprints(rows, random);
  const size_t in_hubs = arguments.set == "hub_heavy" ? rows / 10 : rows / 50;
  auto out = uniform_fingerprints(rows * 60 / 100, random);
  append_clusters(out, rows - in_hubs - out.size(), random);
  const auto templates = uniform_fingerprints(20, random);
  while (out.size() < rows) {
    out.push_back(flip_bits(templates[random() % 20], 20 + random() % 51, random));
  }
  std::shuffle(out.begin(), out.end(), random);
  return out;
}

struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

void print(const char* what, const Spread& per_second) {
  std::printf("%-34s %10.0f queries/s  (%.0f to %.0f)\n", what, per_second.median, per_second.least,
              per_second.most);
  std::fflush(stdout);
}

/// Queries a second of one thread, in calls of `batch` queries.
Spread rate_of(const FingerprintIndex& index, std::span<const Fingerprint> queries, size_t batch,
               int repetitions, const SearchOptions& options = {}) {
  std::vector<double> rates;
  Matches found;
  for (int i = 0; i < repetitions; ++i) {
    const double begin = thread_seconds();
    for (size_t first = 0; first < queries.size(); first += batch) {
      index.search(queries.subspan(first, std::min(batch, queries.size() - first)), options, found);
    }
    rates.push_back(static_cast<double>(queries.size()) / (thread_seconds() - begin));
  }
  return spread_of(rates);
}

/// The same with several threads that share the queries, by the wall clock.
Spread rate_of_threads(const FingerprintIndex& index, std::span<const Fingerprint> queries,
                       size_t batch, int repetitions, unsigned threads) {
  std::vector<double> rates;
  for (int i = 0; i < repetitions; ++i) {
    std::atomic<size_t> next{0};
    const double begin = wall_seconds();
    {
      std::vector<std::jthread> workers;
      for (unsigned t = 0; t < threads; ++t) {
        workers.emplace_back([&] {
          Matches found;
          for (size_t first = next.fetch_add(batch); first < queries.size();
               first = next.fetch_add(batch)) {
            index.search(queries.subspan(first, std::min(batch, queries.size() - first)), {},
                         found);
          }
        });
      }
    }
    rates.push_back(static_cast<double>(queries.size()) / (wall_seconds() - begin));
  }
  return spread_of(rates);
}

bool answers_as(const MultiIndex& index, const FlatIndex& flat,
                std::span<const Fingerprint> queries) {
  Matches found;
  Matches wanted;
  size_t matches = 0;
  for (const uint32_t limit : {100u, kNoMatchLimit}) {
    index.search(queries, {31, limit}, found);
    flat.search(queries, {31, limit}, wanted);
    if (found.matches != wanted.matches || found.cut != wanted.cut) return false;
    matches = wanted.matches.size();
  }
  std::printf("checked: %zu queries, %zu matches as FlatIndex finds them\n", queries.size(),
              matches);
  return true;
}

/// The same against a plain loop, where a FlatIndex would take too much memory.
bool answers_as_a_loop(const MultiIndex& index, std::span<const Fingerprint> rows,
                       std::span<const Fingerprint> queries) {
  Matches found;
  index.search(queries, {}, found);
  for (uint32_t query = 0; query < queries.size(); ++query) {
    std::vector<Match> wanted;
    for (uint32_t row = 0; row < rows.size(); ++row) {
      const uint32_t distance_bits = hamming_distance(rows[row], queries[query]);
      if (distance_bits <= 31) wanted.push_back({query, row, distance_bits});
    }
    std::sort(wanted.begin(), wanted.end(), [](const Match& a, const Match& b) {
      return std::pair(a.distance_bits, a.entry) < std::pair(b.distance_bits, b.entry);
    });
    if (!std::ranges::equal(found.of(query), wanted)) return false;
  }
  std::printf("checked: %zu queries, %zu matches as a loop finds them\n", queries.size(),
              found.matches.size());
  return true;
}

#ifdef SAFELIGHT_BENCH_FAISS
void run_faiss(const Arguments& arguments, std::span<const Fingerprint> rows,
               std::span<const Fingerprint> queries) {
  omp_set_num_threads(1);
  faiss::IndexBinaryMultiHash index(256, 16, 16);
  index.nflip = 1;
  const double begin = thread_seconds();
  index.add(static_cast<int64_t>(rows.size()), reinterpret_cast<const uint8_t*>(rows.data()));
  std::printf("Faiss MultiHash 16x16 built in %.2f s\n", thread_seconds() - begin);
  const auto some = queries.first(std::min(arguments.faiss_queries, queries.size()));
  std::vector<double> rates;
  for (int i = 0; i < arguments.repetitions; ++i) {
    faiss::RangeSearchResult result(some.size());
    const double start = thread_seconds();
    // Faiss leaves out what is at just its radius.
    index.range_search(static_cast<int64_t>(some.size()),
                       reinterpret_cast<const uint8_t*>(some.data()), 32, &result);
    rates.push_back(static_cast<double>(some.size()) / (thread_seconds() - start));
  }
  print("Faiss MultiHash 16x16 nflip 1", spread_of(rates));
}
#endif

/// A query into a hub of 100,000 near-equal rows, alone and among the others.
void run_hub(const Arguments& arguments, std::vector<Fingerprint> rows,
             std::span<const Fingerprint> queries, SimdLevel level) {
  Random random(kSeed + 1);
  const Fingerprint centre = uniform_fingerprint(random);
  const size_t members = std::min<size_t>(100'000, rows.size() / 2);
  const MultiIndex before = MultiIndex::build(rows, {31, arguments.threads, arguments.plan}, level);
  const Spread rate_before = rate_of(before, queries, arguments.batch, arguments.repetitions);
  for (size_t i = 0; i < members; ++i) {
    rows[i * (rows.size() / members)] = flip_bits(centre, random() % 9, random);
  }
  const MultiIndex index = MultiIndex::build(rows, {31, arguments.threads, arguments.plan}, level);
  // Members that became part of the hub are not asked for: only unlike queries count as others.
  std::vector<Fingerprint> others;
  for (const Fingerprint& query : queries) {
    if (hamming_distance(query, centre) > 80) others.push_back(query);
  }
  print("others, without the hub", rate_before);
  print("others, with a hub of 100,000",
        rate_of(index, others, arguments.batch, arguments.repetitions));
  std::vector<double> milliseconds;
  Matches found;
  constexpr int kWarmUps = 20;
  for (int i = 0; i < kWarmUps + 101; ++i) {
    const Fingerprint query = flip_bits(centre, random() % 9, random);
    const double begin = thread_seconds();
    index.search(std::span(&query, 1), {31, 100}, found);
    if (i >= kWarmUps) milliseconds.push_back(1e3 * (thread_seconds() - begin));
  }
  const Spread spread = spread_of(milliseconds);
  std::printf("query into the hub, limit 100: %.2f ms (%.2f to %.2f), %zu kept, %llu cut\n",
              spread.median, spread.least, spread.most, found.matches.size(),
              static_cast<unsigned long long>(found.cut[0]));
}

int run(const Arguments& arguments) {
  const SimdLevel level = arguments.level.value_or(detect_simd_level());
  Random random(kSeed);
  const auto rows = make_rows(arguments, random);
  std::vector<Fingerprint> queries;
  for (size_t i = 0; i < arguments.queries; ++i) {
    queries.push_back(i % 2 == 0 ? uniform_fingerprint(random)
                                 : flip_bits(rows[random() % rows.size()], random() % 32, random));
  }
  std::printf("%zu rows, %s, %s, %u threads to build\n", rows.size(), arguments.set.c_str(),
              std::string(to_text(level)).c_str(), arguments.threads);
  const double before = peak_gigabytes();
  double begin = wall_seconds();
  const MultiIndex index = MultiIndex::build(rows, {31, arguments.threads, arguments.plan}, level);
  const double seconds = wall_seconds() - begin;
  std::printf(
      "built in %.3f s wall; %.1f bytes a row, %.3f GB; peak of the process %.2f GB, %.2f "
      "before\n",
      seconds, static_cast<double>(index.bytes().size()) / static_cast<double>(rows.size()),
      static_cast<double>(index.bytes().size()) * 1e-9, peak_gigabytes(), before);
  std::string parts;
  for (const PartPlan& part : index.plan().parts) {
    for (const auto& [mark, number] : {std::pair(" ", part.bits), std::pair(":", part.threshold)}) {
      parts += mark;
      parts += std::to_string(number);
    }
  }
  std::printf("parts%s; %u bytes an entry; %.1f us a query expected\n", parts.c_str(),
              index.plan().entry_bytes, 1e-3 * plan_cost_ns({}, rows.size(), index.plan()));
  constexpr size_t kMostForFlat = 20'000'000;
  if (arguments.checked > 0 && rows.size() > kMostForFlat) {
    if (!answers_as_a_loop(index, rows, std::span(queries).first(16))) {
      std::printf("the answer is wrong\n");
      return 1;
    }
  } else if (arguments.checked > 0) {
    const FlatIndex flat = FlatIndex::build(rows, level);
    const auto some = std::span(queries).first(std::min(arguments.checked, queries.size()));
    if (!answers_as(index, flat, some)) {
      std::printf("the answer is wrong\n");
      return 1;
    }
    print("FlatIndex, 1024 a call", rate_of(flat, some, 1024, 1));
    print("FlatIndex, 1 a call",
          rate_of(flat, some.first(std::min<size_t>(some.size(), 32)), 1, 1));
  }
  print("MultiIndex, one core", rate_of(index, queries, arguments.batch, arguments.repetitions));
#ifdef SAFELIGHT_BENCH_FAISS
  if (arguments.faiss_queries > 0) run_faiss(arguments, rows, queries);
#endif
  if (arguments.brief) return 0;
  const auto sums = BlockCheck::sums_of(index.bytes());
  const BlockCheck check(index.bytes(), sums, "the index");
  const auto checked = MultiIndex::view(index.bytes(), level, &check);
  print("  with a BlockCheck",
        rate_of(checked.value(), queries, arguments.batch, arguments.repetitions));
  print("MultiIndex, one core, 1 a call", rate_of(index, queries, 1, arguments.repetitions));
  std::vector<Fingerprint> far;
  std::vector<Fingerprint> near;
  for (size_t i = 0; i < queries.size(); ++i) (i % 2 == 0 ? far : near).push_back(queries[i]);
  print("  uniform queries alone", rate_of(index, far, arguments.batch, arguments.repetitions));
  print("  members alone", rate_of(index, near, arguments.batch, arguments.repetitions));
  print("  limit 100", rate_of(index, queries, arguments.batch, arguments.repetitions, {31, 100}));
  for (const uint32_t radius : {0u, 7u, 15u, 23u}) {
    std::string name = "  radius ";
    name += std::to_string(radius);
    print(name.c_str(), rate_of(index, queries, arguments.batch, arguments.repetitions, {radius}));
  }
  for (unsigned threads = 1; threads <= 2; ++threads) {
    std::string name = "MultiIndex, wall clock, threads ";
    name += std::to_string(threads);
    print(name.c_str(),
          rate_of_threads(index, queries, arguments.batch, arguments.repetitions, threads));
  }
  if (arguments.rows <= 10'000'000) run_hub(arguments, rows, queries, level);
  return 0;
}

/// Bytes of an entry, then parts as "bits:threshold" with how often before them, as in
/// "4,4x19:1,8x22:2".
MultiPlan plan_of(const std::string& text) {
  MultiPlan plan;
  plan.entry_bytes = static_cast<uint32_t>(std::stoul(text));
  for (size_t begin = text.find(','); begin != std::string::npos;
       begin = text.find(',', begin + 1)) {
    unsigned count = 0;
    PartPlan part;
    if (std::sscanf(text.c_str() + begin, ",%ux%u:%u", &count, &part.bits, &part.threshold) != 3) {
      break;
    }
    plan.parts.insert(plan.parts.end(), count, part);
  }
  return plan;
}

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string value = argv[i + 1];
    const auto number = [&] { return static_cast<size_t>(std::stoull(value)); };
    if (name == "--rows") arguments.rows = number();
    if (name == "--set") arguments.set = value;
    if (name == "--queries") arguments.queries = number();
    if (name == "--threads") arguments.threads = static_cast<unsigned>(number());
    if (name == "--checked") arguments.checked = number();
    if (name == "--faiss") arguments.faiss_queries = number();
    if (name == "--repetitions") arguments.repetitions = static_cast<int>(number());
    if (name == "--batch") arguments.batch = number();
    if (name == "--brief") arguments.brief = value == "yes";
    if (name == "--plan") arguments.plan = plan_of(value);
    if (name == "--level") {
      arguments.level = value == "scalar" ? SimdLevel::scalar
                        : value == "avx2" ? SimdLevel::avx2
                                          : SimdLevel::avx512;
    }
  }
  return arguments;
}

}  // namespace
}  // namespace safelight

int main(int argc, char** argv) { return safelight::run(safelight::parse(argc, argv)); }
