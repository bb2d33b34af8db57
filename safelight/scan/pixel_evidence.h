#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/decode.h"
#include "safelight/codec/format.h"
#include "safelight/codec/luma_coefficients.h"
#include "safelight/evidence/finding.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/picture/picture.h"
#include "safelight/provenance/marks/novelai_signature.h"
#include "safelight/provenance/marks/prompt.h"

namespace safelight::scan {

/// What the pixels of a picture say about where it came from and how it was processed.
struct PixelEvidence {
  /// First "pixels_examined", always; then what there is of "jpeg_structure", marks, hidden text
  /// and what it declares, signatures, traces, in this order.
  std::vector<Finding> findings;
  std::vector<marks::Prompt> prompts;  ///< Of a hidden text; their digests are in the findings.
};

/// How much of a picture a decoder gave.
enum class DecodedExtent : uint8_t { none, in_part, in_full };

inline DecodedExtent decoded_extent(const Result<codec::Decoded>& decoded) {
  if (!decoded) return DecodedExtent::none;
  return decoded->incomplete ? DecodedExtent::in_part : DecodedExtent::in_full;
}

/// Reads the luma of a JPEG file, as codec::read_luma_coefficients() does.
using LumaReader = std::function<Result<codec::LumaCoefficients>(
    std::span<const std::byte> file, const codec::BlockRowChoice& rows, const Limits& limits)>;

struct PixelExaminerOptions {
  /// Without one, nothing is said of an earlier compression on the same grid. A parameter, so that
  /// only who examines JPEGs links their decoder.
  LumaReader luma;
  std::string_view novelai_public_key = marks::kNovelAiPublicKey;
  /// Of a picture with a signature over its pixels, which are kept for it, 3 bytes each. That
  /// generator's largest have 4096 x 4096.
  uint64_t max_signed_pixels = 16u << 20;
};

/// Examines the pixels of one picture while it is decoded, once, from top to bottom: to be named as
/// `rows` of the DecodeRequest, and its lossless_rows() as `lossless_rows`. Looks for the public
/// watermarks of generators, for text hidden in the lowest bits, for NovelAI's signature, and for
/// traces of compression, scaling and sensors. Keeps the middle of the picture (traces::
/// pixels_looked_at(), 12.6 MB at most), what a hidden text can reach of the lowest bits, and all
/// pixels, up to `max_signed_pixels`, only where metadata or the beginning of a hidden text say
/// that a signature may cover them. Answers depend on the pixels and the file alone. One picture an
/// object, one thread.
class PixelExaminer final : public RowSink {
 public:
  /// `metadata` is what read_metadata() gave for `file`, which must outlive the examiner.
  PixelExaminer(codec::Format format, std::span<const std::byte> file,
                const metadata::Metadata& metadata, const Limits& limits,
                PixelExaminerOptions options = {});
  ~PixelExaminer() override;
  PixelExaminer(const PixelExaminer&) = delete;
  PixelExaminer& operator=(const PixelExaminer&) = delete;

  void begin(const PictureShape& shape) override;
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override;
  [[nodiscard]] RowSink& lossless_rows();

  /// After the last row, once. Of a picture that was decoded in part, marks that are there are
  /// found, and traces are not looked for, because their rates were measured on whole pictures.
  [[nodiscard]] PixelEvidence finish(DecodedExtent extent);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace safelight::scan
