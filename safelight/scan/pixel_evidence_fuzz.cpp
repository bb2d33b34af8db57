#include <algorithm>
#include <cstdlib>

#include "safelight/scan/pixel_evidence.h"

using namespace safelight;
using scan::DecodedExtent;
using scan::PixelEvidence;
using scan::PixelExaminer;

namespace {

constexpr codec::Format kFormats[] = {codec::Format::jpeg, codec::Format::png, codec::Format::webp,
                                      codec::Format::tiff};

/// What the first bytes of an input say; the rest is file, pixels and coefficients at once.
struct Case {
  codec::Format format = codec::Format::jpeg;
  DecodedExtent extent = DecodedExtent::in_full;
  PictureShape shape;
  uint32_t stored_channels = 0;
  std::span<const uint8_t> rest;

  [[nodiscard]] Picture picture(uint32_t channels) const {
    Picture picture;
    picture.shape = {shape.width, shape.height, channels};
    picture.samples.resize(picture.shape.height * picture.shape.row_bytes());
    for (size_t i = 0; i < picture.samples.size(); ++i) picture.samples[i] = rest[i % rest.size()];
    return picture;
  }

  [[nodiscard]] Result<codec::LumaCoefficients> luma(const codec::BlockRowChoice& rows) const {
    if (rest[0] % 8 == 0) return Error{ErrorCode::malformed, "fuzz.luma"};
    codec::LumaCoefficients luma;
    luma.blocks_wide = (shape.width + 7) / 8;
    luma.blocks_high = (shape.height + 7) / 8;
    const size_t blocks = rows(luma.blocks_wide, luma.blocks_high).size() * luma.blocks_wide;
    for (size_t i = 0; i < blocks * 64; ++i) {
      luma.values.push_back(static_cast<int16_t>(rest[i % rest.size()] * 256 - 32'768));
    }
    luma.steps.fill(rest[0]);
    return luma;
  }

  [[nodiscard]] PixelEvidence examine(uint32_t rows_at_once) const {
    const auto file = std::as_bytes(rest);
    PixelExaminer examiner(format, file, metadata::read_metadata(file, {}), {},
                           {.luma = [&](auto, const auto& rows, const auto&) { return luma(rows); },
                            .max_signed_pixels = 1 << 16});
    const Picture pixels = picture(shape.channels);
    const Picture stored = picture(std::max(stored_channels, 1u));
    if (stored_channels != 0) examiner.lossless_rows().begin(stored.shape);
    examiner.begin(shape);
    for (uint32_t y = 0; y < shape.height; y += rows_at_once) {
      const uint32_t count = std::min(rows_at_once, shape.height - y);
      const auto of = [&](const Picture& from) {
        const size_t row_bytes = from.shape.row_bytes();
        return std::span(from.samples).subspan(y * row_bytes, count * row_bytes);
      };
      if (stored_channels != 0) examiner.lossless_rows().rows(y, of(stored));
      examiner.rows(y, of(pixels));
    }
    return examiner.finish(extent);
  }
};

void check(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

/// Any file, pixels and coefficients: one overview with each field, and the same answer however
/// rows come.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 8) return 0;
  Case any;
  any.format = kFormats[data[0] % 4];
  any.extent = static_cast<DecodedExtent>(data[0] / 4 % 3);
  // Mostly small; now and then large enough for every trace.
  const uint32_t side = data[1] % 16 == 0 ? 256 : 1;
  any.shape = {side + data[2] % 64, side + data[3], data[4] % 4 == 0 ? 1u : 3u};
  constexpr uint32_t kStored[] = {0, 1, 3, 4};
  any.stored_channels = kStored[data[5] % 4];
  any.rest = std::span(data, size).subspan(6);

  const PixelEvidence evidence = any.examine(any.shape.height);
  check(evidence.findings == any.examine(1 + data[5] % 9).findings);
  check(!evidence.findings.empty() && evidence.findings[0].kind == "pixels_examined");
  check(evidence.findings[0].fields.size() == 6);
  for (const auto& [name, value] : evidence.findings[0].fields) {
    check(value == "present" || value == "possible" || value == "not found" ||
          (value.starts_with("not assessable: ") && value.size() > 16));
  }
  for (const Finding& finding : evidence.findings) {
    check(!finding.kind.empty() && !finding.statement.empty());
    check(&finding == evidence.findings.data() || finding.kind != "pixels_examined");
  }
  return 0;
}
