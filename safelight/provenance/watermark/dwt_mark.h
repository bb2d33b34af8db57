#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "safelight/picture/picture.h"
#include "safelight/provenance/watermark/known_marks.h"

namespace safelight::provenance {

/// How red, green and blue become the U channel that carries the mark. Generators embed in one of
/// two ways, and a mark made in one is mostly unreadable in the other, so both are read.
enum class ColourPath : uint8_t {
  integer,   ///< 8-bit fixed point: what `detect.py` and the Stable Diffusion 1 and 2 scripts use.
  floating,  ///< Single precision with an offset of 0.5: the SDXL and FLUX pipelines.
};

/// One known payload against what one colour path reads.
struct MarkScore {
  const KnownMark* mark = nullptr;  ///< Of static storage duration.
  ColourPath path = ColourPath::integer;
  uint32_t matched_bits = 0;
  std::vector<uint8_t> bits;  ///< What was read: mark->bits.size() values of 0 or 1.
};

enum class NotReadable : uint8_t {
  too_small,  ///< Under kMinMarkPixels: generators leave such pictures unmarked.
  grey,       ///< No colour channel, so none that could carry a mark.
  flat,       ///< Less than 1 in kFlatBlocksInOne blocks varies in colour.
};

struct MarkReading {
  std::optional<NotReadable> not_readable;  ///< Then there are no scores.
  uint64_t blocks = 0;                      ///< Of 8x8 pixels.
  uint64_t varying_blocks = 0;
  std::vector<MarkScore> scores;  ///< Each known mark in each path.
};

/// What the public encoder demands: it refuses pictures of fewer pixels.
inline constexpr uint64_t kMinMarkPixels = 256 * 256;
inline constexpr uint64_t kFlatBlocksInOne = 8;

/// Reads the public `dwtDct` mark of the invisible-watermark library from the rows of a picture,
/// bit for bit as its decoder does: one Haar level of the U channel; in each 4x4 block of the low
/// band the largest of the coefficients but the first, modulo 36, is a vote for the bit whose turn
/// it is. The mark does not survive resizing, cropping or ordinary JPEG, so its absence says
/// nothing. Holds eight rows. Source: ShieldMnt/invisible-watermark, imwatermark/maxDct.py.
class DwtMarkReader final : public RowSink {
 public:
  DwtMarkReader();
  ~DwtMarkReader() override;

  void begin(const PictureShape& shape) override;
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override;
  /// After the last row. Rows that never came are taken as not there.
  [[nodiscard]] MarkReading finish() const;

 private:
  class Path;
  struct ColourRow;

  PictureShape shape_;
  std::vector<ColourRow> strip_;  ///< The present 8 rows, as far as they have come.
  uint32_t strip_rows_ = 0;
  uint64_t blocks_ = 0;
  uint64_t varying_blocks_ = 0;
  std::array<std::unique_ptr<Path>, 2> paths_;
};

}  // namespace safelight::provenance
