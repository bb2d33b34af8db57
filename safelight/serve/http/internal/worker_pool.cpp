#include "safelight/serve/http/internal/worker_pool.h"

#include <algorithm>
#include <utility>

namespace safelight::serve {

WorkerPool::WorkerPool(unsigned threads, std::span<const RouteLimits> classes) {
  for (const auto& limits : classes) {
    classes_.push_back({limits});
    classes_.back().limits.max_running = std::min(limits.max_running, threads);
  }
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
  stop();
  join();
}

WorkerPool::Submitted WorkerPool::submit(RouteClass route_class, Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return Submitted::stopping;
    Class& one = classes_[route_class.index];
    if (one.running + one.waiting >= uint64_t{one.limits.max_running} + one.limits.max_waiting) {
      return Submitted::overloaded;
    }
    ++one.waiting;
    waiting_.push_back({route_class.index, std::move(job)});
  }
  changed_.notify_one();
  return Submitted::waiting;
}

void WorkerPool::stop() {
  std::deque<Waiting> given_up;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    given_up.swap(waiting_);
  }
  changed_.notify_all();
  for (const auto& waiting : given_up) waiting.job(Turn::stopping);
}

void WorkerPool::join() {
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::deque<WorkerPool::Waiting>::iterator WorkerPool::next_that_may_run() {
  return std::ranges::find_if(waiting_, [&](const Waiting& waiting) {
    const Class& one = classes_[waiting.class_index];
    return one.running < one.limits.max_running;
  });
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    auto next = next_that_may_run();
    if (next == waiting_.end()) {
      if (is_stopping_) return;
      changed_.wait(lock);
      continue;
    }
    const Waiting taken = std::move(*next);
    waiting_.erase(next);
    Class& one = classes_[taken.class_index];
    --one.waiting;
    ++one.running;
    lock.unlock();
    taken.job(Turn::run);
    lock.lock();
    --one.running;
  }
}

}  // namespace safelight::serve
