#include <algorithm>
#include <cstdlib>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/jpeg/jpeg_library.h"
#include "safelight/codec/still/jpeg/jpeg_sparse.h"

namespace {

using namespace safelight;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Checks that rows come once, in order and whole.
class CountingSink final : public RowSink {
 public:
  void begin(const PictureShape& shape) override {
    require(shape_.width == 0 && shape.width > 0 && shape.height > 0);
    shape_ = shape;
  }
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override {
    require(first_row == next_row_ && !samples.empty());
    require(samples.size() % shape_.row_bytes() == 0);
    next_row_ += static_cast<uint32_t>(samples.size() / shape_.row_bytes());
    require(next_row_ <= shape_.height);
  }

 private:
  PictureShape shape_;
  uint32_t next_row_ = 0;
};

}  // namespace

/// With and without rows a file gives the same picture, or the same error; and so does the sparse
/// decoder on every instruction set, where it takes the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  codec::DecodeRequest request;
  request.limits.max_pixels = 4'000'000;
  request.limits.max_decode_memory_bytes = 64 << 20;
  CountingSink rows;
  codec::DecodeRequest with_rows = request;
  with_rows.rows = &rows;
  const auto plain = codec::decode_jpeg(file, with_rows);
  const auto fast = codec::decode_jpeg(file, request);
  require(plain.has_value() == fast.has_value());
  if (!plain) {
    require(plain.error() == fast.error() && !plain.error().rule.empty());
    require(plain.error().offset_bytes <= size);
    return 0;
  }
  require(plain->shape == fast->shape && plain->incomplete == fast->incomplete);
  require(plain->nearest.shape == fast->nearest.shape);
  require(plain->nearest.samples == fast->nearest.samples);
  for (const SimdLevel level : {SimdLevel::scalar, SimdLevel::avx2, SimdLevel::avx512}) {
    if (level > detect_simd_level()) break;
    const auto library = codec::JpegLibrary::open(file, request.limits);
    if (!library || !codec::sparse_supports(library->frame())) break;
    if (!library->frame().single_scan) continue;
    const auto made = codec::sparse_decode_scan(file, library->frame(), level);
    if (made) require(made->samples == plain->nearest.samples && !plain->incomplete);
  }
  return 0;
}
