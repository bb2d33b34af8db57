#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "safelight/lists/internal/spool_file.h"

namespace safelight::lists {

/// Sorts any number of values in a bounded memory: what does not fit goes in sorted runs to a
/// temporary file at its place. Add all, finish(), then take them with next(). The order is that of
/// `<`; equal values are all kept.
template <typename T>
class ExternalSorter {
 public:
  ExternalSorter(ListPlace place, size_t memory_bytes)
      : place_(std::move(place)), capacity_(std::max<size_t>(memory_bytes / sizeof(T), 16)) {}

  void add(const T& value) {
    if (buffer_.size() == capacity_) write_run();
    if (buffer_.empty()) buffer_.reserve(capacity_);
    buffer_.push_back(value);
    ++size_;
  }
  [[nodiscard]] uint64_t size() const { return size_; }

  void finish() {
    if (runs_.empty()) {
      std::sort(buffer_.begin(), buffer_.end());
      return;
    }
    if (!buffer_.empty()) write_run();
    buffer_ = {};
    file_->flush();
    for (const Run& run : runs_) readers_.emplace_back(*file_, run.offset_bytes, run.count);
    for (size_t i = 0; i < readers_.size(); ++i) heap_.push({readers_[i].next(), i});
  }

  /// The next value, or nothing after the last.
  std::optional<T> next() {
    if (runs_.empty()) {
      if (taken_ == buffer_.size()) return std::nullopt;
      return buffer_[taken_++];
    }
    if (heap_.empty()) return std::nullopt;
    const Head head = heap_.top();
    heap_.pop();
    if (!readers_[head.run].at_end()) heap_.push({readers_[head.run].next(), head.run});
    return head.value;
  }

 private:
  struct Run {
    uint64_t offset_bytes;
    uint64_t count;
  };
  struct Head {
    T value;
    size_t run;
    // The queue gives its greatest first.
    friend bool operator<(const Head& a, const Head& b) {
      return b.value < a.value || (!(a.value < b.value) && b.run < a.run);
    }
  };

  void write_run() {
    std::sort(buffer_.begin(), buffer_.end());
    if (!file_) file_ = SpoolFile::create(place_);
    runs_.push_back({file_->size_bytes(), buffer_.size()});
    file_->append(std::as_bytes(std::span(buffer_)));
    file_->flush();
    buffer_.clear();
  }

  ListPlace place_;
  size_t capacity_;
  std::vector<T> buffer_;
  size_t taken_ = 0;
  uint64_t size_ = 0;
  std::optional<SpoolFile> file_;
  std::vector<Run> runs_;
  std::vector<SpoolReader<T>> readers_;
  std::priority_queue<Head> heap_;
};

}  // namespace safelight::lists
