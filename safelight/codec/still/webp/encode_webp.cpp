#include "safelight/codec/still/webp/encode_webp.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <span>
#include <webp/encode.h>

namespace safelight::codec {
namespace {

constexpr size_t kChannels = 3;

std::vector<uint8_t> in_colour(const Picture& grey) {
  std::vector<uint8_t> samples(grey.samples.size() * kChannels);
  for (size_t i = 0; i < grey.samples.size(); ++i) {
    std::fill_n(samples.begin() + static_cast<ptrdiff_t>(kChannels * i), kChannels,
                grey.samples[i]);
  }
  return samples;
}

struct Release {
  void operator()(uint8_t* file) const { WebPFree(file); }
};

}  // namespace

Result<std::vector<std::byte>> encode_webp(const Picture& picture, float quality) {
  const PictureShape& shape = picture.shape;
  assert(shape.channels == 1 || shape.channels == kChannels);
  assert(quality >= 0 && quality <= 100);
  if (std::max(shape.width, shape.height) > WEBP_MAX_DIMENSION)
    return Error{ErrorCode::limit_exceeded, "webp.side-pixels"};
  std::vector<uint8_t> expanded;
  if (shape.channels == 1) expanded = in_colour(picture);
  const uint8_t* samples = shape.channels == 1 ? expanded.data() : picture.samples.data();
  uint8_t* file = nullptr;
  const size_t size =
      WebPEncodeRGB(samples, static_cast<int>(shape.width), static_cast<int>(shape.height),
                    static_cast<int>(kChannels * shape.width), quality, &file);
  const std::unique_ptr<uint8_t, Release> owner(file);
  if (size == 0) return Error{ErrorCode::malformed, "webp.encode"};
  const auto bytes = std::as_bytes(std::span(file, size));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace safelight::codec
