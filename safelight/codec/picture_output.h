#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/decode.h"
#include "safelight/picture/nearest.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// Success if a picture of that size may be decoded. Errors, at `offset_bytes`: malformed (rule
/// "picture.empty") for a side of 0; limit_exceeded by max_side_pixels or max_pixels.
Result<void> check_size(uint64_t width, uint64_t height, const Limits& limits,
                        uint64_t offset_bytes);

/// Success if `count` times `bytes_each` may be allocated. Errors, at `offset_bytes`:
/// limit_exceeded by max_decode_memory_bytes.
Result<void> check_memory(uint64_t count, uint64_t bytes_each, const Limits& limits,
                          uint64_t offset_bytes);

/// The value of 8 bits for one that a file stores in 16, as ImageMagick 6 makes it for `-depth 8`:
/// rounded down.
constexpr uint8_t narrow_16_to_8(uint32_t value) { return static_cast<uint8_t>(value / 257); }
/// The same for a value computed from samples of 8 bits, which ImageMagick rounds to the nearest.
constexpr uint8_t round_16_to_8(uint32_t value) {
  return static_cast<uint8_t>((value + 128) / 257);
}

/// How many channels the `nearest` of a picture of three has where every pixel is grey. The pipe in
/// PDQ's reference hands over one, except that it does not look where the file stores inks.
enum class GreyPictures { one_channel, three_channels };

/// The rows of one picture on their way from a decoder to what a DecodeRequest names.
class PictureOutput {
 public:
  explicit PictureOutput(const DecodeRequest& request) : request_(request) {}

  /// Before any row. `shape` is within the limits.
  void begin(const PictureShape& shape, GreyPictures greys = GreyPictures::one_channel);

  /// Whether somebody takes rows as they are stored: DecodeRequest::lossless_rows.
  [[nodiscard]] bool wants_lossless() const { return request_.lossless_rows != nullptr; }
  /// The same of those rows. To be called only where they are wanted, before begin() and rows().
  void begin_lossless(const PictureShape& shape) { request_.lossless_rows->begin(shape); }
  void lossless_rows(uint32_t first_row, std::span<const uint8_t> samples) {
    request_.lossless_rows->rows(first_row, samples);
  }

  /// Whether anybody looks at row `y`: a decoder may leave out the conversion of others.
  [[nodiscard]] bool needs(uint32_t y) const;

  /// Takes `samples.size() / shape.row_bytes()` rows from `first_row` on. Rows come from the top,
  /// each once; between calls rows that nobody needs may be left out.
  void rows(uint32_t first_row, std::span<const uint8_t> samples);

  /// The rows from here on were never made: they are handed out black.
  [[nodiscard]] uint32_t next_row() const { return next_row_; }
  /// Counts rows up to `row` as made, where the last of them were needed by nobody.
  void made_until(uint32_t row) { next_row_ = row; }

  /// What decode() gives. Errors: `incomplete`, where no row came.
  Result<Decoded> finish(std::optional<Error> incomplete) &&;

 private:
  const DecodeRequest& request_;
  PictureShape shape_;
  NearestSink nearest_;
  NearestGrid grid_;
  bool all_grey_ = true;  ///< No pixel of colour so far, where that matters.
  uint32_t next_row_ = 0;
};

}  // namespace safelight::codec
