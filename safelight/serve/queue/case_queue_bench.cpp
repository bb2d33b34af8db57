// Seconds and memory of a queue of an invented case: a million items (or what SAFELIGHT_QUEUE_ITEMS
// says) in 20,000 folders, every fourth shown with another, 20,000 acts of 50 items each. No case
// on disk: what reading one costs comes on top of `load`. No answer comes from those that are kept:
// an act goes before each, or the filter is another each time.

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <unistd.h>

#include "safelight/serve/queue/case_queue.h"

namespace safelight::serve {
namespace {

constexpr size_t kFolders = 20'000;
constexpr uint64_t kActs = 20'000;
constexpr size_t kItemsOfAct = 50;

size_t item_count() {
  const char* asked = std::getenv("SAFELIGHT_QUEUE_ITEMS");
  return asked == nullptr ? 1'000'000 : std::strtoull(asked, nullptr, 10);
}

/// SplitMix64, so that ids of any number cost next to nothing.
uint64_t mixed(uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

ItemId id_of(uint64_t number) {
  ItemId out;
  for (size_t i = 0; i < out.value.bytes.size(); ++i) {
    if (i % 8 == 0) number = mixed(number);
    out.value.bytes[i] = static_cast<uint8_t>(number >> (8 * (i % 8)));
  }
  return out;
}

casefile::StoredAct act_of(uint64_t number, size_t items) {
  const uint64_t chance = mixed(number);
  casefile::StoredAct out;
  out.number = number;
  out.time_ns = static_cast<int64_t>(number) * 60'000'000'000;
  out.act = {casefile::ActKind::category,
             number % 2 == 0 ? "ada" : "bo",
             std::to_string(1 + chance % 5),
             "",
             {}};
  const uint64_t first = chance % (items - kItemsOfAct);
  for (uint64_t i = 0; i < kItemsOfAct; ++i) out.items.push_back(id_of(first + i));
  return out;
}

class InventedCase final : public QueueSource {
 public:
  explicit InventedCase(size_t items) : items_(items) {
    for (size_t i = 0; i < kFolders; ++i) {
      folders_.push_back("Users/somebody/Pictures/Camera Roll/Folder " + std::to_string(i) + "/");
    }
  }

  [[nodiscard]] std::string case_id() const override { return "invented"; }
  [[nodiscard]] uint64_t version() const override { return kActs; }
  [[nodiscard]] uint64_t cards_version() const override { return 1; }

  void for_each_card(const std::function<void(const casefile::Card&)>& use) const override {
    std::mt19937_64 random(7);
    const std::vector<std::string_view> types = {"jpeg", "jpeg", "jpeg", "png", "heif", "mp4"};
    const casefile::CardHit hit{"charts", "1", Disposition::review};
    std::string path;
    for (size_t i = 0; i < items_; ++i) {
      const std::string& folder = folders_[i * kFolders / items_];
      path = folder + "IMG_" + std::to_string(10'000'000 + random() % 10'000'000) + ".jpg";
      casefile::Card card;
      card.item = id_of(i);
      card.row = static_cast<int64_t>(i) + 1;
      card.path = path;
      card.name_at = folder.size();
      card.source = i % 3 == 0 ? "S2" : "S1";
      card.size_bytes = random() % 10'000'000;
      card.modified = {static_cast<int64_t>(1'600'000'000 + random() % 100'000'000) *
                       1'000'000'000};
      card.format = types[random() % types.size()];
      card.width = 4032;
      card.height = 3024;
      card.grades = random() % 8 == 0 ? 1U << (1 + random() % 6) : 0;
      const uint64_t roll = random() % 1000;
      card.rank_class = roll < 5     ? "review"
                        : roll < 65  ? "beside_known"
                        : roll < 85  ? "known"
                        : roll < 285 ? "ordinary"
                                     : "unmatched";
      if (roll < 5) card.hits = {&hit, 1};
      const std::string key(1, static_cast<char>(random() % 200));
      card.key = key;
      if (i % 4 == 3) card.shown_with = static_cast<int64_t>(i);
      use(card);
    }
  }
  void for_each_act(uint64_t after,
                    const std::function<void(const casefile::StoredAct&)>& use) const override {
    for (uint64_t number = after + 1; number <= kActs; ++number) use(act_of(number, items_));
  }
  [[nodiscard]] ReviewRules rules() const override { return {default_scheme(), {}}; }

 private:
  const size_t items_;
  std::vector<std::string> folders_;
};

double megabytes_now() {
  std::ifstream statm("/proc/self/statm");
  size_t all = 0;
  size_t resident = 0;
  statm >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

double megabytes_at_most() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

CaseQueue& queue() {
  static const auto made =
      std::make_unique<CaseQueue>(std::make_unique<InventedCase>(item_count()));
  return *made;
}

QueueFilter filter_of(std::initializer_list<std::pair<std::string_view, std::string_view>> parts) {
  QueueFilter out;
  for (const auto& [name, value] : parts) (void)out.add(name, value);
  return out;
}

/// So that what depends on decisions is made anew.
void act() { queue().apply(act_of(queue().last_act() + 1, queue().items())); }

void invent(benchmark::State& state) {
  const InventedCase source(item_count());
  for (auto _ : state) {
    uint64_t bytes = 0;
    source.for_each_card([&](const casefile::Card& card) { bytes += card.path.size(); });
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK(invent)->Unit(benchmark::kMillisecond)->Iterations(1);

void load(benchmark::State& state) {
  const double before = megabytes_now();
  for (auto _ : state) benchmark::DoNotOptimize(&queue());
  state.counters["MB"] = megabytes_now() - before;
  state.counters["MB_of_process"] = megabytes_now();
  state.counters["MB_at_most"] = megabytes_at_most();
}
BENCHMARK(load)->Unit(benchmark::kMillisecond)->Iterations(1);

void first_page(benchmark::State& state, QueueFilter filter) {
  QueuePage page = queue().page(filter, 0, 200);
  for (auto _ : state) {
    filter.size_max = UINT64_MAX - queue().last_act();
    page = queue().page(filter, 0, 200);
    state.PauseTiming();
    act();
    state.ResumeTiming();
  }
  state.counters["cards"] = static_cast<double>(page.total);
}
BENCHMARK_CAPTURE(first_page, all, filter_of({{"known", "shown"}}))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(first_page, open, filter_of({{"state", "open"}}))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(first_page, narrow,
                  filter_of({{"state", "open"}, {"type", "png"}, {"after", "2022-01-01"}}))
    ->Unit(benchmark::kMillisecond);

void first_page_of_search(benchmark::State& state, std::string_view text) {
  first_page(state, filter_of({{"search", queue().keep_search(text)}}));
}
BENCHMARK_CAPTURE(first_page_of_search, name, "img_12345")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(first_page_of_search, folder, "Folder 777/IMG")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(first_page_of_search, id, "0123abcd")->Unit(benchmark::kMillisecond);

void page_of_kept_list(benchmark::State& state) {
  const QueueFilter filter = filter_of({{"state", "open"}});
  uint64_t from = 0;
  const uint64_t total = queue().page(filter, 0, 0).total;
  for (auto _ : state) {
    from = (from + 200) % total;
    benchmark::DoNotOptimize(queue().page(filter, from, 200));
  }
}
BENCHMARK(page_of_kept_list)->Unit(benchmark::kMillisecond);

void counts(benchmark::State& state, const QueueFilter& filter) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(queue().counts(filter));
    state.PauseTiming();
    act();
    state.ResumeTiming();
  }
}
BENCHMARK_CAPTURE(counts, all, filter_of({{"known", "shown"}}))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(counts, open, filter_of({{"state", "open"}}))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(counts, narrow, filter_of({{"state", "open"}, {"type", "png"}}))
    ->Unit(benchmark::kMillisecond);

void charts(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(queue().charts());
    state.PauseTiming();
    act();
    state.ResumeTiming();
  }
}
BENCHMARK(charts)->Unit(benchmark::kMillisecond);

void apply(benchmark::State& state) {
  for (auto _ : state) act();
}
BENCHMARK(apply)->Unit(benchmark::kMicrosecond);

void memory_with_kept_lists(benchmark::State& state) {
  for (auto _ : state) {
  }
  state.counters["MB_of_process"] = megabytes_now();
  state.counters["MB_at_most"] = megabytes_at_most();
}
BENCHMARK(memory_with_kept_lists)->Iterations(1);

}  // namespace
}  // namespace safelight::serve
