#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/error.h"

namespace safelight::intake_internal {

/// The next names of one folder in bytewise order, as many as fit a budget. "." and ".." are no
/// names.
class NameBatch {
 public:
  explicit NameBatch(size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Adds a name that the folder holds, in any order. Where the budget is full, the greatest names
  /// go, and has_more() is set.
  void add(std::string_view name);
  /// Sorts what was added; take() may follow.
  void finish();

  /// The least name not taken yet; the view lives until the next change.
  std::optional<std::string_view> take();
  /// Whether names greater than those in this batch were left out.
  [[nodiscard]] bool has_more() const { return has_more_; }
  [[nodiscard]] size_t held_bytes() const {
    return text_.capacity() + starts_.capacity() * sizeof(starts_[0]);
  }

 private:
  [[nodiscard]] std::string_view at(uint32_t start) const { return text_.c_str() + start; }
  void keep_lesser_half();

  size_t max_bytes_;
  std::string text_;  ///< Names, each ended by a NUL, which no name holds.
  std::vector<uint32_t> starts_;
  size_t next_ = 0;
  std::optional<std::string> bound_;  ///< Names above it are left out.
  bool has_more_ = false;
};

/// Fills a batch with the names of an open folder that are greater than `after` (all, where it is
/// null), from the folder's start. What could be read stands in the batch even where an error is
/// given. Throws Fault where memory or descriptors run out.
std::optional<Error> read_names(int folder_fd, const std::string* after, NameBatch& batch);

}  // namespace safelight::intake_internal
