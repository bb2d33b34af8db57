#include "safelight/serve/review/ranker.h"

#include <chrono>
#include <exception>
#include <utility>

#include "safelight/casefile/reader.h"

namespace safelight::serve {
namespace {

constexpr std::chrono::seconds kPause{2};
constexpr int kRestPerWork = 10;

bool is_growing(const std::filesystem::path& directory) {
  return casefile::Reader::open(directory).running().has_value();
}

}  // namespace

bool is_ranking_due(const std::filesystem::path& directory) {
  const auto reader = casefile::Reader::open(directory);
  const auto state = reader.triage_state();
  const bool is_current = state && state->whole && state->as_of == reader.evidence_version();
  return !is_current;
}

Ranker::Ranker(std::vector<std::filesystem::path> cases, RankCase rank, LogSink& log)
    : cases_(std::move(cases)), rank_(std::move(rank)), log_(log), thread_([this] { run(); }) {}

Ranker::~Ranker() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Ranker::run() {
  using Clock = std::chrono::steady_clock;
  std::vector<Clock::time_point> rests_until(cases_.size());
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    for (size_t i = 0; i < cases_.size(); ++i) {
      try {
        const auto began = Clock::now();
        const bool rests = began < rests_until[i] && is_growing(cases_[i]);
        if (rests || !is_ranking_due(cases_[i])) continue;
        rank_(cases_[i]);
        const auto ended = Clock::now();
        rests_until[i] = ended + kRestPerWork * (ended - began);
      } catch (const std::exception& error) {
        // Such as another program that puts the case in order: it is tried again.
        log_.log(Severity::info, error.what());
      }
    }
    lock.lock();
  } while (!wake_.wait_for(lock, kPause, [this] { return is_stopping_; }));
}

}  // namespace safelight::serve
