#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace safelight {

/// Does `pieces` pieces of work on at most `threads` threads, this one among them, and returns when
/// all are done. Each thread calls `work(next)` once, and `next()` gives it the number of a piece,
/// each to one of the threads, until there are no more: what a thread needs for all of its pieces
/// it makes before the first. What `work` throws ends the handing out, and one of it is rethrown.
template <typename Work>
void share_work(size_t pieces, size_t threads, const Work& work) {
  std::atomic<size_t> first_left{0};
  const auto next = [&]() -> std::optional<size_t> {
    const size_t piece = first_left++;
    return piece < pieces ? std::optional(piece) : std::nullopt;
  };
  std::mutex mutex;
  std::exception_ptr thrown;
  const auto guarded = [&] {
    try {
      work(next);
    } catch (...) {
      const std::lock_guard lock(mutex);
      thrown = std::current_exception();
      first_left = pieces;
    }
  };
  {
    std::vector<std::jthread> others;
    for (size_t i = 1; i < std::min(threads, pieces); ++i) others.emplace_back(guarded);
    guarded();
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace safelight
