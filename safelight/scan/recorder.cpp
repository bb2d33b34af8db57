#include "safelight/scan/recorder.h"

#include <chrono>
#include <string_view>

#include "safelight/scan/cut_matches.h"

namespace safelight::scan {
namespace {

/// A commit costs one fsync and wakes this thread; so many outcomes, of two rows or more each, make
/// that small beside the work they stand for, and fill a batch for the search in lists.
constexpr size_t kOutcomesPerCommit = 500;
/// At most so much finished work is lost with the power.
constexpr std::chrono::milliseconds kCommitEvery{500};
constexpr size_t kMaxQueuedOutcomes = 1'000;
constexpr uint64_t kMaxQueuedCost = 32 << 20;

/// Roughly the bytes that an outcome holds.
uint64_t cost_of(const Outcome& outcome) {
  return 4'096 * (outcome.contents.size() + outcome.items.size());
}

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

Recorder::Recorder(casefile::Writer& writer, ListMatching& matching, ContentBook& book,
                   Progress& progress, const Committed& committed)
    : writer_(writer),
      matching_(matching),
      book_(book),
      progress_(progress),
      committed_(committed),
      queue_(kMaxQueuedOutcomes, kMaxQueuedCost),
      thread_([this] { run(); }) {}

Recorder::~Recorder() { queue_.close(); }

void Recorder::add(Outcome outcome) {
  if (failed_) return;
  const uint64_t cost = cost_of(outcome);
  queue_.push(std::move(outcome), cost);
}

void Recorder::finish() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
  if (fault_) std::rethrow_exception(fault_);
}

void Recorder::run() {
  using Clock = std::chrono::steady_clock;
  try {
    while (true) {
      auto popped = queue_.pop_all_until(kOutcomesPerCommit, Clock::now() + kCommitEvery);
      Outcome gathered;
      for (Outcome& outcome : popped.values) {
        append(gathered.contents, std::move(outcome.contents));
        append(gathered.items, std::move(outcome.items));
      }
      commit(std::move(gathered));
      if (popped.ended) return;
    }
  } catch (...) {
    fault_ = std::current_exception();
    failed_ = true;
    queue_.close();
  }
}

void Recorder::commit(Outcome gathered) {
  if (gathered.contents.empty() && gathered.items.empty()) return;
  casefile::Batch batch;
  batch.contents = std::move(gathered.contents);
  batch.items = std::move(gathered.items);
  if (refresh_lists(writer_, matching_)) lists_changed_ = true;
  const auto matched = matching_.match(batch.contents);
  for (size_t i = 0; i < matched.size(); ++i) {
    progress_.hits += matched[i].hits.empty() ? 0 : 1;
    state_cut_matches(batch.contents[i].examination, matched[i].cut,
                      [](std::string_view) { return true; });
    for (const Hit& hit : matched[i].hits) {
      batch.hits.push_back({batch.contents[i].content.key, hit, matching_.content_id_of(hit.list),
                            casefile::HitState::added});
    }
  }
  writer_.commit(batch);
  for (const casefile::ExaminedContent& examined : batch.contents)
    book_.committed(examined.content.key);
  if (committed_) committed_(writer_.head());
}

}  // namespace safelight::scan
