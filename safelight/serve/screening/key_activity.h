#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace safelight::serve {

/// What was asked with a key since the server began: numbers alone, for whoever leads to see.
struct KeyCounts {
  int64_t key = 0;
  uint64_t accepted = 0;       ///< Uploads.
  uint64_t held = 0;           ///< Uploads.
  uint64_t near_queries = 0;   ///< Of those that were held: because too many were near each other.
  uint64_t refused_types = 0;  ///< Uploads that are no picture.
  uint64_t over_rate = 0;      ///< Requests that were refused.
  uint64_t looked_up = 0;      ///< Digests and fingerprints.
  uint64_t told = 0;           ///< Of those: hits of which list and entry were told.
};

/// Counts by key. Safe from many threads.
class KeyActivity {
 public:
  /// Adds to one of the counts of a key. So many keys are counted; further ones are not.
  void add(int64_t key, uint64_t KeyCounts::*count, uint64_t number = 1) {
    const std::lock_guard lock(mutex_);
    if (counts_.size() >= kMaxKeys && !counts_.contains(key)) return;
    KeyCounts& counts = counts_[key];
    counts.key = key;
    counts.*count += number;
  }

  /// By key.
  [[nodiscard]] std::vector<KeyCounts> counts() const {
    const std::lock_guard lock(mutex_);
    std::vector<KeyCounts> out;
    for (const auto& [key, counts] : counts_) out.push_back(counts);
    return out;
  }

  static constexpr size_t kMaxKeys = 65'536;

 private:
  mutable std::mutex mutex_;
  std::map<int64_t, KeyCounts> counts_;
};

}  // namespace safelight::serve
