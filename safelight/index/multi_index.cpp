#include "safelight/index/multi_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <numeric>
#include <utility>

#include "safelight/index/internal/block_kernels.h"
#include "safelight/index/internal/found_filter.h"
#include "safelight/index/internal/multi_layout.h"
#include "safelight/index/internal/nearest_rows.h"
#include "safelight/index/internal/seen_rows.h"

namespace safelight {

using namespace index_internal;

namespace {

// Runs of more entries are not fetched ahead but read through.
constexpr uint32_t kHeavyEntries = 1024;
constexpr size_t kStages = 4;
// Queries that go through the parts together.
constexpr size_t kBatchQueries = 1024;
// A query that matches more rows is answered alone: finding such rows again in each part would cost
// more than beginning anew.
constexpr uint32_t kManyMatches = 1000;

/// The rows: what is compared of nearly all is half of each, so that many lie in a cache.
struct Halves {
  const uint64_t* low = nullptr;   ///< Words 0 and 1 of each row.
  const uint64_t* high = nullptr;  ///< Words 2 and 3.

  [[nodiscard]] uint64_t word(size_t row, size_t i) const {
    return i < kHalfWords ? low[row * kHalfWords + i] : high[row * kHalfWords + i - kHalfWords];
  }
};

/// For bytes that need no check.
struct NoCheck {
  static void touch(const std::byte*, size_t) {}
};

template <typename Check, typename T>
void touch(const Check& check, const T* from, size_t count) {
  check.touch(reinterpret_cast<const std::byte*>(from), count * sizeof(T));
}

/// What one query has found.
class Found {
 public:
  Found(const SearchOptions& options, RemovedRows removed) : options_(options), removed_(removed) {}

  [[nodiscard]] bool is_removed(uint32_t row) const {
    return row / 64 < removed_.size() && (removed_[row / 64] >> (row % 64) & 1) != 0;
  }

  /// Takes a row that is not removed.
  void keep(const NearRow& near) { nearest_.keep(near, options_.max_matches_per_query); }

  /// Whether the search may leave it at what was found.
  [[nodiscard]] bool is_enough() const { return nearest_.count() >= options_.stop_after; }

  /// Appends what was found to `out` and begins anew.
  void finish(size_t query, Matches& out) { nearest_.finish(query, out); }

 private:
  const SearchOptions options_;
  const RemovedRows removed_;
  NearestRows nearest_;
};

}  // namespace

/// What a search needs to know besides the bytes.
struct MultiIndex::Probes {
  explicit Probes(MultiLayout from) : layout(std::move(from)) {
    MultiPlan plan;
    plan.entry_bytes = layout.entry_bytes;
    for (const PartLayout& part : layout.parts) {
      plan.parts.push_back(part.plan);
      std::vector<std::vector<ProbeTask>>& of_bits = tasks[part.plan.bits];
      for (auto threshold = static_cast<uint32_t>(of_bits.size()); threshold <= part.plan.threshold;
           ++threshold) {
        of_bits.push_back(make_probe_tasks(part.plan.bits, threshold));
      }
    }
    if (layout.parts.empty()) return;
    for (uint32_t radius = 0; radius <= layout.radius_bits; ++radius) {
      thresholds.push_back(thresholds_for({}, std::max<uint64_t>(layout.rows, 1), plan, radius));
    }
  }

  MultiLayout layout;
  /// By bits of a part and threshold.
  std::array<std::vector<std::vector<ProbeTask>>, MultiPlan::kMaxPartBits + 1> tasks;
  /// By radius, for each part.
  std::vector<std::vector<int>> thresholds;
};

namespace {

/// Compares `query` with the rows `ids`, of whose lower halves `check` has made sure. Writes those
/// within the radius to `out` (room for all) in order and returns how many those are.
template <typename Check>
size_t compare_rows(const Check& check, const BlockKernels& kernels, const Halves& halves,
                    const uint64_t* query, std::span<const uint32_t> ids, uint32_t radius_bits,
                    NearRow* out) {
  const size_t left =
      kernels.compare_low(halves.low, halves.high, query, ids.data(), ids.size(), radius_bits, out);
  for (size_t i = 0; i < left; ++i) {
    touch(check, halves.high + size_t{out[i].row} * kHalfWords, kHalfWords);
  }
  return kernels.compare_high(halves.high, query, out, left, radius_bits);
}

/// One search. What a query reads depends on each other in four steps: the places of keys in a
/// directory, their entries, the rows that those name, and the end. A task takes some keys of a
/// query through them, and four tasks are under way, each a step behind the next, so that what a
/// step needs was asked for a task's time ago.
///
/// Queries go through the parts together, so that a part's directory stays in the caches. A row
/// that is alike in several parts counts in the first of them. Queries that match a great many rows
/// are taken out and answered alone, where rows once matched are passed over without being read
/// again.
///
/// `Check` makes sure of bytes where they are asked for.
template <typename Check>
class ProbingSearch {
 public:
  struct Part {
    const PartLayout* layout;
    PartEntries entries;
    std::span<const ProbeTask> tasks;
    uint32_t threshold;
    uint32_t budget_bits;  ///< What may differ in the part and the check together.
  };

  ProbingSearch(const Check& check, const BlockKernels& kernels, const Halves& halves,
                const MultiLayout& layout, const SearchOptions& options, RemovedRows removed,
                Matches& out)
      : check_(check),
        kernels_(kernels),
        halves_(halves),
        rows_(static_cast<uint32_t>(layout.rows)),
        radius_bits_(options.radius_bits),
        stop_after_(options.stop_after),
        found_(options, removed),
        seen_(rows_),
        out_(out) {}

  void add_part(const Part& part) { parts_.push_back(part); }

  void search(std::span<const Fingerprint> queries) {
    for (size_t first = 0; first < queries.size(); first += kBatchQueries) {
      queries_ = queries.subspan(first, std::min(kBatchQueries, queries.size() - first));
      search_together();
      finish_batch(first);
    }
  }

 private:
  enum class Mode { together, alone };

  struct BatchMatch {
    uint32_t query;
    NearRow near;
  };

  struct Task {
    uint32_t query = 0;
    uint32_t part = 0;
    const ProbeTask* probes = nullptr;  ///< None: there is nothing to do.
    uint32_t key = 0;
    uint32_t check = 0;
    std::vector<EntryRun> runs;
    size_t run_count = 0;
    std::vector<EntryRun> heavy;
    std::vector<uint32_t> ids;
    size_t id_count = 0;
  };

  void search_together() {
    mode_ = Mode::together;
    matches_.clear();
    match_counts_.assign(queries_.size(), 0);
    known_.begin(queries_.size());
    keys_.resize(queries_.size());
    checks_.resize(queries_.size());
    for (uint32_t part = 0; part < parts_.size(); ++part) {
      make_keys(part, queries_, keys_, checks_);
      for (uint32_t query = 0; query < queries_.size(); ++query) {
        if (!is_left(query)) push_all(query, part, keys_[query], checks_[query]);
      }
    }
    drain();
  }

  void make_keys(uint32_t part, std::span<const Fingerprint> queries, std::span<uint32_t> keys,
                 std::span<uint32_t> checks) const {
    const auto* words = reinterpret_cast<const uint64_t*>(queries.data());
    const PartLayout& layout = *parts_[part].layout;
    kernels_.keys(words, queries.size(), layout.mask.data(), keys.data());
    kernels_.keys(words, queries.size(), layout.check_mask.data(), checks.data());
  }

  void search_alone(uint32_t query) {
    mode_ = Mode::alone;
    seen_.clear();
    for (uint32_t part = 0; part < parts_.size(); ++part) {
      uint32_t key;
      uint32_t check;
      make_keys(part, queries_.subspan(query, 1), std::span(&key, 1), std::span(&check, 1));
      push_all(query, part, key, check);
    }
    drain();
  }

  [[nodiscard]] bool matches_many(uint32_t query) const {
    return match_counts_[query] > kManyMatches && match_counts_[query] < stop_after_;
  }

  /// Whether the batch has found enough for the query, or it is to be answered alone.
  [[nodiscard]] bool is_left(uint32_t query) const {
    return match_counts_[query] > kManyMatches || match_counts_[query] >= stop_after_;
  }

  [[nodiscard]] bool is_over(const Task& task) const {
    return mode_ == Mode::together ? is_left(task.query) : found_.is_enough();
  }

  /// Hands over what the batch has found, whose first query is number `first_query`.
  void finish_batch(size_t first_query) {
    // The matches of a query together.
    match_ends_.assign(queries_.size() + 1, 0);
    for (const BatchMatch& match : matches_) ++match_ends_[match.query + 1];
    for (size_t i = 1; i < match_ends_.size(); ++i) match_ends_[i] += match_ends_[i - 1];
    ordered_.resize(matches_.size());
    for (const BatchMatch& match : matches_) ordered_[match_ends_[match.query]++] = match.near;
    size_t begin = 0;
    for (uint32_t query = 0; query < queries_.size(); ++query) {
      if (matches_many(query)) {
        search_alone(query);
      } else {
        for (size_t i = begin; i < match_ends_[query]; ++i) found_.keep(ordered_[i]);
      }
      begin = match_ends_[query];
      found_.finish(first_query + query, out_);
    }
  }

  Task& behind(size_t steps) { return tasks_[(step_ - steps) % kStages]; }

  void push_all(uint32_t query, uint32_t part, uint32_t key, uint32_t check) {
    for (const ProbeTask& probes : parts_[part].tasks) {
      if (mode_ == Mode::alone && found_.is_enough()) return;
      push(query, part, &probes, key, check);
    }
  }

  /// Tasks of no keys bring those before them to their end.
  void drain() {
    for (size_t i = 1; i < kStages; ++i) push(0, 0, nullptr, 0, 0);
  }

  void push(uint32_t query, uint32_t part, const ProbeTask* probes, uint32_t key, uint32_t check) {
    Task& task = behind(0);
    task.query = query;
    task.part = part;
    task.probes = probes;
    task.key = key;
    task.check = check;
    fetch_directory(task);
    if (step_ >= 1) fetch_entries(behind(1));
    if (step_ >= 2) fetch_rows(behind(2));
    if (step_ >= 3) verify(behind(3));
    ++step_;
  }

  static void fetch(const void* from) {
    __builtin_prefetch(from, 0, kFetchLocality);
    // GCC 12 takes a function that does nothing but prefetch for one without effect, and leaves out
    // the calls of it.
    asm volatile("" : : "r"(from));
  }

  void fetch_directory(const Task& task) const {
    if (task.probes == nullptr) return;
    const Part& part = parts_[task.part];
    const auto keys = static_cast<uint32_t>(std::min<uint64_t>(part.layout->keys(), kLineKeys));
    const uint32_t line = task.key & ~(keys - 1);
    for (const uint32_t flip : task.probes->lines) {
      const uint32_t* first = part.entries.directory + (line ^ flip);
      // And the value behind, which says where the last key ends.
      touch(check_, first, keys + 1);
      fetch(first);
    }
    if (task.key % kLineKeys != kLineKeys - 1) return;
    for (const uint32_t flip : task.probes->lines) {
      fetch(part.entries.directory + (line ^ flip) + kLineKeys);
    }
  }

  void fetch_entries(Task& task) const {
    task.run_count = 0;
    task.heavy.clear();
    if (task.probes == nullptr) return;
    const Part& part = parts_[task.part];
    const auto& flips = task.probes->flips;
    if (task.runs.size() <= flips.size()) task.runs.resize(flips.size() + 1);
    const size_t opened = kernels_.open(part.entries, flips.data(), flips.size(), task.key,
                                        part.budget_bits, task.runs.data());
    for (size_t i = 0; i < opened; ++i) {
      const EntryRun& run = task.runs[i];
      const uint8_t* const entries =
          part.entries.entries + size_t{run.first} * part.entries.entry_bytes;
      const size_t bytes = size_t{run.count} * part.entries.entry_bytes;
      touch(check_, entries, bytes);
      // Once more than open() did: asked for once, searches take 1.3 times as long on AMD's Zen 3,
      // which seems to lose some of the fetches (README.md).
      fetch(entries);
      fetch(entries + bytes - 1);
      if (run.count > kHeavyEntries) {
        task.heavy.push_back(run);
      } else {
        task.runs[task.run_count++] = run;
      }
    }
  }

  void fetch_rows(Task& task) {
    size_t entries = 0;
    for (size_t i = 0; i < task.run_count; ++i) entries += task.runs[i].count;
    if (task.ids.size() < entries + kScanSlack) task.ids.resize(entries + kScanSlack);
    const size_t passed = kernels_.scan(parts_[task.part].entries, task.runs.data(), task.run_count,
                                        task.check, task.ids.data());
    task.id_count = fetch_rows_of(task.query, std::span(task.ids).first(passed));
  }

  /// Fetches rows but those that the query is known to have matched already, and returns how many
  /// are left.
  size_t fetch_rows_of(uint32_t query, std::span<uint32_t> ids) const {
    if (mode_ == Mode::alone && seen_.many()) {
      return fetch_rows_but(ids, [&](uint32_t row) { return seen_.contains(row); });
    }
    if (mode_ == Mode::together && known_.any(query)) {
      return fetch_rows_but(ids, [&](uint32_t row) { return known_.has(query, row); });
    }
    return fetch_rows_but(ids, [](uint32_t) { return false; });
  }

  template <typename IsKnown>
  size_t fetch_rows_but(std::span<uint32_t> ids, const IsKnown& is_known) const {
    size_t left = 0;
    for (const uint32_t id : ids) {
      // As with the directory; a row looked at in vain does no harm.
      const uint32_t row = std::min(id, rows_ - 1);
      if (is_known(row)) continue;
      touch(check_, halves_.low + size_t{row} * kHalfWords, kHalfWords);
      fetch(halves_.low + size_t{row} * kHalfWords);
      ids[left++] = row;
    }
    return left;
  }

  void verify(const Task& task) {
    compare(task, std::span(task.ids).first(task.id_count));
    for (const EntryRun& run : task.heavy) verify_heavy(task, run);
  }

  /// Reads many entries through, some at a time.
  void verify_heavy(const Task& task, const EntryRun& run) {
    heavy_ids_.resize(kHeavyEntries + kScanSlack);
    for (uint32_t begin = 0; begin < run.count;) {
      if (is_over(task)) return;
      const uint32_t count = std::min(kHeavyEntries, run.count - begin);
      const EntryRun some{run.first + begin, count, run.budget_bits};
      const size_t passed =
          kernels_.scan(parts_[task.part].entries, &some, 1, task.check, heavy_ids_.data());
      const auto ids = std::span(heavy_ids_).first(passed);
      compare(task, ids.first(fetch_rows_of(task.query, ids)));
      begin += count;
    }
  }

  void compare(const Task& task, std::span<const uint32_t> ids) {
    if (ids.empty()) return;
    if (near_.size() < ids.size()) near_.resize(ids.size());
    const uint64_t* query = queries_[task.query].words.data();
    const size_t found =
        compare_rows(check_, kernels_, halves_, query, ids, radius_bits_, near_.data());
    for (size_t i = 0; i < found; ++i) {
      if (found_.is_removed(near_[i].row)) continue;
      if (mode_ == Mode::alone) {
        if (seen_.insert(near_[i].row)) found_.keep(near_[i]);
      } else if (is_first_found_in(task.part, query, near_[i].row)) {
        matches_.push_back({task.query, near_[i]});
        ++match_counts_[task.query];
        known_.add(task.query, near_[i].row);
      }
    }
  }

  /// Whether no part before this one finds the row.
  [[nodiscard]] bool is_first_found_in(uint32_t part, const uint64_t* query, uint32_t row) const {
    BitMask differing;
    for (size_t i = 0; i < kRowWords; ++i) differing[i] = halves_.word(row, i) ^ query[i];
    for (uint32_t before = 0; before < part; ++before) {
      const uint32_t bits = bits_in(differing, parts_[before].layout->mask);
      if (bits <= parts_[before].threshold &&
          bits + bits_in(differing, parts_[before].layout->check_mask) <=
              parts_[before].budget_bits) {
        return false;
      }
    }
    return true;
  }

  static uint32_t bits_in(const BitMask& words, const BitMask& mask) {
    int bits = 0;
    for (size_t i = 0; i < kRowWords; ++i) bits += std::popcount(words[i] & mask[i]);
    return static_cast<uint32_t>(bits);
  }

  const Check& check_;
  const BlockKernels& kernels_;
  const Halves halves_;
  const uint32_t rows_;
  const uint32_t radius_bits_;
  const uint64_t stop_after_;
  std::vector<Part> parts_;
  std::span<const Fingerprint> queries_;  // of the batch
  Mode mode_ = Mode::together;
  std::array<Task, kStages> tasks_;
  size_t step_ = 0;
  std::vector<uint32_t> keys_;
  std::vector<uint32_t> checks_;
  std::vector<BatchMatch> matches_;
  std::vector<uint32_t> match_counts_;
  std::vector<size_t> match_ends_;
  std::vector<NearRow> ordered_;
  Found found_;
  SeenRows seen_;
  FoundFilter known_;
  std::vector<NearRow> near_;
  std::vector<uint32_t> heavy_ids_;
  Matches& out_;
};

MultiLayout layout_for(uint64_t rows, const MultiBuildOptions& options) {
  assert(rows <= MultiIndex::kMaxRows && options.radius_bits <= MultiPlan::kMaxRadiusBits);
  if (rows == 0) return make_multi_layout(0, options.radius_bits, {});
  return make_multi_layout(rows, options.radius_bits,
                           options.plan ? *options.plan : plan_parts(rows, options.radius_bits));
}

template <typename Check>
void compare_all(const Check& check, const BlockKernels& kernels, const Halves& halves,
                 uint32_t rows, const Fingerprint& query, uint32_t radius_bits, Found& found) {
  std::array<uint32_t, kHeavyEntries> ids;
  std::array<NearRow, kHeavyEntries> near;
  for (size_t first = 0; first < rows && !found.is_enough(); first += ids.size()) {
    const size_t count = std::min<size_t>(ids.size(), rows - first);
    std::iota(ids.begin(), ids.begin() + count, static_cast<uint32_t>(first));
    touch(check, halves.low + first * kHalfWords, count * kHalfWords);
    const size_t matches = compare_rows(check, kernels, halves, query.words.data(),
                                        std::span(ids).first(count), radius_bits, near.data());
    for (size_t i = 0; i < matches; ++i) {
      if (!found.is_removed(near[i].row)) found.keep(near[i]);
    }
  }
}

}  // namespace

uint64_t MultiIndex::layout_bytes(uint64_t rows, const MultiBuildOptions& options) {
  return layout_for(rows, options).length_bytes;
}

void MultiIndex::write_layout(std::span<const Fingerprint> fingerprints,
                              const MultiBuildOptions& options, std::span<std::byte> out,
                              SimdLevel level) {
  const MultiLayout layout = layout_for(fingerprints.size(), options);
  assert(out.size() == layout.length_bytes);
  assert(std::bit_cast<uintptr_t>(out.data()) % kLayoutAlignmentBytes == 0);
  write_multi_header(layout, out);
  write_multi_sections(fingerprints, layout, options.threads, level, out.data());
}

void MultiIndex::write_layout(std::span<const Fingerprint> fingerprints,
                              const MultiBuildOptions& options, const LayoutSink& sink,
                              SimdLevel level) {
  const MultiLayout layout = layout_for(fingerprints.size(), options);
  std::vector<std::byte> header(layout.low_offset);
  write_multi_header(layout, header);
  sink(0, header);
  hand_over_multi_sections(fingerprints, layout, options.threads, level, sink);
}

MultiIndex::MultiIndex() : MultiIndex({}, MultiLayout{}, SimdLevel::scalar, nullptr) {}
MultiIndex::MultiIndex(MultiIndex&&) noexcept = default;
MultiIndex& MultiIndex::operator=(MultiIndex&&) noexcept = default;
MultiIndex::~MultiIndex() = default;

MultiIndex::MultiIndex(std::span<const std::byte> bytes, MultiLayout layout, SimdLevel level,
                       const BlockCheck* check)
    : bytes_(bytes),
      rows_(static_cast<size_t>(layout.rows)),
      level_(level),
      check_(check),
      probes_(std::make_unique<const Probes>(std::move(layout))) {}

Result<MultiIndex> MultiIndex::view(std::span<const std::byte> bytes, SimdLevel level,
                                    const BlockCheck* check) {
  if (std::bit_cast<uintptr_t>(bytes.data()) % kLayoutAlignmentBytes != 0) {
    return Error{ErrorCode::malformed, "multi_index.alignment"};
  }
  SAFELIGHT_TRY(MultiLayout layout, read_multi_layout(bytes, check));
  return MultiIndex(bytes, std::move(layout), level, check);
}

MultiIndex MultiIndex::build(std::span<const Fingerprint> fingerprints,
                             const MultiBuildOptions& options, SimdLevel level) {
  MultiLayout layout = layout_for(fingerprints.size(), options);
  HugeBytes owned(layout.length_bytes);
  write_multi_header(layout, owned.bytes());
  write_multi_sections(fingerprints, layout, options.threads, level, owned.bytes().data());
  MultiIndex index(owned.bytes(), std::move(layout), level, nullptr);
  index.owned_ = std::move(owned);
  return index;
}

Fingerprint MultiIndex::fingerprint(size_t row) const {
  assert(row < rows_);
  if (check_ != nullptr) {
    for (const uint64_t half : {probes_->layout.low_offset, probes_->layout.high_offset}) {
      check_->touch(bytes_.data() + half + row * kMultiHalfBytes, kMultiHalfBytes);
    }
  }
  return multi_row(probes_->layout, bytes_.data(), row);
}

uint32_t MultiIndex::radius_bits() const { return probes_->layout.radius_bits; }

MultiPlan MultiIndex::plan() const {
  MultiPlan plan;
  plan.entry_bytes = probes_->layout.entry_bytes;
  for (const PartLayout& part : probes_->layout.parts) plan.parts.push_back(part.plan);
  return plan;
}

void MultiIndex::search(std::span<const Fingerprint> queries, const SearchOptions& options,
                        Matches& out) const {
  search(queries, options, {}, out);
}

void MultiIndex::search(std::span<const Fingerprint> queries, const SearchOptions& options,
                        RemovedRows removed, Matches& out) const {
  if (check_ == nullptr) {
    search_checked(NoCheck{}, queries, options, removed, out);
  } else {
    search_checked(*check_, queries, options, removed, out);
  }
}

template <typename Check>
void MultiIndex::search_checked(const Check& check, std::span<const Fingerprint> queries,
                                const SearchOptions& options, RemovedRows removed,
                                Matches& out) const {
  out.matches.clear();
  out.cut.clear();
  out.first.assign(1, 0);
  const MultiLayout& layout = probes_->layout;
  const BlockKernels& kernels = block_kernels_of(level_);
  const Halves halves{reinterpret_cast<const uint64_t*>(bytes_.data() + layout.low_offset),
                      reinterpret_cast<const uint64_t*>(bytes_.data() + layout.high_offset)};
  if (options.radius_bits > layout.radius_bits || rows_ == 0) {
    Found found(options, removed);
    for (size_t query = 0; query < queries.size(); ++query) {
      compare_all(check, kernels, halves, static_cast<uint32_t>(rows_), queries[query],
                  options.radius_bits, found);
      found.finish(query, out);
    }
    return;
  }
  ProbingSearch search(check, kernels, halves, layout, options, removed, out);
  const auto& thresholds = probes_->thresholds[options.radius_bits];
  for (size_t i = 0; i < thresholds.size(); ++i) {
    if (thresholds[i] == kNoProbe) continue;
    const PartLayout& part = layout.parts[i];
    const auto threshold = static_cast<uint32_t>(thresholds[i]);
    // Where the next part is not looked at, it is as if its threshold were -1.
    const int next = thresholds[layout.after(i)];
    search.add_part({&part,
                     {reinterpret_cast<const uint32_t*>(bytes_.data() + part.directory_offset),
                      reinterpret_cast<const uint8_t*>(bytes_.data() + part.entries_offset),
                      static_cast<uint32_t>(rows_), layout.entry_bytes, layout.row_bits},
                     probes_->tasks[part.plan.bits][threshold],
                     threshold,
                     static_cast<uint32_t>(thresholds[i] + next + 1)});
  }
  search.search(queries);
}

Result<void> MultiIndex::check_postings() const {
  return check_multi_sections(probes_->layout, level_, bytes_.data());
}

IndexKind choose_index(uint64_t rows, uint64_t queries_per_call) {
  const uint64_t flat_up_to = queries_per_call >= 64 ? 150'000 : 50'000;
  return rows <= flat_up_to ? IndexKind::flat : IndexKind::multi;
}

}  // namespace safelight
