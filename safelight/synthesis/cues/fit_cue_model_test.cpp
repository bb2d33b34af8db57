#include "safelight/synthesis/cues/fit_cue_model.h"

#include <cmath>
#include <gtest/gtest.h>

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/likelihood/random.h"

namespace safelight::synthesis {
namespace {

/// Panels of noise, in which one cue is larger for generated pictures and one is always the same.
std::vector<LabelledPanel> panels() {
  Random random(1);
  std::vector<LabelledPanel> out;
  for (size_t i = 0; i < 60; ++i) {
    LabelledPanel panel{i % 3 == 0 ? Proposition::generated : Proposition::camera, {}};
    for (const CueDefinition& cue : cue_definitions()) {
      panel.cues.push_back({std::string(cue.name), 10 * random.unit()});
    }
    panel.cues[3].value += panel.truth == Proposition::generated ? 15 : 0;
    panel.cues[4].value = 7;
    out.push_back(std::move(panel));
  }
  return out;
}

CueModelOrigin origin() {
  CueModelOrigin origin;
  origin.manifest.bytes.fill(9);
  origin.made = std::chrono::year(2026) / 5 / 6;
  origin.camera_pictures = 40;
  origin.generated_pictures = 20;
  return origin;
}

TEST(FitCueModel, GivesTheCueThatTellsTheLargestWeightTowardsGenerated) {
  const auto model = fit_cue_model(panels(), 1, origin());
  ASSERT_TRUE(model);
  ASSERT_EQ(model->terms.size(), cue_definitions().size());
  for (size_t i = 0; i < model->terms.size(); ++i) {
    EXPECT_EQ(model->terms[i].name, cue_definitions()[i].name);
    if (i == 3) continue;
    EXPECT_LT(std::abs(model->terms[i].weight), model->terms[3].weight / 2);
  }
  EXPECT_NEAR(model->terms[4].weight, 0, 1e-9);
  EXPECT_EQ(model->terms[4].scale, 1);
}

TEST(FitCueModel, SaysWhatItWasMadeFrom) {
  const auto model = fit_cue_model(panels(), 2.5, origin());
  ASSERT_TRUE(model);
  EXPECT_EQ(model->manifest, origin().manifest);
  EXPECT_EQ(model->made, origin().made);
  EXPECT_EQ(model->camera_pictures, 40u);
  EXPECT_EQ(model->generated_pictures, 20u);
  EXPECT_EQ(model->penalty, 2.5);
  const std::string description = cue_panel_description();
  EXPECT_EQ(model->panel, sha256_of(std::as_bytes(std::span(description))));
  EXPECT_EQ(*parse_cue_model(to_text(*model)), *model);
}

TEST(FitCueModel, ShrinksWithThePenalty) {
  const auto loose = fit_cue_model(panels(), 0.1, origin());
  const auto tight = fit_cue_model(panels(), 100, origin());
  ASSERT_TRUE(loose && tight);
  EXPECT_LT(tight->terms[3].weight, loose->terms[3].weight / 2);
}

TEST(FitCueModel, NeedsBothClasses) {
  EXPECT_EQ(fit_cue_model({}, 1, origin()).error().rule, "cue-model.no-panels");
  std::vector<LabelledPanel> all = panels();
  std::erase_if(all, [](const LabelledPanel& p) { return p.truth == Proposition::camera; });
  EXPECT_EQ(fit_cue_model(all, 1, origin()).error().rule, "logistic.one-class");
}

}  // namespace
}  // namespace safelight::synthesis
