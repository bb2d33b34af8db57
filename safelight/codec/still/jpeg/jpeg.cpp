#include "safelight/codec/still/jpeg/jpeg.h"

#include <optional>
#include <utility>

#include "safelight/codec/picture_output.h"
#include "safelight/codec/still/jpeg/jpeg_library.h"
#include "safelight/codec/still/jpeg/jpeg_sparse.h"

namespace safelight::codec {
namespace {

/// Without vector instructions of our own, libjpeg-turbo's full decode (which has them) is the
/// faster way to pictures of which many samples are read: 2.2x at 1 megapixel, even at 8.
constexpr uint64_t kMinPixelsForScalar = 8'000'000;

bool worth_sparse_decode(const JpegFrame& frame, const DecodeRequest& request, SimdLevel level) {
  if (!request.nearest || request.rows != nullptr || !sparse_supports(frame)) return false;
  return level != SimdLevel::scalar || uint64_t{frame.width} * frame.height >= kMinPixelsForScalar;
}

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
  if (worth_sparse_decode(library.frame(), request, level)) {
    if (auto picture = decode_sparsely(file, library, level)) {
      return Decoded{library.frame().shape(), *std::move(picture), std::nullopt};
    }
    // A library object is used up by an attempt at its coefficients.
    SAFELIGHT_TRY(library, JpegLibrary::open(file, request.limits));
  }
  if (request.enough_side_pixels != 0 && !request.nearest)
    library.reduce_to(request.enough_side_pixels);
  PictureOutput output(request);
  SAFELIGHT_TRY(const std::optional<Error> incomplete, library.decode_rows(output));
  SAFELIGHT_TRY(Decoded decoded, std::move(output).finish(incomplete));
  decoded.shape = library.frame().shape();
  return decoded;
}

Result<LumaCoefficients> read_luma_coefficients(std::span<const std::byte> file,
                                                const BlockRowChoice& rows, const Limits& limits) {
  SAFELIGHT_TRY(JpegLibrary library, JpegLibrary::open(file, limits));
  const JpegFrame& frame = library.frame();
  if (frame.colour != JpegColour::grey && frame.colour != JpegColour::ycc) {
    return Error::near(ErrorCode::unsupported, "jpeg.no-luma", frame.scan_offset_bytes);
  }
  SAFELIGHT_TRY(const bool complete, library.read_coefficients());
  if (!complete) {
    return Error::near(ErrorCode::malformed, "jpeg.coefficients", frame.scan_offset_bytes);
  }
  const JpegComponent& luma = frame.components[0];
  LumaCoefficients out;
  out.blocks_wide = (luma.width + 7) / 8;
  out.blocks_high = (luma.height + 7) / 8;
  out.steps = luma.quantiser;
  for (const uint32_t row : rows(out.blocks_wide, out.blocks_high)) {
    if (row >= out.blocks_high) continue;
    SAFELIGHT_TRY(const auto values, library.coefficient_row(0, row));
    out.values.insert(out.values.end(), values.begin(), values.end());
  }
  return out;
}

}  // namespace safelight::codec
