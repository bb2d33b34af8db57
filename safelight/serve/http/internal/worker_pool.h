#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "safelight/serve/http/router.h"

namespace safelight::serve {

/// Runs handlers: a fixed number of threads, and for each class of routes a bounded number that run
/// and a bounded number that wait. Safe from many threads.
class WorkerPool {
 public:
  /// How a job's turn came: to run, or to be given up because the server stops.
  enum class Turn : uint8_t { run, stopping };
  using Job = std::function<void(Turn)>;
  enum class Submitted : uint8_t { waiting, overloaded, stopping };

  WorkerPool(unsigned threads, std::span<const RouteLimits> classes);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  /// `job` is called once if it is told to be waiting, else never. It does not throw.
  [[nodiscard]] Submitted submit(RouteClass route_class, Job job);
  /// Gives up what waits, and takes nothing more. What runs goes on.
  void stop();
  /// After stop(): returns when nothing runs any more.
  void join();

 private:
  struct Class {
    RouteLimits limits;
    uint32_t running = 0;
    uint32_t waiting = 0;
  };
  struct Waiting {
    size_t class_index = 0;
    Job job;
  };
  void work();
  [[nodiscard]] std::deque<Waiting>::iterator next_that_may_run();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  std::vector<Class> classes_;
  std::deque<Waiting> waiting_;
  std::vector<std::thread> threads_;
};

}  // namespace safelight::serve
