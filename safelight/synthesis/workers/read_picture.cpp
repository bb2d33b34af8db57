#include "safelight/synthesis/workers/read_picture.h"

#include <algorithm>
#include <array>

#include "safelight/codec/still/still.h"
#include "safelight/metadata/ifd.h"
#include "safelight/picture/whole_picture.h"
#include "safelight/traces/jpeg_structure.h"

namespace safelight::synthesis {
namespace {

/// Notes whether a decoder hands out rows that were stored without loss.
class LosslessNotice final : public RowSink {
 public:
  void begin(const PictureShape&) override { came_ = true; }
  void rows(uint32_t, std::span<const uint8_t>) override {}
  [[nodiscard]] bool came() const { return came_; }

 private:
  bool came_ = false;
};

std::optional<int> jpeg_quality(std::span<const std::byte> file) {
  const auto structure = traces::read_jpeg_structure(file);
  if (!structure || !structure->quality) return std::nullopt;
  return structure->quality->quality;
}

/// Whether the first picture of a TIFF file is packed in a way that loses nothing.
bool tiff_is_lossless(std::span<const std::byte> file) {
  constexpr uint16_t kCompression = 259;
  // None, CCITT, LZW, Deflate, PackBits, Deflate (Adobe), LZMA, Zstandard. TIFF 6.0, libtiff.
  constexpr std::array<uint64_t, 10> kLossless = {1, 2, 3, 4, 5, 8, 32'773, 32'946, 34'925, 50'000};
  const auto reader = metadata::IfdReader::open(file);
  if (!reader) return false;
  const auto directory = reader->read_part(reader->first_offset_bytes());
  const auto compression = reader->value_of(directory.ifd, kCompression).value_or(1);
  return std::find(kLossless.begin(), kLossless.end(), compression) != kLossless.end();
}

Encoding encoding_of(codec::Format format, std::span<const std::byte> file,
                     const LosslessNotice& lossless) {
  if (format == codec::Format::jpeg) return {Storage::jpeg, jpeg_quality(file)};
  const bool keeps_all = lossless.came() || format == codec::Format::gif ||
                         format == codec::Format::bmp ||
                         (format == codec::Format::tiff && tiff_is_lossless(file));
  return {keeps_all ? Storage::lossless : Storage::other_lossy, std::nullopt};
}

}  // namespace

Result<PictureAsStored> read_picture(codec::Format format, std::span<const std::byte> file,
                                     const Limits& limits) {
  WholePictureSink whole;
  LosslessNotice lossless;
  codec::DecodeRequest request;
  request.limits = limits;
  request.nearest = false;
  request.rows = &whole;
  request.lossless_rows = &lossless;
  SAFELIGHT_TRY(const codec::Decoded decoded,
                codec::decode_still(format, file, std::nullopt, request));
  if (decoded.incomplete) return *decoded.incomplete;
  return PictureAsStored{std::move(whole.picture), encoding_of(format, file, lossless)};
}

}  // namespace safelight::synthesis
