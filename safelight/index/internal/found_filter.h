#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace safelight::index_internal {

/// Rows that the queries of a batch have matched, as far as there is room: of those that share a
/// place, the latest. What it knows need not be looked at again in later parts.
class FoundFilter {
 public:
  /// Forgets everything.
  void begin(size_t queries) {
    used_.assign(queries, 0);
    if (rows_.size() < queries * kPlaces) rows_.resize(queries * kPlaces);
  }

  /// Whether the query has any row here.
  [[nodiscard]] bool any(uint32_t query) const { return used_[query] != 0; }

  [[nodiscard]] bool has(uint32_t query, uint32_t row) const {
    return rows_[place(query, row)] == row;
  }

  void add(uint32_t query, uint32_t row) {
    if (used_[query] == 0) {
      used_[query] = 1;
      std::fill_n(rows_.begin() + static_cast<ptrdiff_t>(query * kPlaces), kPlaces, kNone);
    }
    rows_[place(query, row)] = row;
  }

 private:
  static constexpr size_t kPlaces = 512;
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();  // no row has it

  static size_t place(uint32_t query, uint32_t row) {
    // Knuth's multiplicative hash: the upper bits of the product.
    return query * kPlaces + (row * 0x9e37'79b1u) / (uint32_t{1} << 23);
  }

  std::vector<uint8_t> used_;
  std::vector<uint32_t> rows_;
};

}  // namespace safelight::index_internal
