#include "safelight/index/multi_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <numeric>
#include <utility>

#include "safelight/index/internal/block_kernels.h"
#include "safelight/index/internal/multi_layout.h"
#include "safelight/index/internal/nearest_rows.h"
#include "safelight/index/internal/seen_rows.h"

namespace safelight {

using namespace index_internal;

namespace {

// A task takes so many blocks through the stages of a search: about as many lines of cache are
// fetched for it in each as the first-level cache holds beside those of the other stages.
constexpr size_t kTaskBlocks = 256;
// Blocks with more entries are not fetched ahead but read through.
constexpr uint32_t kHeavyEntries = 1024;
constexpr size_t kStages = 4;
// Queries that go through the parts together.
constexpr size_t kBatchQueries = 1024;
// A query that matches more rows is answered alone: finding such rows again in each part would cost
// more than beginning anew.
constexpr uint32_t kManyMatches = 1000;
constexpr uint32_t kLineEntries = 16;
// To the second-level cache: more can be under way to it than to the first.
constexpr int kFetchLocality = 2;
// Of a block so many entries are fetched ahead; the processor sees by itself where it goes on.
constexpr uint32_t kFetchedEntries = 128;

// A flip names the block that differs from the query's in its lower bits; its distance is above.
constexpr uint32_t kFlipDistanceShift = 28;
constexpr uint32_t kFlipMask = (uint32_t{1} << kFlipDistanceShift) - 1;
static_assert(MultiPlan::kMaxBlockBits <= kFlipDistanceShift);

/// All flips of at most `threshold` of `bits` bits, the fewest first.
std::vector<uint32_t> make_flips(uint32_t bits, uint32_t threshold) {
  std::vector<uint32_t> flips;
  flips.reserve(ball_volume(bits, threshold));
  for (uint32_t distance = 0; distance <= std::min(bits, threshold); ++distance) {
    const uint32_t end = uint32_t{1} << bits;
    uint32_t flip = (uint32_t{1} << distance) - 1;
    do {
      flips.push_back(flip | distance << kFlipDistanceShift);
      if (flip == 0) break;
      // The next number with as many bits set (R. W. Gosper, HAKMEM, item 175).
      const uint32_t lowest = flip & (0 - flip);
      const uint32_t ripple = flip + lowest;
      flip = ripple | ((flip ^ ripple) >> 2) / lowest;
    } while (flip < end);
  }
  return flips;
}

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

  void keep(const NearRow& near) {
    if (is_removed(near.row)) return;
    nearest_.keep(near, options_.max_matches_per_query);
  }

  /// Appends what was found to `out` and begins anew.
  void finish(size_t query, Matches& out) { nearest_.finish(query, out); }

 private:
  [[nodiscard]] bool is_removed(uint32_t row) const {
    return row / 64 < removed_.size() && (removed_[row / 64] >> (row % 64) & 1) != 0;
  }

  const SearchOptions options_;
  const RemovedRows removed_;
  NearestRows nearest_;
};

}  // namespace

/// What a search needs to know besides the bytes.
struct MultiIndex::Probes {
  explicit Probes(MultiLayout from) : layout(std::move(from)) {
    MultiPlan plan;
    std::array<uint32_t, MultiPlan::kMaxBlockBits + 1> most{};
    for (const PartLayout& part : layout.parts) {
      plan.parts.push_back(part.plan);
      uint32_t& threshold = most[part.plan.block_bits];
      threshold = std::max(threshold, part.plan.threshold);
    }
    for (const PartLayout& part : layout.parts) {
      auto& of_bits = flips[part.plan.block_bits];
      if (of_bits.empty()) {
        of_bits = make_flips(part.plan.block_bits, most[part.plan.block_bits]);
      }
    }
    if (layout.parts.empty()) return;
    for (uint32_t radius = 0; radius <= layout.radius_bits; ++radius) {
      thresholds.push_back(thresholds_for({}, std::max<uint64_t>(layout.rows, 1), plan, radius));
    }
  }

  MultiLayout layout;
  /// By block bits.
  std::array<std::vector<uint32_t>, MultiPlan::kMaxBlockBits + 1> flips;
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

/// One search. What a query reads depends on each other in four steps: the places of blocks in the
/// directory, the blocks, the rows that they name, and the end. A task takes some blocks of a query
/// through them, and four tasks are under way, each a step behind the next, so that what a step
/// needs was asked for a task's time ago.
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
    const uint32_t* directory;
    const uint32_t* entries;
    std::span<const uint32_t> flips;
    uint32_t threshold;
  };

  ProbingSearch(const Check& check, const BlockKernels& kernels, const Halves& halves,
                const MultiLayout& layout, const SearchOptions& options, RemovedRows removed,
                Matches& out)
      : check_(check),
        kernels_(kernels),
        halves_(halves),
        rows_(static_cast<uint32_t>(layout.rows)),
        row_bits_(layout.row_bits),
        radius_bits_(options.radius_bits),
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
    std::span<const uint32_t> flips;
    uint32_t block = 0;
    uint32_t tag = 0;
    std::vector<EntryRun> runs;
    std::vector<EntryRun> heavy;
    std::vector<uint32_t> ids;
    size_t id_count = 0;
  };

  void search_together() {
    mode_ = Mode::together;
    matches_.clear();
    match_counts_.assign(queries_.size(), 0);
    keys_.resize(queries_.size());
    for (uint32_t part = 0; part < parts_.size(); ++part) {
      kernels_.keys(reinterpret_cast<const uint64_t*>(queries_.data()), queries_.size(),
                    parts_[part].layout->mask.data(), keys_.data());
      for (uint32_t query = 0; query < queries_.size(); ++query) {
        if (!matches_many(query)) push_all(query, part, keys_[query]);
      }
    }
    drain();
  }

  void search_alone(uint32_t query) {
    mode_ = Mode::alone;
    seen_.clear();
    for (uint32_t part = 0; part < parts_.size(); ++part) {
      uint32_t key;
      kernels_.keys(queries_[query].words.data(), 1, parts_[part].layout->mask.data(), &key);
      push_all(query, part, key);
    }
    drain();
  }

  [[nodiscard]] bool matches_many(uint32_t query) const {
    return match_counts_[query] > kManyMatches;
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

  void push_all(uint32_t query, uint32_t part, uint32_t key) {
    const auto flips = parts_[part].flips;
    for (size_t first = 0; first < flips.size(); first += kTaskBlocks) {
      push(query, part, flips.subspan(first, std::min(kTaskBlocks, flips.size() - first)), key);
    }
  }

  /// Tasks of no blocks bring those before them to their end.
  void drain() {
    for (size_t i = 1; i < kStages; ++i) push(0, 0, {}, 0);
  }

  void push(uint32_t query, uint32_t part, std::span<const uint32_t> flips, uint32_t key) {
    const PartLayout& layout = *parts_[part].layout;
    Task& task = behind(0);
    task.query = query;
    task.part = part;
    task.flips = flips;
    task.block = key & static_cast<uint32_t>(layout.blocks() - 1);
    task.tag = static_cast<uint32_t>(uint64_t{key} >> layout.plan.block_bits);
    fetch_directory(task);
    if (step_ >= 1) fetch_blocks(behind(1));
    if (step_ >= 2) fetch_rows(behind(2));
    if (step_ >= 3) verify(behind(3));
    ++step_;
  }

  static void fetch(const void* from) { __builtin_prefetch(from, 0, kFetchLocality); }

  void fetch_directory(const Task& task) const {
    const uint32_t* directory = parts_[task.part].directory;
    for (const uint32_t flip : task.flips) {
      const uint32_t* place = directory + (task.block ^ (flip & kFlipMask));
      touch(check_, place, 2);
      fetch(place);
    }
  }

  void fetch_blocks(Task& task) const {
    const Part& part = parts_[task.part];
    task.heavy.clear();
    task.runs.resize(kTaskBlocks);
    EntryRun* next = task.runs.data();
    for (const uint32_t flip : task.flips) {
      const size_t block = task.block ^ (flip & kFlipMask);
      // The bytes may be damaged: values of the directory are held to the rows that there are.
      const uint32_t last = std::min(part.directory[block + 1], rows_);
      const uint32_t first = std::min(part.directory[block], last);
      const uint32_t count = last - first;
      const uint32_t budget_bits = part.threshold - (flip >> kFlipDistanceShift);
      const uint32_t* entries = part.entries + first;
      if (count == 0) continue;
      touch(check_, entries, count);
      if (count > kHeavyEntries) {
        task.heavy.push_back({entries, count, budget_bits});
        continue;
      }
      fetch(entries);
      fetch(entries + count - 1);
      for (uint32_t i = kLineEntries; i < std::min(count, kFetchedEntries); i += kLineEntries) {
        fetch(entries + i);
      }
      *next++ = {entries, count, budget_bits};
    }
    task.runs.resize(static_cast<size_t>(next - task.runs.data()));
  }

  void fetch_rows(Task& task) {
    size_t entries = 0;
    for (const EntryRun& run : task.runs) entries += run.count;
    if (task.ids.size() < entries + kPassSlack) task.ids.resize(entries + kPassSlack);
    const size_t passed =
        kernels_.pass(task.runs.data(), task.runs.size(), row_bits_, task.tag, task.ids.data());
    task.id_count = fetch_rows_of(std::span(task.ids).first(passed));
  }

  /// Fetches rows but those that a query alone has matched already, and returns how many are left.
  size_t fetch_rows_of(std::span<uint32_t> ids) const {
    const bool skip_seen = mode_ == Mode::alone && seen_.many();
    size_t left = 0;
    for (const uint32_t id : ids) {
      // As with the directory; a row looked at in vain does no harm.
      const uint32_t row = std::min(id, rows_ - 1);
      if (skip_seen && seen_.contains(row)) continue;
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
    heavy_ids_.resize(kHeavyEntries + kPassSlack);
    for (uint32_t begin = 0; begin < run.count;) {
      if (mode_ == Mode::together && matches_many(task.query)) return;
      const uint32_t count = std::min(kHeavyEntries, run.count - begin);
      const EntryRun some{run.entries + begin, count, run.budget_bits};
      const size_t passed = kernels_.pass(&some, 1, row_bits_, task.tag, heavy_ids_.data());
      const auto ids = std::span(heavy_ids_).first(passed);
      compare(task, ids.first(fetch_rows_of(ids)));
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
      if (mode_ == Mode::alone) {
        if (seen_.insert(near_[i].row)) found_.keep(near_[i]);
      } else if (is_first_found_in(task.part, query, near_[i].row)) {
        matches_.push_back({task.query, near_[i]});
        ++match_counts_[task.query];
      }
    }
  }

  /// Whether no part before this one finds the row.
  [[nodiscard]] bool is_first_found_in(uint32_t part, const uint64_t* query, uint32_t row) const {
    std::array<uint64_t, kRowWords> differing;
    for (size_t i = 0; i < kRowWords; ++i) differing[i] = halves_.word(row, i) ^ query[i];
    for (uint32_t before = 0; before < part; ++before) {
      const BitMask& mask = parts_[before].layout->mask;
      int bits = 0;
      for (size_t i = 0; i < kRowWords; ++i) {
        bits += std::popcount(differing[i] & mask[i]);
      }
      if (bits <= static_cast<int>(parts_[before].threshold)) return false;
    }
    return true;
  }

  const Check& check_;
  const BlockKernels& kernels_;
  const Halves halves_;
  const uint32_t rows_;
  const uint32_t row_bits_;
  const uint32_t radius_bits_;
  std::vector<Part> parts_;
  std::span<const Fingerprint> queries_;  // of the batch
  Mode mode_ = Mode::together;
  std::array<Task, kStages> tasks_;
  size_t step_ = 0;
  std::vector<uint32_t> keys_;
  std::vector<BatchMatch> matches_;
  std::vector<uint32_t> match_counts_;
  std::vector<size_t> match_ends_;
  std::vector<NearRow> ordered_;
  Found found_;
  SeenRows seen_;
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
  for (size_t first = 0; first < rows; first += ids.size()) {
    const size_t count = std::min<size_t>(ids.size(), rows - first);
    std::iota(ids.begin(), ids.begin() + count, static_cast<uint32_t>(first));
    touch(check, halves.low + first * kHalfWords, count * kHalfWords);
    const size_t matches = compare_rows(check, kernels, halves, query.words.data(),
                                        std::span(ids).first(count), radius_bits, near.data());
    for (size_t i = 0; i < matches; ++i) found.keep(near[i]);
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
    const auto& flips = probes_->flips[part.plan.block_bits];
    search.add_part(
        {&part, reinterpret_cast<const uint32_t*>(bytes_.data() + part.directory_offset),
         reinterpret_cast<const uint32_t*>(bytes_.data() + part.entries_offset),
         std::span(flips).first(ball_volume(part.plan.block_bits, threshold)), threshold});
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
