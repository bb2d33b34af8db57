#include "safelight/codec/still/webp/encode_webp.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <webp/encode.h>

namespace safelight::codec {
namespace {

constexpr size_t kChannels = 3;
constexpr int kQuickMethod = 2;
/// Of the lossless encoder, which takes it for effort: more makes a drawing hardly smaller.
constexpr float kQuickLosslessEffort = 20;

std::vector<uint8_t> in_colour(const Picture& grey) {
  std::vector<uint8_t> samples(grey.samples.size() * kChannels);
  for (size_t i = 0; i < grey.samples.size(); ++i) {
    std::fill_n(samples.begin() + static_cast<ptrdiff_t>(kChannels * i), kChannels,
                grey.samples[i]);
  }
  return samples;
}

/// What libwebp holds of one picture that is encoded.
struct Encoding {
  Encoding() { WebPMemoryWriterInit(&writer); }
  ~Encoding() {
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&writer);
  }
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;

  WebPPicture picture{};
  WebPMemoryWriter writer{};
};

Result<std::vector<std::byte>> encode(const Picture& picture, const WebPConfig& config) {
  constexpr Error kRefused{ErrorCode::malformed, "webp.encode"};
  const PictureShape& shape = picture.shape;
  assert(shape.channels == 1 || shape.channels == kChannels);
  if (std::max(shape.width, shape.height) > WEBP_MAX_DIMENSION)
    return Error{ErrorCode::limit_exceeded, "webp.side-pixels"};
  std::vector<uint8_t> expanded;
  if (shape.channels == 1) expanded = in_colour(picture);
  const uint8_t* samples = shape.channels == 1 ? expanded.data() : picture.samples.data();
  Encoding encoding;
  if (WebPPictureInit(&encoding.picture) == 0) return kRefused;
  encoding.picture.use_argb = config.lossless;
  encoding.picture.width = static_cast<int>(shape.width);
  encoding.picture.height = static_cast<int>(shape.height);
  encoding.picture.writer = WebPMemoryWrite;
  encoding.picture.custom_ptr = &encoding.writer;
  if (WebPPictureImportRGB(&encoding.picture, samples, static_cast<int>(kChannels * shape.width)) ==
          0 ||
      WebPEncode(&config, &encoding.picture) == 0)
    return kRefused;
  const auto bytes = std::as_bytes(std::span(encoding.writer.mem, encoding.writer.size));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace

Result<std::vector<std::byte>> encode_webp(const Picture& picture, float quality,
                                           WebpEffort effort) {
  assert(quality >= 0 && quality <= 100);
  WebPConfig config;
  if (WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, quality) == 0)
    return Error{ErrorCode::malformed, "webp.encode"};
  if (effort == WebpEffort::quick) config.method = kQuickMethod;
  return encode(picture, config);
}

Result<std::vector<std::byte>> encode_lossless_webp(const Picture& picture) {
  WebPConfig config;
  if (WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, kQuickLosslessEffort) == 0)
    return Error{ErrorCode::malformed, "webp.encode"};
  config.lossless = 1;
  config.method = kQuickMethod;
  return encode(picture, config);
}

}  // namespace safelight::codec
