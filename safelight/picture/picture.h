#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace safelight {

/// Width and height in pixels, and 1 (grey) or 3 (red, green, blue) channels of 8 bits. Where an
/// interface says so, 4: alpha besides.
struct PictureShape {
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t channels = 0;

  [[nodiscard]] size_t row_bytes() const { return size_t{width} * channels; }
  friend bool operator==(const PictureShape&, const PictureShape&) = default;
};

/// Decoded pixels: rows from the top, samples of a pixel side by side, no padding.
struct Picture {
  PictureShape shape;
  std::vector<uint8_t> samples;  ///< shape.height * shape.row_bytes() values.

  [[nodiscard]] std::span<const uint8_t> row(uint32_t y) const {
    return std::span(samples).subspan(y * shape.row_bytes(), shape.row_bytes());
  }
};

/// Takes the rows of a picture as they are decoded, from the top, each once.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Called once, before any row.
  virtual void begin(const PictureShape& shape) = 0;
  /// Takes `samples.size() / shape.row_bytes()` rows, the first of which is row `first_row`.
  virtual void rows(uint32_t first_row, std::span<const uint8_t> samples) = 0;
};

}  // namespace safelight
