#include "safelight/picture/resample.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

#include "safelight/picture/internal/resample_avx2.h"

namespace safelight {
namespace {

using picture_internal::kHalf;
using picture_internal::kTapGroup;
using picture_internal::kWeightBits;
using picture_internal::TapPlace;

double support_of(Kernel kernel) {
  switch (kernel) {
    case Kernel::bilinear:
      return 1;
    case Kernel::bicubic:
      return 2;
    case Kernel::lanczos:
      break;
  }
  return 3;
}

double sinc(double x) {
  if (x == 0) return 1;
  return std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

double weight_at(Kernel kernel, double x) {
  const double distance = std::abs(x);
  if (distance >= support_of(kernel)) return 0;
  switch (kernel) {
    case Kernel::bilinear:
      return 1 - distance;
    case Kernel::bicubic:
      if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
      return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2;
    case Kernel::lanczos:
      break;
  }
  return sinc(distance) * sinc(distance / 3);
}

/// Which source samples make each output sample along one direction, and with what weights.
struct Taps {
  std::vector<TapPlace> places;
  size_t stride = 0;             ///< Weights reserved for a place.
  std::vector<int32_t> weights;  ///< `stride` a place, of which those from `count` on are 0.
};

/// Of `count` output samples from `begin` on, where `from` samples become `to`.
Taps taps_of(uint32_t from, uint32_t to, Kernel kernel, uint32_t begin, uint32_t count) {
  const double scale = static_cast<double>(from) / to;
  const double widened = std::max(scale, 1.0);
  const double support = support_of(kernel) * widened;
  const size_t most = static_cast<size_t>(std::ceil(support)) * 2 + 1;
  Taps taps;
  taps.places.resize(count);
  taps.stride = (most + kTapGroup - 1) / kTapGroup * kTapGroup;
  taps.weights.resize(taps.stride * count);
  if (from == to) {
    for (uint32_t i = 0; i < count; ++i) {
      taps.places[i] = {begin + i, 1};
      taps.weights[i * taps.stride] = 1 << kWeightBits;
    }
    return taps;
  }
  std::vector<double> weights(most);
  for (uint32_t i = 0; i < count; ++i) {
    const double centre = (begin + i + 0.5) * scale;
    const auto first = static_cast<uint32_t>(std::max(centre - support + 0.5, 0.0));
    const auto end = static_cast<uint32_t>(std::min(centre + support + 0.5, double{1} * from));
    const uint32_t taken = end - first;
    double sum = 0;
    for (uint32_t k = 0; k < taken; ++k) {
      weights[k] = weight_at(kernel, (k + first - centre + 0.5) * (1 / widened));
      sum += weights[k];
    }
    for (uint32_t k = 0; k < taken; ++k) {
      // Rounded half away from zero.
      const double whole = weights[k] / sum * (1 << kWeightBits);
      taps.weights[i * taps.stride + k] = static_cast<int32_t>(whole + (whole < 0 ? -0.5 : 0.5));
    }
    taps.places[i] = {first, taken};
  }
  return taps;
}

uint8_t sample_of(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
}

template <size_t kChannels>
void resample_row(const uint8_t* in, const Taps& taps, uint8_t* out) {
  for (size_t i = 0; i < taps.places.size(); ++i) {
    const TapPlace place = taps.places[i];
    const int32_t* weights = taps.weights.data() + i * taps.stride;
    const uint8_t* pixel = in + size_t{place.first} * kChannels;
    int32_t sums[kChannels];
    std::fill_n(sums, kChannels, kHalf);
    for (uint32_t k = 0; k < place.count; ++k, pixel += kChannels) {
      for (size_t c = 0; c < kChannels; ++c) sums[c] += weights[k] * pixel[c];
    }
    for (size_t c = 0; c < kChannels; ++c) *out++ = sample_of(sums[c]);
  }
}

/// The source rows from `first` on, `count` of them.
Picture along_rows(const Picture& picture, const Taps& taps, uint32_t first, uint32_t count,
                   SimdLevel level) {
  Picture out;
  out.shape = {static_cast<uint32_t>(taps.places.size()), count, picture.shape.channels};
  out.samples.resize(out.shape.height * out.shape.row_bytes());
  uint32_t y = 0;
#if defined(__x86_64__)
  if (level >= SimdLevel::avx2) {
    const size_t row_bytes = picture.shape.row_bytes();
    const auto in = std::span(picture.samples).subspan(first * row_bytes);
    y = picture_internal::resample_rows_avx2(
        {in.data(), in.size(), row_bytes, count, out.shape.channels, taps.places.data(),
         taps.weights.data(), taps.stride, taps.places.size(), out.samples.data()});
  }
#else
  static_cast<void>(level);
#endif
  for (; y < count; ++y) {
    const uint8_t* from = picture.row(first + y).data();
    uint8_t* to = out.samples.data() + y * out.shape.row_bytes();
    if (out.shape.channels == 1) resample_row<1>(from, taps, to);
    if (out.shape.channels == 3) resample_row<3>(from, taps, to);
  }
  return out;
}

/// `picture` holds the source rows from `first` on.
Picture along_columns(const Picture& picture, const Taps& taps, uint32_t first, SimdLevel level) {
  Picture out;
  out.shape = {picture.shape.width, static_cast<uint32_t>(taps.places.size()),
               picture.shape.channels};
  const size_t row_bytes = out.shape.row_bytes();
  out.samples.resize(out.shape.height * row_bytes);
  std::vector<int32_t> sums(row_bytes);
  for (uint32_t y = 0; y < out.shape.height; ++y) {
    const TapPlace place = taps.places[y];
    const uint8_t* from = picture.row(place.first - first).data();
    const int32_t* weights = taps.weights.data() + y * taps.stride;
    uint8_t* to = out.samples.data() + y * row_bytes;
    size_t begin = 0;
#if defined(__x86_64__)
    if (level >= SimdLevel::avx2) {
      begin = picture_internal::resample_columns_avx2({from, row_bytes, place.count, weights, to});
    }
#else
    static_cast<void>(level);
#endif
    std::fill(sums.begin() + static_cast<ptrdiff_t>(begin), sums.end(), kHalf);
    for (uint32_t k = 0; k < place.count; ++k, from += row_bytes) {
      for (size_t i = begin; i < row_bytes; ++i) sums[i] += weights[k] * from[i];
    }
    for (size_t i = begin; i < row_bytes; ++i) to[i] = sample_of(sums[i]);
  }
  return out;
}

}  // namespace

Picture resample(const Picture& picture, uint32_t width, uint32_t height, Kernel kernel) {
  if (picture.shape.width == width && picture.shape.height == height) return picture;
  return resample_part(picture, width, height, kernel, {0, 0, width, height});
}

Picture resample_part(const Picture& picture, uint32_t width, uint32_t height, Kernel kernel,
                      const PicturePart& part, SimdLevel level) {
  const PictureShape& shape = picture.shape;
  assert(shape.channels == 1 || shape.channels == 3);
  assert(part.width > 0 && part.left <= width && part.width <= width - part.left);
  assert(part.height > 0 && part.top <= height && part.height <= height - part.top);
  const Taps across = taps_of(shape.width, width, kernel, part.left, part.width);
  const Taps down = taps_of(shape.height, height, kernel, part.top, part.height);
  const uint32_t first = down.places.front().first;
  const uint32_t end = down.places.back().first + down.places.back().count;
  return along_columns(along_rows(picture, across, first, end - first, level), down, first, level);
}

}  // namespace safelight
