#include "safelight/codec/still/jpeg.h"

#include <utility>

#include "safelight/codec/still/jpeg_library.h"
#include "safelight/picture/nearest.h"

namespace safelight::codec {
namespace {

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

}  // namespace

Result<Decoded> decode_jpeg(std::span<const std::byte> file, const DecodeRequest& request) {
  return decode_jpeg(file, request, detect_simd_level());
}

Result<Decoded> decode_jpeg(std::span<const std::byte> file, const DecodeRequest& request,
                            SimdLevel) {
  SAFELIGHT_TRY(JpegLibrary library, JpegLibrary::open(file, request.limits));
  Decoded decoded;
  decoded.shape = library.frame().shape();
  NearestSink nearest;
  FanOut sinks(request.rows, request.nearest ? &nearest : nullptr);
  SAFELIGHT_TRY(decoded.incomplete, library.decode_rows(sinks));
  if (request.nearest) decoded.nearest = std::move(nearest).take();
  return decoded;
}

}  // namespace safelight::codec
