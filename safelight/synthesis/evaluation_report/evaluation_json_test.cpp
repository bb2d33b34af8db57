#include "safelight/synthesis/evaluation_report/evaluation_json.h"

#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "safelight/synthesis/evaluation_report/invented_for_test.h"

namespace safelight::synthesis {
namespace {

nlohmann::json read_back(const Evaluation& evaluation) {
  return nlohmann::json::parse(evaluation_json(evaluation, "0.1.0"));
}

void expect_cell(const nlohmann::json& json, const Cell& cell) {
  EXPECT_EQ(json["camera"], cell.camera);
  EXPECT_EQ(json["generated"], cell.generated);
  EXPECT_EQ(json["camera_not_assessed"], cell.camera_not_assessed);
  EXPECT_EQ(json["generated_not_assessed"], cell.generated_not_assessed);
  EXPECT_NEAR(json["auc"]["estimate"], cell.auc.estimate, 5e-9);
  EXPECT_NEAR(json["auc"]["lower"], cell.auc.interval.lower, 5e-9);
  EXPECT_NEAR(json["auc"]["upper"], cell.auc.interval.upper, 5e-9);
  EXPECT_EQ(json["auc"]["undefined_replicates"], cell.auc.undefined);
  EXPECT_NEAR(json["cllr"]["estimate"], cell.cllr.estimate, 5e-9);
  for (size_t i = 0; i < cell.at.size(); ++i) {
    EXPECT_NEAR(json["at"][i]["true_positive_rate"], cell.at[i].true_positive_rate, 5e-9);
    EXPECT_NEAR(json["at"][i]["fixed_true_positive_rate"], cell.at[i].fixed_true_positive, 5e-9);
    EXPECT_NEAR(json["at"][i]["fixed_false_positive_rate"], cell.at[i].fixed_false_positive, 5e-9);
  }
  EXPECT_NEAR(json["balanced_accuracy"], cell.balanced_accuracy, 5e-9);
  EXPECT_NEAR(json["cllr_min"], cell.cllr_min, 5e-9);
  EXPECT_NEAR(json["cllr_cal"], cell.cllr_cal, 5e-9);
  EXPECT_NEAR(json["expected_calibration_error"], cell.expected_calibration_error, 5e-9);
  EXPECT_NEAR(json["brier"], cell.brier, 5e-9);
  EXPECT_EQ(json["misleading_camera"]["count"], cell.misleading.camera.count);
  EXPECT_EQ(json["misleading_generated"]["of"], cell.misleading.generated.of);
  EXPECT_EQ(json["decisions"]["decided"], cell.decisions.decided);
  EXPECT_EQ(json["decisions"]["wrong"], cell.decisions.wrong);
}

TEST(EvaluationJson, HoldsWhatWasEvaluatedAndHow) {
  Evaluation evaluation = invented_evaluation({});
  evaluation.left_out = {{"a/<b>.jpg", "another SHA-256 than the manifest's"}};
  const auto json = read_back(evaluation);
  EXPECT_EQ(json["format"], "safelight-evaluation");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["tool_version"], "0.1.0");
  EXPECT_EQ(json["manifest_sha256"], "ab" + std::string(62, '0'));
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["replicates"], 50);
  EXPECT_EQ(json["propositions"].size(), 3u);
  EXPECT_EQ(json["references"]["camera"], 120);
  EXPECT_EQ(json["references"]["generated"], 120);
  ASSERT_EQ(json["references"]["sources"].size(), 12u);
  EXPECT_EQ(json["references"]["sources"][0],
            nlohmann::json({{"source", "camera 0"}, {"camera", 20}, {"generated", 0}}));
  EXPECT_EQ(json["references"]["left_out"][0]["path"], "a/<b>.jpg");
  EXPECT_NEAR(json["confounds"]["auc"], 0.55, 5e-9);
  EXPECT_EQ(json["confounds"]["is_flagged"], false);
}

TEST(EvaluationJson, FiguresOfADetectorAreThoseOfTheEvaluation) {
  const Evaluation evaluation = invented_evaluation({});
  const auto json = read_back(evaluation)["detectors"][0];
  const DetectorEvaluation& detector = evaluation.detectors[0];
  EXPECT_EQ(json["name"], "invented");
  EXPECT_EQ(json["model_sha256"], std::string(62, '0') + "01");
  EXPECT_EQ(json["learning"], "none");
  ASSERT_EQ(json["splits"].size(), detector.splits.size());
  for (size_t i = 0; i < detector.splits.size(); ++i) {
    const auto& row = json["splits"][i];
    EXPECT_EQ(row["is_optimistic"], row["split"] == "random");
    EXPECT_EQ(row["cell"].is_null(), !detector.splits[i].cell);
    if (detector.splits[i].cell) expect_cell(row["cell"], *detector.splits[i].cell);
  }
  ASSERT_EQ(json["sweep"].size(), 5u);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(json["sweep"][i]["condition"], detector.sweep[i].condition);
    expect_cell(json["sweep"][i]["cell"], detector.sweep[i].cell);
  }
  ASSERT_EQ(json["equalised"].size(), 2u);
  expect_cell(json["equalised"][1]["cell"], detector.equalised[1].cell);
  ASSERT_EQ(json["groups"].size(), detector.groups.size());
  EXPECT_EQ(json["groups"][0]["kind"], "generator");
  EXPECT_EQ(json["groups"].back()["kind"], "size");
  EXPECT_EQ(json["triage"][0]["first"][1]["queue_share"], 0.1);
  EXPECT_NEAR(json["triage"][2]["camera_share_in_last_tenth"], detector.triage[2].last_tenth, 5e-9);
  EXPECT_NEAR(json["fixed_decisions"]["points"][1]["threshold"], detector.fixed.points[1].threshold,
              1e-7);
  const auto& abstention = json["fixed_decisions"]["abstention"];
  EXPECT_TRUE(abstention["camera_over_log10_lr"].is_null()) << "20 pictures of a group are too few";
  EXPECT_EQ(abstention["camera_decided_by"]["name"], detector.fixed.camera_decided_by.name);
  EXPECT_EQ(abstention["camera_decided_by"]["pictures"], 20);
  EXPECT_EQ(abstention["generated_decided_by"]["name"], detector.fixed.generated_decided_by.name);
}

TEST(EvaluationJson, TheHeadlineHasItsScoresAndCurves) {
  const Evaluation evaluation = invented_evaluation({.confounds = {0.8}});
  const auto json = read_back(evaluation)["detectors"][0]["headline"];
  const DetectorEvaluation& detector = evaluation.detectors[0];
  EXPECT_EQ(json["condition"], "equalised_85");
  expect_cell(json["cell"], detector.equalised[0].cell);
  ASSERT_EQ(json["held_out"].size(), 240u);
  EXPECT_TRUE(json["held_out"][17]["score"].is_null());
  EXPECT_EQ(json["held_out"][18]["sha256"], to_hex(evaluation.references[18].sha256));
  EXPECT_EQ(json["held_out"][18]["truth"], "camera");
  EXPECT_EQ(json["held_out"][18]["source"], "camera 0");
  EXPECT_NEAR(json["held_out"][18]["log10_lr"], detector.headline_scores[18]->log10_lr, 1e-8);

  const auto& curves = json["curves"];
  EXPECT_EQ(curves["tippett"][0][1], 1);
  EXPECT_EQ(curves["roc"][0], nlohmann::json({nullptr, 0, 0}));
  EXPECT_EQ(curves["roc"].back()[2], 1);
  EXPECT_EQ(curves["reliability"].size(), 10u);
  const auto& entropy = curves["empirical_cross_entropy"];
  ASSERT_EQ(entropy.size(), 41u);
  EXPECT_EQ(entropy[0][0], -2);
  // At even odds the empirical cross-entropy is the Cllr, of PAV the Cllr_min, of ratios of 1 one.
  EXPECT_EQ(entropy[20][0], 0);
  EXPECT_NEAR(entropy[20][1], detector.equalised[0].cell.cllr.estimate, 1e-8);
  EXPECT_NEAR(entropy[20][2], detector.equalised[0].cell.cllr_min, 1e-8);
  EXPECT_NEAR(entropy[20][3], 1, 1e-8);
  size_t camera = 0;
  for (const auto& block : curves["pav"]) camera += block["camera"].get<size_t>();
  EXPECT_EQ(camera, detector.equalised[0].cell.camera);
}

TEST(EvaluationJson, IsTheSameTwiceAndForAnyNumberOfThreads) {
  const std::string once = evaluation_json(invented_evaluation({}), "0.1.0");
  EXPECT_EQ(evaluation_json(invented_evaluation({}), "0.1.0"), once);
  EXPECT_EQ(evaluation_json(invented_evaluation({.threads = 3}), "0.1.0"), once);
}

TEST(EvaluationJson, WhatCannotBeMeasuredIsNull) {
  const Evaluation evaluation = invented_evaluation({.sources = 1, .confounds = {}});
  const auto json = read_back(evaluation);
  EXPECT_TRUE(json["confounds"]["auc"].is_null());
  EXPECT_EQ(json["confounds"]["is_flagged"], true);
  const auto& detector = json["detectors"][0];
  EXPECT_TRUE(detector["splits"][0]["cell"].is_null());
  EXPECT_TRUE(detector["sweep"][0]["cell"]["auc"]["estimate"].is_null());
  EXPECT_TRUE(detector["sweep"][0]["cell"]["brier"].is_null());
  EXPECT_TRUE(detector["fixed_decisions"]["abstention"].is_null());
  EXPECT_EQ(detector["headline"]["condition"], "equalised_85");
  EXPECT_TRUE(detector["headline"]["curves"]["roc"].empty());
}

TEST(EvaluationJson, AnEmptyEvaluationIsWhole) {
  const auto json = read_back({});
  EXPECT_EQ(json["references"]["camera"], 0);
  EXPECT_TRUE(json["detectors"].empty());
}

TEST(EvaluationJson, AFusionHasItsMembersAndWhetherItPays) {
  Evaluation evaluation = invented_evaluation({});
  EXPECT_TRUE(read_back(evaluation)["fusion"].is_null());
  evaluation.fusion = invented_fusion();
  const auto json = read_back(evaluation)["fusion"];
  EXPECT_EQ(json["name"], "fusion of first + second");
  EXPECT_EQ(json["pays"], true);
  EXPECT_EQ(json["cllr"], 0.5);
  EXPECT_EQ(json["members"][1],
            nlohmann::json({{"name", "second"}, {"weight", 0.25}, {"cllr", 0.7}}));
}

}  // namespace
}  // namespace safelight::synthesis
