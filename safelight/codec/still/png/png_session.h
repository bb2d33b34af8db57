#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "safelight/base/result.h"

namespace safelight::codec {

/// How a picture's rows come out of PngSession.
struct PngHeader {
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t channels = 0;   ///< 1 grey or palette, 2 grey and alpha, 3 colour, 4 colour and alpha.
  bool wide = false;       ///< Samples of 16 bits, big-endian; else of 1 to 8 bits, one a byte.
  uint32_t bit_depth = 8;  ///< As stored: a sample is at most 2^bit_depth - 1.
  bool palette = false;
  bool interlaced = false;
  /// Its gAMA chunk says that samples are, or nearly, proportional to light, and no sRGB chunk says
  /// otherwise.
  bool linear_light = false;
};

struct PngColour {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  uint8_t alpha = 255;
};

/// One picture being read by libpng. Its errors become values; nothing is printed. A wrong checksum
/// does not end the reading.
class PngSession {
 public:
  /// Reads up to the first row. `file` must outlive the session, and its IHDR has been checked
  /// against the limits. Errors: as libpng finds them, at the bytes consumed.
  static Result<PngSession> open(std::span<const std::byte> file);
  PngSession(PngSession&&) noexcept;
  PngSession& operator=(PngSession&&) noexcept;
  ~PngSession();

  [[nodiscard]] const PngHeader& header() const;
  [[nodiscard]] size_t row_bytes() const;
  /// How often all rows must be read: 1, or 7 for an interlaced file.
  [[nodiscard]] int passes() const;

  /// Reads the next row into `row`, of row_bytes(). In an interlaced file each pass fills in more
  /// of a row that the caller keeps from pass to pass. False once reading had to stop: see
  /// damage().
  bool read_row(std::span<uint8_t> row);
  /// Reads to the end of the file. False as read_row().
  bool read_end();
  /// What was wrong, the first of several things; a wrong checksum too, though it stops nothing.
  [[nodiscard]] std::optional<Error> damage() const;

  /// The palette; beyond its end the colour of entry 0.
  [[nodiscard]] const std::array<PngColour, 256>& palette() const;
  /// The one colour that stands for transparent in a file without alpha, at the depth stored.
  [[nodiscard]] const std::optional<std::array<uint16_t, 3>>& transparent() const;

 private:
  struct State;
  explicit PngSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::codec
