#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace safelight::scan {

/// A queue between threads that holds at most `max_items` values whose costs add up to at most
/// `max_cost`. A single value may cost more than that: it is taken when the queue is empty. Taken
/// from either with pop(), by any number of threads, or with pop_all_until(), by one.
template <typename T>
class BoundedQueue {
 public:
  BoundedQueue(size_t max_items, uint64_t max_cost) : max_items_(max_items), max_cost_(max_cost) {}

  /// Waits for room. After close() the value is dropped.
  void push(T value, uint64_t cost) {
    std::unique_lock lock(mutex_);
    while (!closed_ && !has_room(cost)) {
      pusher_waits_ = true;
      filled_.notify_one();
      room_.wait(lock);
    }
    if (!closed_) add(std::move(value), cost, lock);
  }

  /// Takes the value if there is room now; otherwise leaves it as it is and gives false.
  [[nodiscard]] bool try_push(T& value, uint64_t cost) {
    std::unique_lock lock(mutex_);
    if (closed_ || !has_room(cost)) return false;
    add(std::move(value), cost, lock);
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
    std::vector<T> values;
    bool ended = false;  ///< The queue is closed and empty: nothing will come any more.
  };

  /// Takes all there is once that is `enough` values, or somebody waits for room, or `deadline` has
  /// come, or the queue is closed; so that the thread is not woken for each value.
  Popped pop_all_until(size_t enough, std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    wake_at_ = enough;
    filled_.wait_until(lock, deadline,
                       [&] { return closed_ || entries_.size() >= enough || pusher_waits_; });
    Popped popped;
    popped.ended = closed_;
    popped.values.reserve(entries_.size());
    for (Entry& entry : entries_) popped.values.push_back(std::move(entry.value));
    entries_.clear();
    cost_ = 0;
    wake_pushers(lock);
    return popped;
  }

  /// Lets those who take drain what is left and then end, and push() return at once.
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
    wake_pushers(lock);
    return std::move(entry.value);
  }

  /// A queue that was full fills up in one go once half of it is free, not value by value: a switch
  /// of threads costs as much as a small picture.
  void wake_pushers(std::unique_lock<std::mutex>& lock) {
    const bool wake = pusher_waits_ && entries_.size() <= max_items_ / 2 && cost_ <= max_cost_ / 2;
    if (wake) pusher_waits_ = false;
    lock.unlock();
    if (wake) room_.notify_all();
  }

  void add(T value, uint64_t cost, std::unique_lock<std::mutex>& lock) {
    entries_.push_back({std::move(value), cost});
    cost_ += cost;
    const bool wake = entries_.size() >= wake_at_;
    lock.unlock();
    if (wake) filled_.notify_one();
  }

  const size_t max_items_;
  const uint64_t max_cost_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable filled_;
  std::deque<Entry> entries_;
  uint64_t cost_ = 0;
  size_t wake_at_ = 1;
  bool pusher_waits_ = false;  ///< And was not woken since.
  bool closed_ = false;
};

}  // namespace safelight::scan
