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
    : cases_(std::move(cases)),
      rank_(std::move(rank)),
      log_(log),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Ranker::~Ranker() = default;

void Ranker::run(const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  std::vector<Clock::time_point> rests_until(cases_.size());
  while (!stop.stop_requested()) {
    for (size_t i = 0; i < cases_.size() && !stop.stop_requested(); ++i) {
      const auto began = Clock::now();
      try {
        const bool rests = began < rests_until[i] && is_growing(cases_[i]);
        if (rests || !is_ranking_due(cases_[i])) continue;
        rank_(cases_[i], stop);
      } catch (const std::exception& error) {
        // Such as another program that puts the case in order: it is tried again.
        log_.log(Severity::info, error.what());
      }
      const auto ended = Clock::now();
      rests_until[i] = ended + kRestPerWork * (ended - began);
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, kPause, [] { return false; });
  }
}

}  // namespace safelight::serve
