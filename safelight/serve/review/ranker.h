#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "safelight/base/log.h"

namespace safelight::serve {

/// Whether the evidence of the case has changed since it was last put in order. Throws Fault.
bool is_ranking_due(const std::filesystem::path& directory);

/// Groups and ranks a case, unless it is asked to stop meanwhile. Throws Fault. What a server gives
/// may do so in another process, which has memory of its own.
using RankCase =
    std::function<void(const std::filesystem::path& directory, const std::stop_token& stop)>;

/// Keeps the cases of a server grouped and in the order of review, on a thread of its own: whenever
/// that is due for one. A case that grows all the time is put in order anew when ten times as long
/// has passed as it took: that costs a scan a tenth of the time at most.
class Ranker {
 public:
  /// `log` outlives it.
  Ranker(std::vector<std::filesystem::path> cases, RankCase rank, LogSink& log);
  Ranker(const Ranker&) = delete;
  Ranker& operator=(const Ranker&) = delete;
  /// Stops the ranking that is going on.
  ~Ranker();

 private:
  void run(const std::stop_token& stop);

  const std::vector<std::filesystem::path> cases_;
  const RankCase rank_;
  LogSink& log_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace safelight::serve
