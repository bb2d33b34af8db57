#include "safelight/serve/review/ranker.h"

#include <chrono>
#include <exception>
#include <utility>

#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/triage/review.h"

namespace safelight::serve {
namespace {

constexpr std::chrono::seconds kPause{2};
constexpr uint32_t kThreads = 1;

bool is_due(const casefile::Reader& reader) {
  const auto state = reader.triage_state();
  return !state || !state->whole || state->as_of != reader.evidence_version();
}

}  // namespace

bool rank_if_due(const std::filesystem::path& directory, const Clock& clock, LogSink& log) {
  const auto reader = casefile::Reader::open(directory);
  if (!is_due(reader) || reader.running()) return false;
  auto writer = casefile::Writer::open(directory, clock, log);
  triage::update_review(writer, reader, triage::stored_options(reader), kThreads);
  return true;
}

Ranker::Ranker(std::vector<std::filesystem::path> cases, const Clock& clock, LogSink& log)
    : cases_(std::move(cases)), clock_(clock), log_(log), thread_([this] { run(); }) {}

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
        rank_if_due(directory, clock_, log_);
      } catch (const std::exception& error) {
        // Such as a scan that has just begun: it is tried again.
        log_.log(Severity::info, error.what());
      }
    }
    lock.lock();
  } while (!wake_.wait_for(lock, kPause, [this] { return is_stopping_; }));
}

}  // namespace safelight::serve
