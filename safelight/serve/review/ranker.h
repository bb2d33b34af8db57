#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"

namespace safelight::serve {

/// Keeps the cases of a server grouped and in the order of review, on a thread of its own: whenever
/// the evidence of one has changed and nobody writes to it. A scan is let finish first.
class Ranker {
 public:
  /// `clock` and `log` outlive it.
  Ranker(std::vector<std::filesystem::path> cases, const Clock& clock, LogSink& log);
  Ranker(const Ranker&) = delete;
  Ranker& operator=(const Ranker&) = delete;
  /// Waits for the case that is being ranked.
  ~Ranker();

 private:
  void run();

  const std::vector<std::filesystem::path> cases_;
  const Clock& clock_;
  LogSink& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_stopping_ = false;
  std::thread thread_;
};

/// Groups and ranks the case where that is due and nobody writes to it; says whether it did. Throws
/// Fault.
bool rank_if_due(const std::filesystem::path& directory, const Clock& clock, LogSink& log);

}  // namespace safelight::serve
