#include "safelight/serve/review/ranker.h"

#include <chrono>
#include <exception>
#include <utility>

#include "safelight/casefile/reader.h"

namespace safelight::serve {
namespace {

constexpr std::chrono::seconds kPause{2};

}  // namespace

bool is_ranking_due(const std::filesystem::path& directory) {
  const auto reader = casefile::Reader::open(directory);
  const auto state = reader.triage_state();
  const bool is_current = state && state->whole && state->as_of == reader.evidence_version();
  return !is_current && !reader.running();
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
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    for (const auto& directory : cases_) {
      try {
        if (is_ranking_due(directory)) rank_(directory);
      } catch (const std::exception& error) {
        // Such as a scan that has just begun: it is tried again.
        log_.log(Severity::info, error.what());
      }
    }
    lock.lock();
  } while (!wake_.wait_for(lock, kPause, [this] { return is_stopping_; }));
}

}  // namespace safelight::serve
