#include "safelight/codec/still/webp/webp.h"

#include <algorithm>
#include <memory>
#include <vector>
#include <webp/decode.h>

#include "safelight/codec/canvas.h"
#include "safelight/codec/layout_remarks.h"
#include "safelight/codec/picture_output.h"
#include "safelight/codec/still/webp/webp_structure.h"

namespace safelight::codec {
namespace {

/// The picture itself, and libwebp's own four bytes a pixel of a lossless one.
constexpr uint64_t kStillBytesPerPixel = 8;
constexpr uint64_t kFrameBytesPerPixel = kAnimationBytesPerPixel + 4;

struct DecoderDeleter {
  void operator()(WebPIDecoder* decoder) const { WebPIDelete(decoder); }
};

/// The error that a status of libwebp stands for; `offset_bytes` is all that is known of the place.
Error error_of(VP8StatusCode status, uint64_t offset_bytes) {
  switch (status) {
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return Error::near(ErrorCode::truncated, "webp.data", offset_bytes);
    case VP8_STATUS_OUT_OF_MEMORY:
      return Error::near(ErrorCode::limit_exceeded, "max_decode_memory_bytes", offset_bytes);
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return Error::near(ErrorCode::unsupported, "webp.feature", offset_bytes);
    default:
      return Error::near(ErrorCode::malformed, "webp.data", offset_bytes);
  }
}

struct Pixels {
  std::vector<uint8_t> samples;
  uint32_t rows = 0;  ///< Of those that are right, from the top.
  VP8StatusCode status = VP8_STATUS_OK;
};

/// Decodes one picture of the size given, as far as it goes, into `channels` (3 or 4) samples a
/// pixel.
Pixels decode_pixels(std::span<const std::byte> data, uint32_t width, uint32_t height,
                     uint32_t channels) {
  Pixels pixels;
  const auto* bytes = reinterpret_cast<const uint8_t*>(data.data());  // NOLINT: bytes as bytes
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) throw std::bad_alloc();
  pixels.status = WebPGetFeatures(bytes, data.size(), &config.input);
  if (pixels.status != VP8_STATUS_OK) return pixels;
  if (static_cast<uint32_t>(config.input.width) != width ||
      static_cast<uint32_t>(config.input.height) != height) {
    pixels.status = VP8_STATUS_BITSTREAM_ERROR;
    return pixels;
  }
  const size_t row_bytes = size_t{width} * channels;
  pixels.samples.resize(row_bytes * height);
  config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {pixels.samples.data(), static_cast<int>(row_bytes),
                          pixels.samples.size()};
  const std::unique_ptr<WebPIDecoder, DecoderDeleter> decoder(WebPIDecode(nullptr, 0, &config));
  if (!decoder) throw std::bad_alloc();
  pixels.status = WebPIUpdate(decoder.get(), bytes, data.size());
  int last_row = 0;
  if (WebPIDecGetRGB(decoder.get(), &last_row, nullptr, nullptr, nullptr) != nullptr) {
    pixels.rows = pixels.status == VP8_STATUS_OK ? height : static_cast<uint32_t>(last_row);
  }
  return pixels;
}

/// How the pixels of one picture are stored.
struct Storage {
  bool lossless = false;
  bool alpha = false;
};

Storage storage_of(std::span<const std::byte> file) {
  WebPBitstreamFeatures features;
  const auto* bytes = reinterpret_cast<const uint8_t*>(file.data());  // NOLINT: bytes as bytes
  if (WebPGetFeatures(bytes, file.size(), &features) != VP8_STATUS_OK) return {};
  constexpr int kLossless = 2;
  return {features.format == kLossless, features.has_alpha != 0};
}

/// Hands out `count` rows of red, green, blue and alpha, and of the colours alone.
void hand_out_with_alpha(std::span<const uint8_t> rgba, uint32_t width, uint32_t count,
                         PictureOutput& output) {
  std::vector<uint8_t> rgb(size_t{width} * 3);
  for (uint32_t y = 0; y < count; ++y) {
    const auto row = rgba.subspan(size_t{y} * width * 4, size_t{width} * 4);
    for (size_t x = 0; x < width; ++x) std::copy_n(row.begin() + 4 * x, 3, rgb.begin() + 3 * x);
    output.lossless_rows(y, row);
    output.rows(y, rgb);
  }
}

Result<Decoded> decode_picture(std::span<const std::byte> file, const WebpStructure& structure,
                               const DecodeRequest& request) {
  const uint64_t pixel_count = uint64_t{structure.width} * structure.height;
  SAFELIGHT_CHECK(
      check_memory(pixel_count, kStillBytesPerPixel, request.limits, structure.size_offset_bytes));
  PictureOutput output(request);
  const Storage storage = output.wants_lossless() ? storage_of(file) : Storage{};
  const uint32_t channels = storage.lossless && storage.alpha ? 4 : 3;
  const Pixels pixels = decode_pixels(file, structure.width, structure.height, channels);
  std::optional<Error> incomplete = structure.damage;
  if (pixels.status != VP8_STATUS_OK) incomplete = error_of(pixels.status, file.size());
  if (pixels.rows == 0) return incomplete.value_or(error_of(pixels.status, file.size()));
  if (storage.lossless) output.begin_lossless({structure.width, structure.height, channels});
  output.begin({structure.width, structure.height, 3});
  const auto rows =
      std::span(pixels.samples).first(size_t{pixels.rows} * structure.width * channels);
  if (channels == 4) {
    hand_out_with_alpha(rows, structure.width, pixels.rows, output);
  } else {
    if (storage.lossless) output.lossless_rows(0, rows);
    output.rows(0, rows);
  }
  return std::move(output).finish(incomplete);
}

/// Draws the animation up to its frame `last` and hands out the canvas.
Result<Decoded> decode_frame(const WebpStructure& structure, size_t last,
                             const DecodeRequest& request) {
  const uint64_t pixel_count = uint64_t{structure.width} * structure.height;
  SAFELIGHT_CHECK(
      check_memory(pixel_count, kFrameBytesPerPixel, request.limits, structure.size_offset_bytes));
  Canvas canvas(structure.width, structure.height);
  std::optional<Error> incomplete;
  bool any = false;
  for (size_t i = 0; i <= last; ++i) {
    const WebpFrame& frame = structure.frames[i];
    const FramePlace& place = frame.place;
    if (uint64_t{place.x} + place.width > structure.width ||
        uint64_t{place.y} + place.height > structure.height) {
      return Error::at(ErrorCode::malformed, "webp.frame-place", frame.offset_bytes);
    }
    const Pixels pixels = decode_pixels(frame.data, place.width, place.height, 4);
    if (pixels.status != VP8_STATUS_OK && !incomplete) {
      incomplete = error_of(pixels.status, frame.offset_bytes);
    }
    if (pixels.rows == 0) continue;
    any = true;
    canvas.show(place, frame.disposal, frame.blend, pixels.samples);
  }
  if (!any) return *incomplete;
  PictureOutput output(request);
  canvas.hand_out(output);
  return std::move(output).finish(incomplete);
}

}  // namespace

Result<Layout> webp_layout(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(const WebpStructure structure, read_webp_structure(file, limits));
  SAFELIGHT_CHECK(
      check_size(structure.width, structure.height, limits, structure.size_offset_bytes));
  Layout layout;
  layout.width = structure.width;
  layout.height = structure.height;
  layout.exif_orientation = structure.exif_orientation;
  uint64_t left_out = structure.more_frames;
  for (size_t i = 1; i < structure.frames.size(); ++i) {
    const Member member = {.kind = Member::Kind::frame,
                           .offset_bytes = structure.frames[i].offset_bytes};
    if (!add_member(layout, limits, member)) ++left_out;
  }
  remark_more_members(layout, left_out, "frames");
  if (structure.damage) remark_damage(layout, *structure.damage, file.size());
  remark_trailing_data(layout, structure.end_offset_bytes, file.size());
  return layout;
}

Result<Decoded> decode_webp(std::span<const std::byte> file, std::optional<uint32_t> member,
                            const DecodeRequest& request) {
  SAFELIGHT_TRY(const WebpStructure structure, read_webp_structure(file, request.limits));
  SAFELIGHT_CHECK(
      check_size(structure.width, structure.height, request.limits, structure.size_offset_bytes));
  if (!structure.animated && !member) return decode_picture(file, structure, request);
  const size_t frame = member ? size_t{*member} + 1 : 0;
  if (member &&
      (*member >= request.limits.max_picture_members || frame >= structure.frames.size())) {
    return Error{ErrorCode::not_found, "webp.member"};
  }
  if (structure.frames.empty()) {
    return structure.damage.value_or(
        Error::at(ErrorCode::malformed, "webp.no-frame", structure.size_offset_bytes));
  }
  return decode_frame(structure, frame, request);
}

}  // namespace safelight::codec
