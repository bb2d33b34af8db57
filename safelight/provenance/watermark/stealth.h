#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::provenance {

/// The samples of a pixel: red, green, blue, and alpha as the fourth where there is one.
enum class StealthPixels : uint8_t { rgb = 3, rgba = 4 };

/// Where the text was hidden.
enum class StealthCarrier : uint8_t { alpha, rgb };

/// Text that a generator hid in the lowest bits of the pixels, for its own users to read back.
struct StealthText {
  StealthCarrier carrier = StealthCarrier::alpha;
  bool compressed = false;
  std::vector<std::byte> text;  ///< Expanded where it was compressed. Usually UTF-8.
};

struct StealthLimits {
  uint64_t max_stored_bytes = 4u << 20;     ///< In the pixels.
  uint64_t max_expanded_bytes = 16u << 20;  ///< After decompression.
};

/// Reads "stealth pnginfo" from pixels that were stored without loss. From the lowest bits of
/// alpha, or of red, green and blue in turn, column by column from the left and each from the top,
/// most significant bit first: a name of 15 bytes (`stealth_pnginfo` or `stealth_pngcomp` in alpha,
/// `stealth_rgbinfo` or `stealth_rgbcomp` in colour; "comp" is gzip), a big-endian u32 of the
/// length in bits, the text. Keeps one bit a sample, only as far right as a text can reach, and
/// only as long as a name may stand there. Source: the public writers (sd-webui-stealth-pnginfo;
/// NovelAI/novelai-image-metadata).
class StealthReader {
 public:
  StealthReader(uint32_t width, uint32_t height, StealthPixels pixels,
                const StealthLimits& limits = {});

  /// Takes further whole rows from the top. What goes beyond the height is ignored.
  void rows(std::span<const uint8_t> samples);

  /// False once no name can stand at its place any more, mostly after the first row.
  [[nodiscard]] bool may_hold_text() const;

  /// The text, that of alpha where both carry one; nothing where no name stands at its place.
  /// Errors: truncated, "stealth.pixels", where the pixels end first; malformed, "stealth.length"
  /// (not in whole bytes) or "stealth.gzip"; limit_exceeded, "max_stored_bytes" or
  /// "max_expanded_bytes". Their offsets count from the name.
  [[nodiscard]] Result<std::optional<StealthText>> finish() const;

 private:
  /// The lowest bits of one carrier.
  struct Plane {
    uint32_t first_sample = 0;
    uint32_t samples = 0;        ///< Of a pixel; 0 where the pixels have no such carrier.
    uint32_t columns = 0;        ///< From the left, that the longest text can reach.
    std::vector<uint64_t> bits;  ///< Rows from the top, pixels from the left, samples in turn.
  };

  void add_row(Plane& plane, std::span<const uint8_t> row) const;
  [[nodiscard]] bool may_begin_name(const Plane& plane, StealthCarrier carrier) const;
  [[nodiscard]] Result<std::optional<StealthText>> read(const Plane& plane,
                                                        StealthCarrier carrier) const;

  uint32_t width_;
  uint32_t height_;
  uint32_t samples_;
  StealthLimits limits_;
  uint32_t rows_seen_ = 0;
  std::array<Plane, 2> planes_;  ///< By StealthCarrier.
};

}  // namespace safelight::provenance
