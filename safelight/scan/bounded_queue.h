#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

namespace safelight::scan {

/// A queue between threads that holds at most `max_items` values whose costs add up to at most
/// `max_cost`. A single value may cost more than that: it is taken when the queue is empty.
template <typename T>
class BoundedQueue {
 public:
  BoundedQueue(size_t max_items, uint64_t max_cost) : max_items_(max_items), max_cost_(max_cost) {}

  /// Waits for room. After close() the value is dropped.
  void push(T value, uint64_t cost) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || has_room(cost); });
    if (!closed_) add(std::move(value), cost);
  }

  /// Takes the value if there is room now; otherwise leaves it as it is and gives false.
  [[nodiscard]] bool try_push(T& value, uint64_t cost) {
    const std::lock_guard lock(mutex_);
    if (closed_ || !has_room(cost)) return false;
    add(std::move(value), cost);
    return true;
  }

  /// Waits for a value; nothing once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return closed_ || !entries_.empty(); });
    if (entries_.empty()) return std::nullopt;
    return take(lock);
  }

  struct Popped {
    std::optional<T> value;
    bool ended = false;  ///< The queue is closed and empty: nothing will come any more.
  };

  /// As pop(), but waits no longer than until `deadline`.
  Popped pop_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    filled_.wait_until(lock, deadline, [&] { return closed_ || !entries_.empty(); });
    if (entries_.empty()) return {std::nullopt, closed_};
    return {take(lock), false};
  }

  /// Lets pop() drain what is left and then end, and push() return at once.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
    room_.notify_all();
  }

 private:
  struct Entry {
    T value;
    uint64_t cost;
  };

  [[nodiscard]] bool has_room(uint64_t cost) const {
    return entries_.empty() || (entries_.size() < max_items_ && cost_ + cost <= max_cost_);
  }

  T take(std::unique_lock<std::mutex>& lock) {
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    cost_ -= entry.cost;
    lock.unlock();
    room_.notify_all();
    return std::move(entry.value);
  }

  void add(T value, uint64_t cost) {
    entries_.push_back({std::move(value), cost});
    cost_ += cost;
    filled_.notify_one();
  }

  const size_t max_items_;
  const uint64_t max_cost_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable filled_;
  std::deque<Entry> entries_;
  uint64_t cost_ = 0;
  bool closed_ = false;
};

}  // namespace safelight::scan
