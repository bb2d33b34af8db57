#include "safelight/synthesis/transformations/transformation.h"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

#include "safelight/synthesis/transformations/transformation_names.h"

namespace safelight::synthesis {
namespace {

constexpr Encoding kFromJpeg = {Storage::jpeg, 92};

/// Waves with seeded noise.
Picture chart(uint32_t width, uint32_t height, uint32_t channels = 3) {
  Picture picture{{width, height, channels}, {}};
  uint32_t state = 1;
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      for (uint32_t c = 0; c < channels; ++c) {
        state = state * 1'664'525 + 1'013'904'223;
        const double wave = 60 * std::sin(x * 0.03 + c) * std::cos(y * 0.05);
        picture.samples.push_back(static_cast<uint8_t>(128 + wave + (state >> 28)));
      }
    }
  }
  return picture;
}

Transformed transformed(std::string_view name, const Picture& picture) {
  const Transformation* transformation = find_transformation(name);
  if (transformation == nullptr) throw std::runtime_error("no such transformation");
  auto result = apply(*transformation, picture, kFromJpeg, {});
  if (!result) throw std::runtime_error("an error");
  return std::move(*result);
}

double mean_difference(const Picture& a, const Picture& b) {
  EXPECT_EQ(a.shape, b.shape);
  double sum = 0;
  for (size_t i = 0; i < a.samples.size(); ++i) sum += std::abs(a.samples[i] - b.samples[i]);
  return sum / static_cast<double>(a.samples.size());
}

TEST(Transformations, KeepTheNamesThatFilesHold) {
  std::vector<std::string_view> names;
  for (const auto& transformation : all_transformations()) names.push_back(transformation.name);
  const auto expected = transformation_names();
  EXPECT_EQ(names, std::vector(expected.begin(), expected.end()));
  EXPECT_EQ(names.front(), "clean");
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
}

TEST(Transformations, EachHasADescriptionOfItsOwn) {
  std::set<std::string> descriptions;
  for (const auto& transformation : all_transformations())
    descriptions.insert(transformation.description);
  EXPECT_EQ(descriptions.size(), all_transformations().size());
  EXPECT_EQ(find_transformation("social_1600_75")->description,
            "longer side at most 1600 pixels, saved as JPEG of quality 75, as platforms do");
}

TEST(Transformations, EachGivesTheSameTwice) {
  const Picture picture = chart(520, 517);
  for (const auto& transformation : all_transformations()) {
    const auto first = transformed(transformation.name, picture);
    // A screen would be more than twice as large.
    EXPECT_EQ(first.not_applicable.empty(), transformation.name != "screenshot");
    EXPECT_EQ(first.picture.samples, transformed(transformation.name, picture).picture.samples)
        << transformation.name;
    EXPECT_EQ(first.picture.samples.size(),
              first.picture.shape.height * first.picture.shape.row_bytes());
  }
}

TEST(Transformations, GreyPicturesStayGreyExceptInWebp) {
  const Picture picture = chart(260, 262, 1);
  for (const auto& transformation : all_transformations()) {
    const auto result = transformed(transformation.name, picture);
    if (!result.not_applicable.empty()) continue;
    EXPECT_EQ(result.picture.shape.channels, transformation.name == "webp_80" ? 3u : 1u)
        << transformation.name;
  }
}

TEST(Transformations, CleanChangesNothing) {
  const Picture picture = chart(40, 30);
  const auto clean = transformed("clean", picture);
  EXPECT_EQ(clean.picture.samples, picture.samples);
  EXPECT_EQ(clean.encoding.storage, Storage::jpeg);
  EXPECT_EQ(clean.encoding.jpeg_quality, 92);
}

TEST(Transformations, LowerQualityIsFurtherFromThePictureAndSaysSo) {
  const Picture picture = chart(200, 120);
  double last = 0;
  for (const int quality : {95, 85, 75, 60, 40, 30}) {
    const auto saved = transformed("jpeg_" + std::to_string(quality), picture);
    const double difference = mean_difference(saved.picture, picture);
    EXPECT_GT(difference, last) << quality;
    EXPECT_LT(difference, 8) << quality;
    EXPECT_EQ(saved.encoding.storage, Storage::jpeg);
    EXPECT_EQ(saved.encoding.jpeg_quality, quality);
    last = difference;
  }
}

TEST(Transformations, TheLastSavingIsWhatCounts) {
  const Picture picture = chart(64, 64);
  EXPECT_EQ(transformed("double_jpeg_75_90", picture).encoding.jpeg_quality, 90);
  EXPECT_EQ(transformed("webp_80", picture).encoding.storage, Storage::other_lossy);
  EXPECT_EQ(transformed("webp_80", picture).encoding.jpeg_quality, std::nullopt);
  EXPECT_EQ(transformed("resize_50_lanczos", picture).encoding.storage, Storage::lossless);
  EXPECT_EQ(transformed("resize_50_lanczos", picture).encoding.jpeg_quality, std::nullopt);
  EXPECT_NE(transformed("double_jpeg_75_90", picture).picture.samples,
            transformed("chroma_420_90", picture).picture.samples);
}

TEST(Transformations, ResizeSidesAreRounded) {
  const Picture picture = chart(101, 70);
  EXPECT_EQ(transformed("resize_75_bilinear", picture).picture.shape, (PictureShape{76, 53, 3}));
  EXPECT_EQ(transformed("resize_25_lanczos", picture).picture.shape, (PictureShape{25, 18, 3}));
  EXPECT_EQ(transformed("resize_150_bicubic", picture).picture.shape, (PictureShape{152, 105, 3}));
}

TEST(Transformations, CropsStandOnTheGridAndOffIt) {
  const Picture picture = chart(301, 280);
  const auto row_at = [&](uint32_t x, uint32_t y) {
    const auto row = picture.row(y).subspan(size_t{3} * x, 3 * 256);
    return std::vector<uint8_t>(row.begin(), row.end());
  };
  const auto first_row = [](const Transformed& cut) {
    const auto row = cut.picture.row(0);
    return std::vector<uint8_t>(row.begin(), row.end());
  };
  EXPECT_EQ(first_row(transformed("crop_256_on_grid", picture)), row_at(16, 8));
  EXPECT_EQ(first_row(transformed("crop_256_off_grid", picture)), row_at(19, 13));
}

TEST(Transformations, UploadsAreOnlyEverReduced) {
  const Picture picture = chart(1'400, 30);
  EXPECT_EQ(transformed("social_2048_85", picture).picture.shape, (PictureShape{1'400, 30, 3}));
  EXPECT_EQ(transformed("social_1280_75", picture).picture.shape, (PictureShape{1'280, 27, 3}));
  EXPECT_EQ(transformed("social_1280_75", picture).encoding.jpeg_quality, 75);
  EXPECT_EQ(transformed("equalised_85", picture).picture.shape, (PictureShape{1'024, 22, 3}));
  EXPECT_EQ(transformed("equalised_85", picture).encoding.jpeg_quality, 85);
  EXPECT_EQ(transformed("equalised_60", chart(100, 900)).picture.shape, (PictureShape{80, 720, 3}));
  EXPECT_EQ(transformed("equalised_60", picture).not_applicable,
            "the result would have a side under 16 pixels");
}

TEST(Transformations, AScreenshotStandsInTheMiddleOfTheScreen) {
  const auto shot = transformed("screenshot", chart(960, 600, 1));
  ASSERT_EQ(shot.picture.shape, (PictureShape{1'920, 1'080, 1}));
  // 1728 x 1080 pixels of it show the picture, and 96 at each side the screen.
  for (const uint32_t y : {0u, 1'079u}) {
    EXPECT_EQ(shot.picture.row(y)[95], 32);
    EXPECT_NE(shot.picture.row(y)[96], 32);
    EXPECT_NE(shot.picture.row(y)[1'823], 32);
    EXPECT_EQ(shot.picture.row(y)[1'824], 32);
  }
}

TEST(Transformations, SharpeningRaisesEdgesAndLeavesFlatPartsAlone) {
  Picture step{{6, 3, 1}, {}};
  for (int y = 0; y < 3; ++y) step.samples.insert(step.samples.end(), {80, 80, 80, 120, 120, 120});
  const auto sharp = transformed("sharpen", step).picture;
  for (uint32_t y = 0; y < 3; ++y) {
    const auto row = sharp.row(y);
    EXPECT_EQ(std::vector<uint8_t>(row.begin(), row.end()),
              (std::vector<uint8_t>{80, 80, 70, 130, 120, 120}));
  }
}

TEST(Transformations, SharpeningAgreesWithThePlainMask) {
  const Picture picture = chart(23, 11);
  const auto sharp = transformed("sharpen", picture).picture;
  const auto at = [&](int x, int y, size_t c) {
    x = std::clamp(x, 0, 22);
    y = std::clamp(y, 0, 10);
    return static_cast<int>(picture.row(static_cast<uint32_t>(y))[static_cast<size_t>(x) * 3 + c]);
  };
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 23; ++x) {
      for (size_t c = 0; c < 3; ++c) {
        int sum = 0;
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -1; dx <= 1; ++dx)
            sum += (2 - std::abs(dx)) * (2 - std::abs(dy)) * at(x + dx, y + dy, c);
        }
        EXPECT_EQ(sharp.row(static_cast<uint32_t>(y))[static_cast<size_t>(x) * 3 + c],
                  std::clamp(2 * at(x, y, c) - (sum + 8) / 16, 0, 255));
      }
    }
  }
}

TEST(Transformations, GreyHasOneChannelOfLuma) {
  const Picture picture{{4, 1, 3}, {255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 200, 200}};
  const auto grey = transformed("greyscale", picture);
  EXPECT_EQ(grey.picture.shape, (PictureShape{4, 1, 1}));
  EXPECT_EQ(grey.picture.samples, (std::vector<uint8_t>{76, 150, 29, 200}));
}

TEST(Transformations, WhatDoesNotFitIsNotApplicable) {
  const Picture small = chart(514, 514);
  EXPECT_EQ(transformed("crop_512_on_grid", small).not_applicable, "");
  EXPECT_EQ(transformed("crop_512_off_grid", small).not_applicable,
            "the picture is smaller than the part to be cut out");
  EXPECT_EQ(transformed("resize_25_bilinear", chart(300, 60)).not_applicable,
            "the result would have a side under 16 pixels");
  EXPECT_EQ(transformed("screenshot", small).not_applicable,
            "it would be enlarged to more than twice its size");
  EXPECT_EQ(transformed("webp_80", chart(16'384, 1)).not_applicable,
            "a side is longer than WebP can store");
  EXPECT_EQ(transformed("jpeg_95", chart(65'501, 1, 1)).not_applicable,
            "a side is longer than JPEG can store");
}

TEST(Transformations, EnlargingStopsAtTheLimitOfPixels) {
  const auto result = apply(*find_transformation("resize_150_bilinear"), chart(100, 100), kFromJpeg,
                            {.max_pixels = 20'000});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), (Error{ErrorCode::limit_exceeded, "max_pixels"}));
}

}  // namespace
}  // namespace safelight::synthesis
