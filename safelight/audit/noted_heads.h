#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/audit/merkle_tree.h"

namespace safelight::audit {

/// A head that was kept elsewhere, and what to call it.
struct NotedHead {
  TreeHead head;
  std::string name = "the noted head";
};

/// The heads of one log that were noted elsewhere: what the log is held against.
class NotedHeads {
 public:
  NotedHeads() = default;
  NotedHeads(const TreeHead& head) : heads_{{head}} {}  // NOLINT: implicit
  NotedHeads(const std::optional<TreeHead>& head) {     // NOLINT: implicit
    if (head) heads_.push_back({*head});
  }
  NotedHeads(std::vector<NotedHead> heads);  // NOLINT: implicit

  /// Smallest first; those of one size in the order in which they were given.
  [[nodiscard]] std::span<const NotedHead> smallest_first() const& { return heads_; }
  std::span<const NotedHead> smallest_first() const&& = delete;
  [[nodiscard]] bool empty() const { return heads_.empty(); }

 private:
  std::vector<NotedHead> heads_;
};

}  // namespace safelight::audit
