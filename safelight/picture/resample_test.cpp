#include "safelight/picture/resample.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

namespace safelight {
namespace {

constexpr Kernel kKernels[] = {Kernel::bilinear, Kernel::bicubic, Kernel::lanczos};

Picture noise(uint32_t width, uint32_t height, uint32_t channels) {
  std::mt19937 random(width * 31 + height);
  Picture picture{{width, height, channels}, {}};
  picture.samples.resize(height * picture.shape.row_bytes());
  for (uint8_t& sample : picture.samples) sample = static_cast<uint8_t>(random());
  return picture;
}

double plain_weight(Kernel kernel, double x) {
  x = std::abs(x);
  if (kernel == Kernel::bilinear) return std::max(0.0, 1 - x);
  if (kernel == Kernel::bicubic) {
    if (x < 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
    return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
  }
  if (x >= 3) return 0;
  const double pi_x = std::numbers::pi * x;
  return x == 0 ? 1 : 3 * std::sin(pi_x) * std::sin(pi_x / 3) / (pi_x * pi_x);
}

/// One direction of the textbook's convolution: every source sample weighted for every output one.
/// `get(line, i)` reads, `put(line, i, value)` writes.
template <typename Get, typename Put>
void plain_pass(uint32_t lines, uint32_t from, uint32_t to, Kernel kernel, const Get& get,
                const Put& put) {
  const double scale = static_cast<double>(from) / to;
  for (uint32_t line = 0; line < lines; ++line) {
    for (uint32_t i = 0; i < to; ++i) {
      double sum = 0;
      double weights = 0;
      for (uint32_t k = 0; k < from; ++k) {
        const double weight =
            plain_weight(kernel, (k + 0.5 - (i + 0.5) * scale) / std::max(scale, 1.0));
        sum += weight * get(line, k);
        weights += weight;
      }
      put(line, i, static_cast<uint8_t>(std::clamp(std::floor(sum / weights + 0.5), 0.0, 255.0)));
    }
  }
}

Picture plain_resample(const Picture& picture, uint32_t width, uint32_t height, Kernel kernel) {
  const auto [from_width, from_height, channels] = picture.shape;
  Picture narrowed{{width, from_height, channels}, {}};
  narrowed.samples.resize(from_height * narrowed.shape.row_bytes());
  Picture out{{width, height, channels}, {}};
  out.samples.resize(height * out.shape.row_bytes());
  const auto at = [](const PictureShape& shape, uint32_t x, uint32_t y, uint32_t c) {
    return y * shape.row_bytes() + size_t{x} * shape.channels + c;
  };
  for (uint32_t c = 0; c < channels; ++c) {
    plain_pass(
        from_height, from_width, width, kernel,
        [&](uint32_t y, uint32_t x) { return picture.samples[at(picture.shape, x, y, c)]; },
        [&](uint32_t y, uint32_t x, uint8_t value) {
          narrowed.samples[at(narrowed.shape, x, y, c)] = value;
        });
    plain_pass(
        width, from_height, height, kernel,
        [&](uint32_t x, uint32_t y) { return narrowed.samples[at(narrowed.shape, x, y, c)]; },
        [&](uint32_t x, uint32_t y, uint8_t value) {
          out.samples[at(out.shape, x, y, c)] = value;
        });
  }
  return out;
}

TEST(Resample, AgreesWithThePlainConvolutionOfEverySample) {
  struct Sides {
    uint32_t width, height;
  };
  for (const Kernel kernel : kKernels) {
    for (const uint32_t channels : {1u, 3u}) {
      for (const Sides to : {Sides{31, 17}, {9, 4}, {61, 35}, {1, 1}, {40, 7}, {11, 22}}) {
        const Picture picture = noise(40, 22, channels);
        const Picture fast = resample(picture, to.width, to.height, kernel);
        const Picture slow = plain_resample(picture, to.width, to.height, kernel);
        ASSERT_EQ(fast.shape, slow.shape);
        ASSERT_EQ(fast.samples.size(), slow.samples.size());
        size_t differing = 0;
        for (size_t i = 0; i < fast.samples.size(); ++i) {
          // Sums that stand at a half fall to either side; the second pass adds two such up.
          ASSERT_NEAR(fast.samples[i], slow.samples[i], 2) << i;
          differing += fast.samples[i] != slow.samples[i] ? 1 : 0;
        }
        EXPECT_LE(differing, fast.samples.size() / 20);
      }
    }
  }
}

TEST(Resample, GivesTheSamplesOfPillow) {
  // Image.frombytes("L", (8, 2), bytes(ramp)).resize((3, 3), kernel) of Pillow 9.4.0.
  const Picture ramp{{8, 2, 1}, {0, 250, 10, 240, 20, 230, 30, 220, 5, 5, 99, 99, 7, 7, 200, 200}};
  EXPECT_EQ(resample(ramp, 3, 3, Kernel::bilinear).samples,
            (std::vector<uint8_t>{120, 127, 132, 78, 91, 136, 35, 55, 139}));
  EXPECT_EQ(resample(ramp, 3, 3, Kernel::bicubic).samples,
            (std::vector<uint8_t>{117, 133, 138, 74, 90, 140, 30, 47, 142}));
  EXPECT_EQ(resample(ramp, 3, 3, Kernel::lanczos).samples,
            (std::vector<uint8_t>{121, 139, 138, 76, 90, 139, 30, 40, 140}));
}

TEST(Resample, APartIsThatPartOfTheWhole) {
  struct Case {
    uint32_t width, height;
    PicturePart part;
  };
  for (const Kernel kernel : kKernels) {
    for (const uint32_t channels : {1u, 3u}) {
      for (const auto& [width, height, part] : {Case{11, 9, {2, 3, 5, 4}},
                                                {61, 35, {60, 0, 1, 35}},
                                                {40, 7, {3, 6, 30, 1}},
                                                {11, 22, {0, 21, 11, 1}},
                                                {40, 22, {1, 2, 3, 4}}}) {
        const Picture picture = noise(40, 22, channels);
        const Picture whole = resample(picture, width, height, kernel);
        const Picture out = resample_part(picture, width, height, kernel, part);
        ASSERT_EQ(out.shape, (PictureShape{part.width, part.height, channels}));
        for (uint32_t y = 0; y < part.height; ++y) {
          const auto expected = whole.row(part.top + y).subspan(size_t{part.left} * channels);
          EXPECT_TRUE(std::equal(out.row(y).begin(), out.row(y).end(), expected.begin())) << y;
        }
      }
    }
  }
}

TEST(Resample, EveryLevelGivesTheSamplesOfThePlainLoops) {
  // Far down, so that sums of parts of weights wrap; up; one side alone; and rows so short that
  // what is read at a time reaches over several of them.
  const PictureShape from[] = {{40, 22, 0}, {2'001, 5, 0}, {3, 2'000, 0}, {1, 9, 0}, {67, 4, 0}};
  struct Sides {
    uint32_t width, height;
  };
  for (PictureShape shape : from) {
    for (const uint32_t channels : {1u, 3u}) {
      shape.channels = channels;
      // Black and white, so that sums go beyond both ends.
      Picture picture = noise(shape.width, shape.height, channels);
      for (uint8_t& sample : picture.samples) sample = sample < 90 ? 0 : 255;
      for (const auto& [width, height] : {Sides{1, 1}, {17, 31}, {83, 45}, {40, 7}}) {
        for (const Kernel kernel : kKernels) {
          const PicturePart parts[] = {{0, 0, width, height}, {width / 2, height / 3, 1, 1}};
          for (const PicturePart& part : parts) {
            const Picture plain =
                resample_part(picture, width, height, kernel, part, SimdLevel::scalar);
            for (const SimdLevel level : {SimdLevel::avx2, SimdLevel::avx512}) {
              if (level > detect_simd_level()) continue;
              EXPECT_EQ(resample_part(picture, width, height, kernel, part, level).samples,
                        plain.samples)
                  << to_text(level) << " " << shape.width << " x " << shape.height << " to "
                  << width << " x " << height;
            }
          }
        }
      }
    }
  }
}

TEST(Resample, TheSameSizeIsTheSamePicture) {
  const Picture picture = noise(13, 9, 3);
  for (const Kernel kernel : kKernels)
    EXPECT_EQ(resample(picture, 13, 9, kernel).samples, picture.samples);
}

TEST(Resample, AFlatPictureStaysFlat) {
  for (const uint8_t value : {uint8_t{0}, uint8_t{93}, uint8_t{255}}) {
    const Picture flat{{50, 40, 1}, std::vector<uint8_t>(2'000, value)};
    for (const Kernel kernel : kKernels) {
      for (const uint32_t side : {7u, 33u, 80u}) {
        const Picture out = resample(flat, side, side, kernel);
        EXPECT_EQ(std::count(out.samples.begin(), out.samples.end(), value), side * side);
      }
    }
  }
}

}  // namespace
}  // namespace safelight
