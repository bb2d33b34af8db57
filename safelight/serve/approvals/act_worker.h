#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "safelight/serve/approvals/approvals.h"

namespace safelight::serve {

/// Does what was approved, and sees to it that how it ended is on record, in the store and told to
/// those who follow a case and may know of it. Safe from many threads.
class ActWorker {
 public:
  /// Begins by saying of each act that an earlier server left under way that it was interrupted.
  /// The references outlive it. Throws Fault where the store fails.
  ActWorker(const Approvals& approvals, Services& services);
  ActWorker(const ActWorker&) = delete;
  ActWorker& operator=(const ActWorker&) = delete;
  /// As stop().
  ~ActWorker() = default;

  /// Does an act that `by` has approved, before it returns.
  ActResult do_now(const Act& approved, const Actor& by);
  /// Does it on a thread of its own, when those before it have ended.
  void do_later(const Act& approved, const Actor& by);
  /// Tells what is being done to stop, and returns when it has. What waits is interrupted, too.
  void stop();

 private:
  void run(const std::stop_token& stop);
  ActResult carry_through(const Act& approved, const Actor& by, const std::stop_token& stop);
  ActResult attempt(const Act& approved, const Actor& by, const std::stop_token& stop);
  void end(const Act& act, const Actor& by, ActResult& result);
  void tell(const Act& ended, ActState state, const std::string& outcome) const;

  const Approvals& approvals_;
  Services& services_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::pair<Act, Actor>> waiting_;
  std::jthread thread_;
};

}  // namespace safelight::serve
