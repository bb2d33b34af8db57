#include "safelight/codec/still/still.h"

#include "safelight/codec/still/bmp/bmp.h"
#include "safelight/codec/still/gif/gif.h"
#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/jxl/jxl.h"
#include "safelight/codec/still/png/png.h"
#include "safelight/codec/still/tiff/tiff.h"
#include "safelight/codec/still/webp/webp.h"

namespace safelight::codec {
namespace {

constexpr Error kNotAStill = {ErrorCode::unsupported, "still.format"};

}  // namespace

Result<Layout> still_layout(Format format, std::span<const std::byte> file, const Limits& limits) {
  switch (format) {
    case Format::jpeg:
      return jpeg_layout(file, limits);
    case Format::png:
      return png_layout(file, limits);
    case Format::webp:
      return webp_layout(file, limits);
    case Format::gif:
      return gif_layout(file, limits);
    case Format::bmp:
      return bmp_layout(file, limits);
    case Format::tiff:
      return tiff_layout(file, limits);
    case Format::jxl:
      return jxl_layout(file, limits);
    default:
      return kNotAStill;
  }
}

Result<Decoded> decode_still(Format format, std::span<const std::byte> file,
                             std::optional<uint32_t> member, const DecodeRequest& request) {
  switch (format) {
    case Format::jpeg:
      if (member) return Error{ErrorCode::not_found, "jpeg.member"};
      return decode_jpeg(file, request);
    case Format::png:
      return decode_png(file, member, request);
    case Format::webp:
      return decode_webp(file, member, request);
    case Format::gif:
      return decode_gif(file, member, request);
    case Format::bmp:
      return decode_bmp(file, member, request);
    case Format::tiff:
      return decode_tiff(file, member, request);
    case Format::jxl:
      return decode_jxl(file, member, request);
    default:
      return kNotAStill;
  }
}

}  // namespace safelight::codec
