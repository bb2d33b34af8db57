#pragma once

#include <cstdint>
#include <vector>

#include "safelight/picture/picture.h"

namespace safelight {

/// Keeps the rows it is given reduced by a whole factor, each pixel the mean of a square of them:
/// by the largest that leaves the longer side at least `enough_side_pixels`, so that render() still
/// has something to reduce. Its memory grows with what is kept, not with the picture.
class ReducingSink final : public RowSink {
 public:
  /// `enough_side_pixels` is not 0.
  explicit ReducingSink(uint32_t enough_side_pixels) : enough_side_pixels_(enough_side_pixels) {}

  void begin(const PictureShape& shape) override;
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override;

  /// What came of the rows so far; the last row of squares once all rows are there.
  [[nodiscard]] Picture take() && { return std::move(picture_); }

 private:
  void add(std::span<const uint8_t> row);
  void finish_squares();

  uint32_t enough_side_pixels_;
  PictureShape source_;
  uint32_t factor_ = 1;
  uint32_t rows_taken_ = 0;
  uint32_t rows_in_sums_ = 0;
  std::vector<uint32_t> sums_;  ///< Of each column of samples, over the rows of the squares so far.
  Picture picture_;
};

}  // namespace safelight
