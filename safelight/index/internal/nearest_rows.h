#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "safelight/index/fingerprint_index.h"
#include "safelight/index/internal/kernels.h"

namespace safelight::index_internal {

/// What one query has found: all of it, or the nearest rows and how many were cut.
class NearestRows {
 public:
  void clear() {
    rows_.clear();
    cut_ = 0;
  }

  /// All that were offered.
  [[nodiscard]] uint64_t count() const { return rows_.size() + cut_; }

  void keep(const NearRow& near, uint32_t max_rows) {
    if (rows_.size() < max_rows) {
      rows_.push_back(near);
      if (rows_.size() == max_rows) std::make_heap(rows_.begin(), rows_.end(), nearer);
      return;
    }
    ++cut_;
    if (rows_.empty() || !nearer(near, rows_.front())) return;
    std::pop_heap(rows_.begin(), rows_.end(), nearer);
    rows_.back() = near;
    std::push_heap(rows_.begin(), rows_.end(), nearer);
  }

  /// Appends what was found for query number `query` to `out`, and begins anew.
  void finish(size_t query, Matches& out) {
    std::sort(rows_.begin(), rows_.end(), nearer);
    for (const NearRow& near : rows_) {
      out.matches.push_back({static_cast<uint32_t>(query), near.row, near.distance_bits});
    }
    out.first.push_back(out.matches.size());
    out.cut.push_back(cut_);
    clear();
  }

 private:
  static bool nearer(const NearRow& a, const NearRow& b) {
    return a.distance_bits != b.distance_bits ? a.distance_bits < b.distance_bits : a.row < b.row;
  }

  std::vector<NearRow> rows_;  // at its limit, a heap whose top is the farthest
  uint64_t cut_ = 0;
};

}  // namespace safelight::index_internal
