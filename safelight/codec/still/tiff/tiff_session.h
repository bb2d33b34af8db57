#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"

namespace safelight::codec {

/// What a directory's colours mean, after what libtiff has converted.
enum class TiffColour : uint8_t { white_is_zero, black_is_zero, rgb, palette, cmyk, converted };
enum class TiffAlpha : uint8_t { none, associated, unassociated };
enum class TiffNumbers : uint8_t { unsigned_integer, signed_integer, floating };

/// How the samples of a picture come out of TiffSession.
struct TiffHeader {
  uint32_t width = 0;
  uint32_t height = 0;
  TiffColour colour = TiffColour::black_is_zero;
  uint32_t bits = 1;                  ///< Of a sample.
  uint32_t samples = 1;               ///< Of a pixel, those beyond the colour included.
  bool separate = false;              ///< A row comes as one plane a sample, not as pixels.
  TiffAlpha alpha = TiffAlpha::none;  ///< What the first sample behind the colour is.
  TiffNumbers numbers = TiffNumbers::unsigned_integer;
  /// Red, green, blue of 16 bits, 2^bits entries.
  std::vector<std::array<uint16_t, 3>> palette;
};

/// One directory of a TIFF file being read by libtiff. Its errors become values; nothing is
/// printed, and no state is shared with other sessions.
class TiffSession {
 public:
  /// A row: one plane of pixels, or one plane a sample. Integers of 16 bits and more, and floating
  /// ones, in the processor's byte order; smaller ones packed from the highest bit.
  using Planes = std::span<const std::span<const uint8_t>>;
  using TakeRow = std::function<void(uint32_t y, Planes planes)>;

  /// Opens the directory at `directory_offset_bytes`. `file` must outlive the session. Errors: as
  /// libtiff finds them, at about the bytes consumed; limit_exceeded by max_side_pixels,
  /// max_pixels or max_decode_memory_bytes; unsupported for samples that are not handled.
  static Result<TiffSession> open(std::span<const std::byte> file, uint64_t directory_offset_bytes,
                                  const Limits& limits);
  TiffSession(TiffSession&&) noexcept;
  TiffSession& operator=(TiffSession&&) noexcept;
  ~TiffSession();

  [[nodiscard]] const TiffHeader& header() const;
  /// Calls `take` for each row that could be read, from the top; a strip or tile that is damaged is
  /// left out. Gives what was wrong first, if anything was. Errors: limit_exceeded by
  /// max_decode_memory_bytes.
  Result<std::optional<Error>> read_rows(const TakeRow& take);

 private:
  struct State;
  explicit TiffSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::codec
