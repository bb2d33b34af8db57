#include "safelight/synthesis/transformations/internal/steps.h"

#include <algorithm>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/webp/encode_webp.h"
#include "safelight/codec/still/webp/webp.h"
#include "safelight/picture/whole_picture.h"

namespace safelight::synthesis {
namespace {

constexpr uint32_t kBlock = 8;
/// How far a cut off the grid lies from it: differently in both directions.
constexpr uint32_t kOffGridX = 3;
constexpr uint32_t kOffGridY = 5;
constexpr uint8_t kScreenGrey = 32;

Transformed not_applicable(std::string reason) { return {{}, {}, std::move(reason)}; }

/// A step whose result is stored without loss.
Transformed lossless(Picture picture) {
  return {std::move(picture), {Storage::lossless, std::nullopt}, {}};
}

/// The whole picture that `decode(request)` gives.
template <typename Decode>
Result<Picture> decode_all(const Limits& limits, const Decode& decode) {
  WholePictureSink sink;
  codec::DecodeRequest request;
  request.limits = limits;
  request.nearest = false;
  request.rows = &sink;
  SAFELIGHT_TRY(const codec::Decoded decoded, decode(request));
  if (decoded.incomplete) return *decoded.incomplete;
  return std::move(sink.picture);
}

Result<Transformed> resampled(const Picture& picture, uint32_t width, uint32_t height,
                              Kernel kernel, const Limits& limits) {
  if (std::min(width, height) < kLeastSide) {
    return not_applicable("the result would have a side under " + std::to_string(kLeastSide) +
                          " pixels");
  }
  if (uint64_t{width} * height > limits.max_pixels)
    return Error{ErrorCode::limit_exceeded, "max_pixels"};
  return lossless(resample(picture, width, height, kernel));
}

/// `side` times `numerator` / `denominator`, rounded; 1 at least.
uint32_t scaled(uint32_t side, uint32_t numerator, uint32_t denominator) {
  const uint64_t rounded = (uint64_t{side} * numerator + denominator / 2) / denominator;
  return static_cast<uint32_t>(std::max<uint64_t>(rounded, 1));
}

Picture cut(const Picture& picture, uint32_t left, uint32_t top, uint32_t side) {
  Picture out;
  out.shape = {side, side, picture.shape.channels};
  out.samples.reserve(side * out.shape.row_bytes());
  for (uint32_t y = 0; y < side; ++y) {
    const auto row =
        picture.row(top + y).subspan(size_t{left} * picture.shape.channels, out.shape.row_bytes());
    out.samples.insert(out.samples.end(), row.begin(), row.end());
  }
  return out;
}

Picture sharpened(const Picture& picture) {
  const PictureShape& shape = picture.shape;
  const size_t row_bytes = shape.row_bytes();
  Picture out;
  out.shape = shape;
  out.samples.resize(picture.samples.size());
  // The rows weighted 1-2-1 downwards, with a pixel more at each end: edges repeat.
  std::vector<uint16_t> sums(row_bytes + 2 * size_t{shape.channels});
  for (uint32_t y = 0; y < shape.height; ++y) {
    const uint8_t* above = picture.row(y == 0 ? 0 : y - 1).data();
    const uint8_t* here = picture.row(y).data();
    const uint8_t* below = picture.row(std::min(y + 1, shape.height - 1)).data();
    uint16_t* middle = sums.data() + shape.channels;
    for (size_t i = 0; i < row_bytes; ++i)
      middle[i] = static_cast<uint16_t>(above[i] + 2 * here[i] + below[i]);
    std::copy_n(middle, shape.channels, sums.data());
    std::copy_n(middle + row_bytes - shape.channels, shape.channels, middle + row_bytes);
    const uint16_t* right = middle + shape.channels;
    uint8_t* to = out.samples.data() + y * row_bytes;
    for (size_t i = 0; i < row_bytes; ++i) {
      const int mean = (sums[i] + 2 * middle[i] + right[i] + 8) / 16;
      to[i] = static_cast<uint8_t>(std::clamp(2 * here[i] - mean, 0, 255));
    }
  }
  return out;
}

Picture in_grey(const Picture& picture) {
  Picture out;
  out.shape = {picture.shape.width, picture.shape.height, 1};
  out.samples.resize(out.shape.height * out.shape.row_bytes());
  for (size_t i = 0; i < out.samples.size(); ++i) {
    const uint8_t* pixel = picture.samples.data() + 3 * i;
    // 0.299, 0.587 and 0.114 in 16 bits.
    out.samples[i] = static_cast<uint8_t>(
        (19'595u * pixel[0] + 38'470u * pixel[1] + 7'471u * pixel[2] + 32'768u) >> 16);
  }
  return out;
}

}  // namespace

TransformationStep save_as_jpeg(int quality, codec::Chroma chroma) {
  return [=](const Picture& picture, const Encoding&, const Limits& limits) -> Result<Transformed> {
    const auto file = codec::encode_jpeg(picture, {quality, chroma});
    if (!file && file.error().rule == "jpeg.side-pixels")
      return not_applicable("a side is longer than JPEG can store");
    if (!file) return file.error();
    SAFELIGHT_TRY(Picture decoded, decode_all(limits, [&](const codec::DecodeRequest& request) {
                    return codec::decode_jpeg(*file, request);
                  }));
    return Transformed{std::move(decoded), {Storage::jpeg, quality}, {}};
  };
}

TransformationStep save_as_webp(int quality) {
  return [=](const Picture& picture, const Encoding&, const Limits& limits) -> Result<Transformed> {
    const auto file = codec::encode_webp(picture, static_cast<float>(quality));
    if (!file && file.error().rule == "webp.side-pixels")
      return not_applicable("a side is longer than WebP can store");
    if (!file) return file.error();
    SAFELIGHT_TRY(Picture decoded, decode_all(limits, [&](const codec::DecodeRequest& request) {
                    return codec::decode_webp(*file, std::nullopt, request);
                  }));
    return Transformed{std::move(decoded), {Storage::other_lossy, std::nullopt}, {}};
  };
}

TransformationStep resize(uint32_t percent, Kernel kernel) {
  return [=](const Picture& picture, const Encoding&, const Limits& limits) {
    return resampled(picture, scaled(picture.shape.width, percent, 100),
                     scaled(picture.shape.height, percent, 100), kernel, limits);
  };
}

TransformationStep fit_within(uint32_t longer_side) {
  return [=](const Picture& picture, const Encoding& encoding,
             const Limits& limits) -> Result<Transformed> {
    const auto [width, height, channels] = picture.shape;
    const uint32_t longer = std::max(width, height);
    if (longer <= longer_side) return Transformed{picture, encoding, {}};
    return resampled(picture, scaled(width, longer_side, longer),
                     scaled(height, longer_side, longer), Kernel::bicubic, limits);
  };
}

TransformationStep crop(uint32_t side, Grid grid) {
  return [=](const Picture& picture, const Encoding&, const Limits&) -> Result<Transformed> {
    const uint32_t x = grid == Grid::off ? kOffGridX : 0;
    const uint32_t y = grid == Grid::off ? kOffGridY : 0;
    const auto [width, height, channels] = picture.shape;
    if (width < side + x || height < side + y)
      return not_applicable("the picture is smaller than the part to be cut out");
    const auto start = [&](uint32_t length) { return (length - side) / 2 / kBlock * kBlock; };
    return lossless(cut(picture, start(width) + x, start(height) + y, side));
  };
}

TransformationStep show_on_screen(uint32_t width, uint32_t height) {
  return [=](const Picture& picture, const Encoding&, const Limits& limits) -> Result<Transformed> {
    const PictureShape& shape = picture.shape;
    const bool wide = uint64_t{shape.width} * height >= uint64_t{shape.height} * width;
    const uint32_t shown_width = wide ? width : scaled(shape.width, height, shape.height);
    const uint32_t shown_height = wide ? scaled(shape.height, width, shape.width) : height;
    if (shown_width > 2 * uint64_t{shape.width})
      return not_applicable("it would be enlarged to more than twice its size");
    SAFELIGHT_TRY(const Transformed shown,
                  resampled(picture, shown_width, shown_height, Kernel::bilinear, limits));
    if (!shown.not_applicable.empty()) return shown;
    Picture screen;
    screen.shape = {width, height, shape.channels};
    screen.samples.resize(height * screen.shape.row_bytes(), kScreenGrey);
    const size_t left = size_t{(width - shown_width) / 2} * shape.channels;
    const size_t top = (height - shown_height) / 2;
    for (uint32_t y = 0; y < shown_height; ++y) {
      std::ranges::copy(shown.picture.row(y),
                        screen.samples.begin() +
                            static_cast<ptrdiff_t>((top + y) * screen.shape.row_bytes() + left));
    }
    return lossless(std::move(screen));
  };
}

TransformationStep sharpen() {
  return [](const Picture& picture, const Encoding&, const Limits&) -> Result<Transformed> {
    return lossless(sharpened(picture));
  };
}

TransformationStep turn_grey() {
  return [](const Picture& picture, const Encoding&, const Limits&) -> Result<Transformed> {
    return lossless(picture.shape.channels == 1 ? picture : in_grey(picture));
  };
}

}  // namespace safelight::synthesis
