#include "safelight/synthesis/cues/cue_detector.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/cues/cue_panel.h"
#include "safelight/traces/charts_for_test.h"

namespace safelight::synthesis {
namespace {

Sha256 digest_of(std::string_view text) { return sha256_of(std::as_bytes(std::span(text))); }

CueModel model() {
  CueModel model;
  model.panel = digest_of(cue_panel_description());
  model.made = std::chrono::year(2026) / 1 / 1;
  model.intercept = 0.5;
  model.terms = {{"colour.saturation", 0.25, 0.5, -2}, {"native.residual_variance", 1, 2, 3}};
  return model;
}

TEST(CueDetector, ScoresByItsModelAndShowsWhatMovedIt) {
  auto detector = CueDetector::create(to_text(model()));
  ASSERT_TRUE(detector);
  const Picture picture = traces::textured_chart(1100, 300, 1);
  const Assessment assessment = detector->assess({picture, {Storage::jpeg, 90}});
  const CuePanel panel = cue_panel(picture);
  ASSERT_EQ(panel.cues.size(), cue_definitions().size());
  const auto value = [&](std::string_view name) {
    return std::ranges::find(panel.cues, name, &Cue::name)->value;
  };
  const double saturation = -2 * ((value("colour.saturation") - 0.25) / 0.5);
  const double variance = 3 * ((value("native.residual_variance") - 1) / 2);
  ASSERT_TRUE(assessment.score);
  EXPECT_DOUBLE_EQ(*assessment.score, 0.5 + saturation + variance);
  EXPECT_EQ(assessment.not_assessable, "");
  EXPECT_EQ(assessment.stratum, stratum_of(picture.shape, {Storage::jpeg, 90}));
  ASSERT_EQ(assessment.cues.size(), 2 + panel.cues.size());
  EXPECT_EQ(assessment.cues[0].name,
            "towards generated: strength of the finest detail and noise, at native size");
  EXPECT_DOUBLE_EQ(assessment.cues[0].value, variance);
  EXPECT_THAT(assessment.cues[1].name, testing::EndsWith(": mean saturation"));
  EXPECT_TRUE(std::ranges::equal(panel.cues, std::span(assessment.cues).subspan(2)));
}

TEST(CueDetector, IsNamedByItsModelAndItsPanel) {
  const std::string file = to_text(model());
  const auto detector = CueDetector::create(file);
  ASSERT_TRUE(detector);
  EXPECT_EQ(detector->identity(), (DetectorIdentity{"built-in cues", digest_of(file),
                                                    digest_of(cue_panel_description())}));
}

TEST(CueDetector, SaysWhyAPictureIsNotAssessable) {
  auto detector = CueDetector::create(to_text(model()));
  ASSERT_TRUE(detector);
  const Picture picture = traces::textured_chart(100, 300, 1);
  const Assessment assessment = detector->assess({picture, {}});
  EXPECT_FALSE(assessment.score);
  EXPECT_THAT(assessment.not_assessable, testing::HasSubstr("too small"));
  EXPECT_TRUE(assessment.cues.empty());
}

TEST(CueDetector, GivesNoScoreThatIsNotFinite) {
  CueModel huge = model();
  huge.terms[0].weight = 1e300;
  huge.terms[0].scale = 1e-300;
  auto detector = CueDetector::create(to_text(huge));
  ASSERT_TRUE(detector);
  const Picture picture = traces::textured_chart(300, 300, 1);
  EXPECT_FALSE(detector->assess({picture, {}}).score);
}

TEST(CueDetector, RefusesAModelOfAnotherPanel) {
  CueModel other = model();
  other.panel.bytes[0] ^= 1;
  EXPECT_EQ(CueDetector::create(to_text(other)).error(),
            (Error{ErrorCode::integrity_mismatch, "cue-model.panel"}));
  CueModel unknown = model();
  unknown.terms[1].name = "native.beauty";
  EXPECT_EQ(CueDetector::create(to_text(unknown)).error(),
            (Error{ErrorCode::malformed, "cue-model.unknown-cue"}));
  EXPECT_EQ(CueDetector::create("").error().code, ErrorCode::truncated);
}

TEST(CueDetector, HasAModelBuiltInThatFitsThePanel) {
  const auto detector = CueDetector::create(built_in_cue_model());
  ASSERT_TRUE(detector);
  EXPECT_EQ(detector->model().terms.size(), cue_definitions().size());
}

}  // namespace
}  // namespace safelight::synthesis
