#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "safelight/scan/progress.h"

namespace safelight::app {

/// Shows on standard error how far a scan has come, as long as it lives: one line that is rewritten
/// in a terminal, a line every few seconds elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(const scan::Progress& progress);
  ~ProgressLine();

 private:
  void run();

  const scan::Progress& progress_;
  bool is_terminal_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace safelight::app
