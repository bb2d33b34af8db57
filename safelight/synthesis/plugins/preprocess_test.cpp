#include "safelight/synthesis/plugins/preprocess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/picture/resample.h"

namespace safelight::synthesis {
namespace {

using testing::ElementsAre;
using Corner = CropPlan::Corner;

/// A card whose model sees samples as they are.
ModelCard plain_card(uint32_t width, uint32_t height) {
  ModelCard card;
  card.input.width = width;
  card.input.height = height;
  card.normalisation.range = ValueRange::zero_to_255;
  card.normalisation.deviation = {1, 1, 1};
  return card;
}

Picture noise(uint32_t width, uint32_t height, uint32_t channels) {
  Picture picture{{width, height, channels}, {}};
  uint32_t state = width * 7 + height;
  for (size_t i = 0; i < height * picture.shape.row_bytes(); ++i) {
    state = state * 1'664'525 + 1'013'904'223;
    picture.samples.push_back(static_cast<uint8_t>(state >> 24));
  }
  return picture;
}

/// The value at one place of one crop, by its definition.
float plain_value(const ModelCard& card, const Picture& picture, const Corner& corner, uint32_t x,
                  uint32_t y, uint32_t channel) {
  const uint32_t colour = card.input.order == ChannelOrder::bgr ? 2 - channel : channel;
  const uint32_t sample = picture.shape.channels == 1 ? 0 : colour;
  const size_t at = (corner.x + x) * picture.shape.channels + sample;
  float value = picture.row(corner.y + y)[at];
  if (card.normalisation.range == ValueRange::zero_to_one) value /= 255;
  return (value - static_cast<float>(card.normalisation.mean[channel])) /
         static_cast<float>(card.normalisation.deviation[channel]);
}

void expect_as_defined(const ModelCard& card, const Picture& picture) {
  const auto plan = plan_crops(card, picture.shape.width, picture.shape.height);
  ASSERT_TRUE(plan);
  const Picture resized = resample(picture, plan->width, plan->height, card.resize.kernel);
  std::vector<float> out;
  ASSERT_TRUE(preprocess(card, picture, out));
  const auto [width, height] = std::pair(card.input.width, card.input.height);
  ASSERT_EQ(out.size(), plan->corners.size() * width * height * 3);
  size_t at = 0;
  for (const Corner& corner : plan->corners) {
    if (card.input.layout == TensorLayout::nchw) {
      for (uint32_t c = 0; c < 3; ++c)
        for (uint32_t y = 0; y < height; ++y)
          for (uint32_t x = 0; x < width; ++x)
            ASSERT_EQ(out[at++], plain_value(card, resized, corner, x, y, c));
    } else {
      for (uint32_t y = 0; y < height; ++y)
        for (uint32_t x = 0; x < width; ++x)
          for (uint32_t c = 0; c < 3; ++c)
            ASSERT_EQ(out[at++], plain_value(card, resized, corner, x, y, c));
    }
  }
}

TEST(Preprocess, EveryLayoutOrderRangeAndCropIsAsDefined) {
  for (const TensorLayout layout : {TensorLayout::nchw, TensorLayout::nhwc}) {
    for (const ChannelOrder order : {ChannelOrder::rgb, ChannelOrder::bgr}) {
      for (const ValueRange range : {ValueRange::zero_to_one, ValueRange::zero_to_255}) {
        for (const CropPolicy policy :
             {CropPolicy::centre, CropPolicy::corners_and_centre, CropPolicy::grid}) {
          for (const uint32_t channels : {1U, 3U}) {
            ModelCard card = plain_card(8, 6);
            card.input.layout = layout;
            card.input.order = order;
            card.normalisation.range = range;
            card.normalisation.mean = {0.1, 0.2, 0.3};
            card.normalisation.deviation = {0.5, 2, 3};
            card.crop = {policy, 3, 2};
            expect_as_defined(card, noise(17, 13, channels));
          }
        }
      }
    }
  }
}

TEST(Preprocess, EveryResizePolicyIsAsDefined) {
  for (const Kernel kernel : {Kernel::bilinear, Kernel::bicubic, Kernel::lanczos}) {
    ModelCard card = plain_card(8, 6);
    card.resize = {ResizePolicy::stretch, 0, kernel};
    expect_as_defined(card, noise(33, 21, 3));
    card.resize = {ResizePolicy::shorter_side, 10, kernel};
    expect_as_defined(card, noise(33, 21, 3));
    expect_as_defined(card, noise(5, 9, 1));
  }
}

TEST(Preprocess, TheShorterSideDecidesAndTheOtherIsRoundedDown) {
  ModelCard card = plain_card(224, 224);
  card.resize = {ResizePolicy::shorter_side, 256, Kernel::bilinear};
  const auto wide = plan_crops(card, 640, 480);
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->width, 341U);
  EXPECT_EQ(wide->height, 256U);
  EXPECT_THAT(wide->corners, ElementsAre(Corner{58, 16}));
  const auto tall = plan_crops(card, 480, 640);
  ASSERT_TRUE(tall);
  EXPECT_EQ(tall->width, 256U);
  EXPECT_EQ(tall->height, 341U);
}

TEST(Preprocess, HalvesOfACentredCropGoToEven) {
  const ModelCard card = plain_card(10, 10);
  EXPECT_THAT(plan_crops(card, 11, 13)->corners, ElementsAre(Corner{0, 2}));
  EXPECT_THAT(plan_crops(card, 15, 17)->corners, ElementsAre(Corner{2, 4}));
}

TEST(Preprocess, FiveCropsAreTheCornersAndTheCentre) {
  ModelCard card = plain_card(10, 10);
  card.crop.policy = CropPolicy::corners_and_centre;
  EXPECT_THAT(plan_crops(card, 20, 14)->corners,
              ElementsAre(Corner{0, 0}, Corner{10, 0}, Corner{0, 4}, Corner{10, 4}, Corner{5, 2}));
}

TEST(Preprocess, AGridReachesFromEdgeToEdge) {
  ModelCard card = plain_card(10, 10);
  card.crop = {CropPolicy::grid, 3, 2};
  EXPECT_THAT(plan_crops(card, 20, 14)->corners,
              ElementsAre(Corner{0, 0}, Corner{5, 0}, Corner{10, 0}, Corner{0, 4}, Corner{5, 4},
                          Corner{10, 4}));
  card.crop = {CropPolicy::grid, 1, 1};
  EXPECT_THAT(plan_crops(card, 20, 14)->corners, ElementsAre(Corner{5, 2}));
}

TEST(Preprocess, ASmallerPictureThanACropIsNotPadded) {
  const ModelCard card = plain_card(10, 10);
  std::vector<float> out;
  for (const Picture& picture : {noise(9, 20, 3), noise(20, 9, 3)}) {
    const auto result = preprocess(card, picture, out);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), (Error{ErrorCode::unsupported, "preprocess.too-small"}));
  }
  EXPECT_TRUE(preprocess(card, noise(10, 10, 3), out));
}

TEST(Preprocess, ALongNarrowPictureDoesNotGrowWithoutBound) {
  ModelCard card = plain_card(8, 8);
  card.resize = {ResizePolicy::shorter_side, 4'096, Kernel::bilinear};
  const auto plan = plan_crops(card, 65'535, 1);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error(), (Error{ErrorCode::limit_exceeded, "preprocess.pixels"}));
  EXPECT_TRUE(plan_crops(card, 4, 1));
  EXPECT_FALSE(plan_crops(card, 5, 1));
}

}  // namespace
}  // namespace safelight::synthesis
