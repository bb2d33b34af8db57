#include "safelight/codec/still/jpeg/jpeg.h"

#include <optional>
#include <utility>

#include "safelight/codec/still/jpeg/jpeg_library.h"
#include "safelight/codec/still/jpeg/jpeg_sparse.h"
#include "safelight/picture/nearest.h"

namespace safelight::codec {
namespace {

/// Without vector instructions of our own, libjpeg-turbo's full decode (which has them) is the
/// faster way to pictures of which many samples are read: 2.2x at 1 megapixel, even at 8.
constexpr uint64_t kMinPixelsForScalar = 8'000'000;

bool worth_sparse_decode(const JpegFrame& frame, const DecodeRequest& request, SimdLevel level) {
  if (!request.nearest || request.rows != nullptr || !sparse_supports(frame)) return false;
  return level != SimdLevel::scalar || uint64_t{frame.width} * frame.height >= kMinPixelsForScalar;
}

/// Hands rows to the caller's sink and to the nearest-neighbour reduction, whichever are wanted.
class FanOut final : public RowSink {
 public:
  FanOut(RowSink* first, RowSink* second) : first_(first), second_(second) {}
  void begin(const PictureShape& shape) override {
    if (first_ != nullptr) first_->begin(shape);
    if (second_ != nullptr) second_->begin(shape);
  }
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override {
    if (first_ != nullptr) first_->rows(first_row, samples);
    if (second_ != nullptr) second_->rows(first_row, samples);
  }

 private:
  RowSink* first_;
  RowSink* second_;
};

std::optional<Picture> decode_sparsely(std::span<const std::byte> file, JpegLibrary& library,
                                       SimdLevel level) {
  if (library.frame().single_scan) return sparse_decode_scan(file, library.frame(), level);
  const auto usable = library.read_coefficients();
  if (!usable || !*usable) return std::nullopt;
  return sparse_decode_coefficients(library, level);
}

}  // namespace

Result<Decoded> decode_jpeg(std::span<const std::byte> file, const DecodeRequest& request) {
  return decode_jpeg(file, request, detect_simd_level());
}

Result<Decoded> decode_jpeg(std::span<const std::byte> file, const DecodeRequest& request,
                            SimdLevel level) {
  SAFELIGHT_TRY(JpegLibrary library, JpegLibrary::open(file, request.limits));
  Decoded decoded;
  decoded.shape = library.frame().shape();
  if (worth_sparse_decode(library.frame(), request, level)) {
    if (auto picture = decode_sparsely(file, library, level)) {
      decoded.nearest = *std::move(picture);
      return decoded;
    }
    // A library object is used up by an attempt at its coefficients.
    SAFELIGHT_TRY(library, JpegLibrary::open(file, request.limits));
  }
  NearestSink nearest;
  FanOut sinks(request.rows, request.nearest ? &nearest : nullptr);
  SAFELIGHT_TRY(decoded.incomplete, library.decode_rows(sinks));
  if (request.nearest) decoded.nearest = std::move(nearest).take();
  return decoded;
}

}  // namespace safelight::codec
