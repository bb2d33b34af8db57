#include <algorithm>

#include "safelight/codec/decode_for_test.h"
#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/jpeg/jpeg_library.h"
#include "safelight/codec/still/jpeg/jpeg_sparse.h"

using namespace safelight;
using codec::promise;

/// A smaller picture of the file, where there is one, has a part of each side and all of its rows.
static void check_smaller(std::span<const std::byte> file, const codec::DecodeRequest& request) {
  constexpr uint32_t kEnough = 20;
  codec::CheckedRows rows;
  codec::DecodeRequest smaller = request;
  smaller.nearest = false;
  smaller.rows = &rows;
  smaller.enough_side_pixels = kEnough;
  const auto decoded = codec::decode_jpeg(file, smaller);
  if (!decoded) {
    promise(!decoded.error().rule.empty() && decoded.error().offset_bytes <= file.size());
    return;
  }
  const PictureShape& whole = decoded->shape;
  const PictureShape& made = rows.picture().shape;
  const uint32_t longer = std::max(whole.width, whole.height);
  uint32_t divisor = 8;
  while (divisor > 1 && (longer + divisor - 1) / divisor < kEnough) divisor /= 2;
  promise(made == PictureShape{(whole.width + divisor - 1) / divisor,
                               (whole.height + divisor - 1) / divisor, whole.channels});
  promise(rows.picture().samples.size() == made.height * made.row_bytes());
}

/// With and without rows a file gives the same picture, or the same error; and so does the sparse
/// decoder on every instruction set, where it takes the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  codec::DecodeRequest request;
  request.limits.max_pixels = 4'000'000;
  request.limits.max_decode_memory_bytes = 64 << 20;
  codec::CheckedRows rows;
  codec::DecodeRequest with_rows = request;
  with_rows.rows = &rows;
  const auto plain = codec::decode_jpeg(file, with_rows);
  const auto fast = codec::decode_jpeg(file, request);
  check_smaller(file, request);
  promise(plain.has_value() == fast.has_value());
  constexpr auto every_third = [](uint32_t, uint32_t blocks_high) {
    std::vector<uint32_t> chosen;
    for (uint32_t row = 0; row < blocks_high; row += 3) chosen.push_back(row);
    return chosen;
  };
  const auto luma = codec::read_luma_coefficients(file, every_third, request.limits);
  if (luma) {
    const size_t chosen = (size_t{luma->blocks_high} + 2) / 3;
    promise(luma->values.size() == chosen * luma->blocks_wide * 64);
  } else {
    promise(!luma.error().rule.empty() && luma.error().offset_bytes <= size);
  }
  if (!plain) {
    promise(plain.error() == fast.error() && !plain.error().rule.empty());
    promise(plain.error().offset_bytes <= size);
    return 0;
  }
  promise(plain->shape == fast->shape && plain->incomplete == fast->incomplete);
  promise(plain->nearest.shape == fast->nearest.shape);
  promise(plain->nearest.samples == fast->nearest.samples);
  for (const SimdLevel level : {SimdLevel::scalar, SimdLevel::avx2, SimdLevel::avx512}) {
    if (level > detect_simd_level()) break;
    const auto library = codec::JpegLibrary::open(file, request.limits);
    if (!library || !codec::sparse_supports(library->frame())) break;
    if (!library->frame().single_scan) continue;
    const auto made = codec::sparse_decode_scan(file, library->frame(), level);
    if (made) promise(made->samples == plain->nearest.samples && !plain->incomplete);
  }
  return 0;
}
