#include "safelight/synthesis/plugins/plugin_detector.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/plugins/runtime_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::HasSubstr;

constexpr uint32_t kSide = 8;

/// The card of a model of the script that looks at 8x8 pixels: the score is the mean of red.
ModelCard card_for(const std::string& model) {
  ModelCard card;
  card.name = model;
  card.model_file = model + ".onnx";
  card.model = sha256_of(model_bytes(model));
  card.input = {"picture", kSide, kSide, TensorLayout::nchw, ChannelOrder::rgb};
  card.normalisation.deviation = {1, 1, 1};
  card.output.name = "score";
  return card;
}

Picture plain(uint32_t width, uint32_t height, uint8_t red, uint8_t green, uint8_t blue) {
  Picture picture{{width, height, 3}, {}};
  for (uint32_t i = 0; i < width * height; ++i) {
    picture.samples.insert(picture.samples.end(), {red, green, blue});
  }
  return picture;
}

/// Red to the left of `split`, else black.
Picture half_red(uint32_t width, uint32_t height, uint32_t split) {
  Picture picture = plain(width, height, 0, 0, 0);
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < split; ++x) picture.samples[(y * width + x) * 3] = 255;
  }
  return picture;
}

class PluginDetectorTest : public WithRuntime {
 protected:
  PluginDetector detector_of(const ModelCard& card) {
    const std::string model = card.model_file.substr(0, card.model_file.rfind('.'));
    auto detector = PluginDetector::create(runtime(), card, model_bytes(model), {}, complaint_);
    EXPECT_TRUE(detector) << complaint_;
    return std::move(*detector);
  }
  Error refusal_of(const ModelCard& card) {
    const std::string model = card.model_file.substr(0, card.model_file.rfind('.'));
    const auto detector =
        PluginDetector::create(runtime(), card, model_bytes(model), {}, complaint_);
    return detector ? Error{ErrorCode::not_found, "none"} : detector.error();
  }
  Assessment assess(const ModelCard& card, const Picture& picture) {
    PluginDetector detector = detector_of(card);
    return detector.assess({picture, {}});
  }
  double score(const ModelCard& card, const Picture& picture) {
    const Assessment assessment = assess(card, picture);
    EXPECT_TRUE(assessment.score) << assessment.not_assessable;
    return assessment.score.value_or(NAN);
  }

  std::string complaint_;
};

TEST_F(PluginDetectorTest, TheScoreIsWhatTheModelGives) {
  EXPECT_NEAR(score(card_for("mean_of_red"), plain(8, 8, 51, 255, 255)), 0.2, 1e-6);
}

TEST_F(PluginDetectorTest, ALargerScoreAlwaysSpeaksForSynthetic) {
  ModelCard card = card_for("mean_of_red");
  card.output.proposition = Proposition::camera;
  EXPECT_NEAR(score(card, plain(8, 8, 51, 0, 0)), -0.2, 1e-6);
}

TEST_F(PluginDetectorTest, LayoutsAndChannelOrdersGiveTheSame) {
  const Picture picture = plain(8, 8, 102, 7, 9);
  ModelCard nhwc = card_for("mean_of_red_nhwc");
  nhwc.input.layout = TensorLayout::nhwc;
  EXPECT_NEAR(score(nhwc, picture), 0.4, 1e-6);
  ModelCard bgr = card_for("mean_of_red");
  bgr.input.order = ChannelOrder::bgr;
  EXPECT_NEAR(score(bgr, plain(8, 8, 7, 9, 102)), 0.4, 1e-6);
}

TEST_F(PluginDetectorTest, TheSameCropsInOneRunInFiveOrOneByOneGiveTheSameMean) {
  // Red reaches into the left crops and half of the one in the centre: columns 4 to 11 of 16.
  const Picture picture = half_red(16, 16, 8);
  for (const char* model : {"mean_of_red", "mean_of_red_one_by_one", "mean_of_red_in_fives"}) {
    ModelCard card = card_for(model);
    card.crop.policy = CropPolicy::corners_and_centre;
    const Assessment assessment = assess(card, picture);
    ASSERT_TRUE(assessment.score) << assessment.not_assessable;
    EXPECT_NEAR(*assessment.score, (1 + 0 + 1 + 0 + 0.5) / 5, 1e-6) << model;
    ASSERT_EQ(assessment.cues.size(), 2U);
    EXPECT_NEAR(assessment.cues[0].value, 0, 1e-6);
    EXPECT_NEAR(assessment.cues[1].value, 1, 1e-6);
  }
}

TEST_F(PluginDetectorTest, AProbabilityBecomesItsLogOdds) {
  ModelCard card = card_for("probability");
  card.output.form = OutputForm::probability;
  card.normalisation.mean = {-0.5, 0, 0};
  // The model is the sigmoid of the mean of red.
  EXPECT_NEAR(score(card, plain(8, 8, 51, 0, 0)), 0.7, 1e-5);
}

TEST_F(PluginDetectorTest, AProbabilityOfOneIsHeldFinite) {
  ModelCard card = card_for("probability");
  card.output.form = OutputForm::probability;
  card.normalisation.mean = {-100, 0, 0};
  EXPECT_NEAR(score(card, plain(8, 8, 0, 0, 0)), std::log(1e6 - 1), 1e-6);
  card.normalisation.mean = {100, 0, 0};
  EXPECT_NEAR(score(card, plain(8, 8, 0, 0, 0)), -std::log(1e6 - 1), 1e-6);
}

TEST_F(PluginDetectorTest, WhatIsNoProbabilityIsNotTakenForOne) {
  ModelCard card = card_for("mean_of_red");
  card.output.form = OutputForm::probability;
  card.normalisation.mean = {-1, 0, 0};
  EXPECT_THAT(assess(card, plain(8, 8, 51, 0, 0)).not_assessable, HasSubstr("no probability"));
}

TEST_F(PluginDetectorTest, OfTwoLogitsTheDifferenceCounts) {
  ModelCard card = card_for("red_and_blue");
  card.output.form = OutputForm::two_logits;
  card.output.values = 2;
  EXPECT_NEAR(score(card, plain(8, 8, 204, 0, 51)), 0.6, 1e-6);
  card.output.index = 1;
  EXPECT_NEAR(score(card, plain(8, 8, 204, 0, 51)), -0.6, 1e-6);
  card.output.form = OutputForm::logit;
  EXPECT_NEAR(score(card, plain(8, 8, 204, 0, 51)), 0.2, 1e-6);
}

TEST_F(PluginDetectorTest, AnOutputWithoutADimensionForOneValueIsTaken) {
  EXPECT_NEAR(score(card_for("flat_output"), plain(8, 8, 51, 0, 0)), 0.2, 1e-6);
}

TEST_F(PluginDetectorTest, TheStratumIsThatOfThePictureAsItCame) {
  PluginDetector detector = detector_of(card_for("mean_of_red"));
  const Picture picture = plain(1000, 8, 0, 0, 0);
  const Assessment assessment = detector.assess({picture, {Storage::jpeg, 70}});
  EXPECT_EQ(to_text(assessment.stratum), "large/medium");
}

TEST_F(PluginDetectorTest, NotANumberIsNotAssessable) {
  for (const char* model : {"not_a_number", "infinite"}) {
    const Assessment assessment = assess(card_for(model), plain(8, 8, 0, 0, 0));
    EXPECT_FALSE(assessment.score);
    EXPECT_THAT(assessment.not_assessable, HasSubstr("no finite number")) << model;
  }
}

TEST_F(PluginDetectorTest, MoreValuesThanTheCardSaysAreNotAssessable) {
  const Assessment assessment = assess(card_for("more_than_declared"), plain(8, 8, 0, 0, 0));
  EXPECT_FALSE(assessment.score);
  EXPECT_THAT(assessment.not_assessable, HasSubstr("gave 1 x 64 values"));
}

TEST_F(PluginDetectorTest, ATooSmallPictureIsNotAssessableAndTheNextOneIs) {
  PluginDetector detector = detector_of(card_for("mean_of_red"));
  const Picture small = plain(8, 7, 0, 0, 0);
  EXPECT_THAT(detector.assess({small, {}}).not_assessable, HasSubstr("smaller"));
  const Picture fits = plain(9, 9, 51, 0, 0);
  EXPECT_TRUE(detector.assess({fits, {}}).score);
}

TEST_F(PluginDetectorTest, TheIdentityIsTheModelAndTheWayItIsUsed) {
  const DetectorIdentity identity = detector_of(card_for("mean_of_red")).identity();
  EXPECT_EQ(identity.name, "mean_of_red");
  EXPECT_EQ(identity.model, sha256_of(model_bytes("mean_of_red")));
  ModelCard card = card_for("mean_of_red");
  card.licence = "another";
  EXPECT_EQ(detector_of(card).identity(), identity);
  card.normalisation.mean[0] = 0.5;
  EXPECT_NE(detector_of(card).identity().preprocessing, identity.preprocessing);
}

TEST_F(PluginDetectorTest, AnotherModelThanTheCardNamesIsRefused) {
  ModelCard card = card_for("mean_of_red");
  card.model.bytes[0] ^= 1;
  EXPECT_EQ(refusal_of(card), (Error{ErrorCode::integrity_mismatch, "plugin.model-digest"}));
}

TEST_F(PluginDetectorTest, AModelThatCannotRunIsRefusedWithTheReason) {
  EXPECT_EQ(refusal_of(card_for("unknown_operator")).rule, "onnx.invalid-graph");
  EXPECT_THAT(complaint_, HasSubstr("NoSuchOperator"));
  EXPECT_EQ(refusal_of(card_for("weights_elsewhere")).rule, "onnx.weights-elsewhere");
  EXPECT_THAT(complaint_, HasSubstr("weights-elsewhere"));
}

TEST_F(PluginDetectorTest, EachShapeThatIsNotTheCardsIsRefused) {
  const auto refused = [&](const ModelCard& card, std::string_view rule, const char* words) {
    EXPECT_EQ(refusal_of(card), (Error{ErrorCode::malformed, rule}));
    EXPECT_THAT(complaint_, HasSubstr(words));
  };
  ModelCard card = card_for("mean_of_red");
  card.input.width = 9;
  refused(card, "plugin.input", "open x 3 x 8 x 8");
  card = card_for("mean_of_red");
  card.input.name = "image";
  refused(card, "plugin.input", "\"picture\"");
  card = card_for("mean_of_red");
  card.input.layout = TensorLayout::nhwc;
  refused(card, "plugin.input", "open x 8 x 8 x 3");
  refused(card_for("self_test"), "plugin.input", "1 x 2");
  card = card_for("mean_of_red");
  card.output.name = "logit";
  refused(card, "plugin.output", "none of that name");
  card = card_for("mean_of_red");
  card.output.values = 2;
  refused(card, "plugin.output", "open x 1");
  refused(card_for("three_values"), "plugin.output", "open x 3");
  card = card_for("flat_output");
  card.output.values = 2;
  refused(card, "plugin.output", "open");
  refused(card_for("mean_of_red_in_fives"), "plugin.batch", "5 pictures at a time");
}

}  // namespace
}  // namespace safelight::synthesis
