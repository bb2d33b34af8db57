#pragma once

#include <cstdint>
#include <vector>

#include "safelight/picture/picture.h"

namespace safelight {

/// Side of the square to which PDQ's C++ reference reduces a larger picture.
inline constexpr uint32_t kNearestSide = 512;

/// Which source pixels a nearest-neighbour reduction to kNearestSide x kNearestSide reads. A
/// picture larger than that in either direction is brought to the square in both (its aspect is
/// dropped, and a short side is repeated up); any other keeps its size. Source: CImg resize,
/// interpolation_type 1, as pdq/cpp/io/pdqio.cpp of facebook/ThreatExchange uses it.
struct NearestGrid {
  std::vector<uint32_t> columns;  ///< Source column of each output column, ascending.
  std::vector<uint32_t> rows;     ///< Source row of each output row, ascending.

  static NearestGrid for_shape(uint32_t width, uint32_t height);
};

/// Keeps of the rows it is given the pixels that NearestGrid names.
class NearestSink final : public RowSink {
 public:
  void begin(const PictureShape& shape) override;
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override;

  /// The reduced picture. Rows that were never given are black.
  [[nodiscard]] const Picture& picture() const { return picture_; }
  [[nodiscard]] Picture take() && { return std::move(picture_); }

 private:
  PictureShape source_;
  NearestGrid grid_;
  size_t next_row_ = 0;  ///< Index in grid_.rows of the next row to fill.
  Picture picture_;
};

}  // namespace safelight
