#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace safelight::index_internal {

/// The rows that one query has matched. A few are kept as they are, many as bits; what was set is
/// noted, so that beginning the next query costs no more than this one's matches.
class SeenRows {
 public:
  explicit SeenRows(size_t rows) : rows_(rows) {}

  void clear() {
    for (const uint32_t word : touched_) bits_[word] = 0;
    touched_.clear();
    few_count_ = 0;
    many_ = false;
  }

  /// Whether the row is new.
  bool insert(uint32_t row) {
    if (many_) return set(row);
    const auto end = few_.begin() + few_count_;
    if (std::find(few_.begin(), end, row) != end) return false;
    if (few_count_ < few_.size()) {
      few_[few_count_++] = row;
      return true;
    }
    if (bits_.empty()) bits_.resize((rows_ + 63) / 64);
    for (const uint32_t kept : few_) set(kept);
    many_ = true;
    return set(row);
  }

  /// Whether so many rows were seen that asking is worth more than looking at a row again.
  [[nodiscard]] bool many() const { return many_; }
  /// Whether the row was inserted; only where there are many().
  [[nodiscard]] bool contains(uint32_t row) const {
    return (bits_[row / 64] >> (row % 64) & 1) != 0;
  }

 private:
  bool set(uint32_t row) {
    uint64_t& word = bits_[row / 64];
    const uint64_t bit = uint64_t{1} << (row % 64);
    if ((word & bit) != 0) return false;
    if (word == 0) touched_.push_back(row / 64);
    word |= bit;
    return true;
  }

  size_t rows_;
  std::array<uint32_t, 32> few_{};
  size_t few_count_ = 0;
  bool many_ = false;
  std::vector<uint64_t> bits_;
  std::vector<uint32_t> touched_;
};

}  // namespace safelight::index_internal
