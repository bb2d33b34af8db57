#include "safelight/study/make_calibration.h"

#include <gmock/gmock.h>

#include "safelight/study/evaluate_references.h"
#include "safelight/study/examined_for_test.h"
#include "safelight/synthesis/calibration/calibration_file.h"
#include "safelight/synthesis/calibration/gate.h"

namespace safelight::study {
namespace {

using synthesis::AssessmentTable;
using synthesis::Calibration;
using synthesis::CompressionBand;
using synthesis::CountedName;
using synthesis::Proposition;
using synthesis::SizeBand;
using synthesis::Stratum;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr synthesis::EvaluationOptions kQuick = {1, 60, 1};
const synthesis::Date kMade = *synthesis::date_from_text("2026-11-30");
constexpr Stratum kLight = {SizeBand::large, CompressionBand::light};
constexpr Stratum kMedium = {SizeBand::large, CompressionBand::medium};
constexpr Stratum kStrong = {SizeBand::large, CompressionBand::strong};

/// 6 sources of 20 pictures a class; means of the scores lie 3 apart in every condition.
ExaminedReferences examined() {
  auto references = synthesis::invented_references(6, 20);
  const auto clean = synthesis::normal_scores(references, 3, 1);
  const auto equalised = synthesis::normal_scores(references, 3, 2);
  return examined_for_test(std::move(references), clean_and_equalised(clean, equalised));
}

/// One more condition, in which every picture is of a stratum.
void add_condition(ExaminedReferences& examined, const std::string& name, const Stratum& stratum) {
  AssessmentTable& table = examined.tables[0];
  table.conditions.push_back(name);
  table.entries.push_back(synthesis::clean_table(synthesis::normal_scores(examined.references, 3,
                                                                          table.conditions.size()))
                              .entries[0]);
  for (synthesis::TableEntry& entry : table.entries.back()) entry.stratum = stratum;
}

struct Made {
  synthesis::Evaluation evaluation;
  Calibration calibration;
};

Made made(const ExaminedReferences& examined) {
  Made out;
  Sha256 manifest;
  manifest.bytes[31] = 0x33;
  out.evaluation = evaluate_references(examined, manifest, kQuick);
  out.calibration = make_calibration(examined.tables[0], out.evaluation,
                                     out.evaluation.detectors.at(0), kMade, 90);
  return out;
}

std::vector<Stratum> strata_of(const Calibration& calibration) {
  std::vector<Stratum> out;
  for (const auto& stratum : calibration.strata) out.push_back(stratum.stratum);
  return out;
}

TEST(MakeCalibration, HoldsWhatTheGateAsksFor) {
  const auto [evaluation, calibration] = made(examined());
  EXPECT_EQ(calibration.detector, examined().detectors[0]);
  EXPECT_EQ(calibration.manifest, evaluation.manifest);
  EXPECT_EQ(calibration.made, kMade);
  EXPECT_EQ(calibration.expires, synthesis::days_after(kMade, 90));
  EXPECT_EQ(calibration.references, (synthesis::ReferenceCounts{{120, 6}, {120, 6}}));
  EXPECT_EQ(calibration.confound_auc, evaluation.confounds.auc);
  EXPECT_FALSE(calibration.confounded);
  const synthesis::DetectorEvaluation& measured = evaluation.detectors[0];
  ASSERT_TRUE(calibration.equalised);
  EXPECT_EQ(calibration.equalised->cllr, measured.equalised_cell()->cllr.estimate);
  EXPECT_EQ(calibration.equalised->interval, measured.equalised_cell()->cllr.interval);
  ASSERT_TRUE(calibration.clean);
  EXPECT_EQ(calibration.clean->cllr, measured.sweep[0].cell.cllr.estimate);
}

TEST(MakeCalibration, TheFigureOfTheGateIsNotTheCleanOne) {
  ExaminedReferences without = examined();
  without.tables[0].conditions.pop_back();
  without.tables[0].entries.pop_back();
  const Calibration calibration = made(without).calibration;
  EXPECT_FALSE(calibration.equalised);
  EXPECT_TRUE(calibration.clean);
}

TEST(MakeCalibration, APictureThatWasNotAssessedIsNoReference) {
  ExaminedReferences some = examined();
  // A whole source of camera pictures, and one generated picture more.
  for (size_t row = 0; row < 20; ++row) {
    some.tables[0].entries[0][row] = {std::nullopt, "too small", {}, {}};
  }
  some.tables[0].entries[0].back() = {std::nullopt, "too small", {}, {}};
  const Calibration calibration = made(some).calibration;
  EXPECT_EQ(calibration.references, (synthesis::ReferenceCounts{{100, 5}, {119, 6}}));
  EXPECT_EQ(calibration.find(kLight)->references, calibration.references);
}

TEST(MakeCalibration, AStratumIsFilledFromOrdinaryRecompressionsAlone) {
  ExaminedReferences many = examined();
  add_condition(many, "jpeg_75", kMedium);
  add_condition(many, "greyscale", kStrong);
  add_condition(many, "resize_50_bicubic", {SizeBand::small, CompressionBand::light});
  const Calibration calibration = made(many).calibration;
  EXPECT_EQ(strata_of(calibration), (std::vector{kLight, kMedium}));
  EXPECT_THAT(calibration.find(kLight)->filled_from, IsEmpty());
  EXPECT_THAT(calibration.find(kMedium)->filled_from, ElementsAre("jpeg_75"));
  EXPECT_EQ(calibration.find(kMedium)->references,
            (synthesis::ReferenceCounts{{120, 6}, {120, 6}}));
  ASSERT_TRUE(calibration.find(kMedium)->held_out_cllr);
  EXPECT_LT(*calibration.find(kMedium)->held_out_cllr, 0.6);
}

TEST(MakeCalibration, EachReferenceCountsOnceAndAsItWasFoundWhereItCan) {
  ExaminedReferences many = examined();
  add_condition(many, "jpeg_75", kMedium);
  add_condition(many, "jpeg_60", kMedium);
  AssessmentTable& table = many.tables[0];
  // Those found in the stratum have scores of their own; so have the first copies.
  for (size_t row = 0; row < many.references.size(); ++row) {
    const bool generated = many.references[row].truth == Proposition::generated;
    if (row % 2 == 0) {
      table.entries[0][row].stratum = kMedium;
      table.entries[0][row].score = generated ? 5.5 : 4.5;
    } else {
      table.entries[2][row].score = generated ? 5.5 : 4.5;
    }
  }
  const Calibration calibration = made(many).calibration;
  const synthesis::StratumCalibration& medium = *calibration.find(kMedium);
  EXPECT_EQ(medium.references, (synthesis::ReferenceCounts{{120, 6}, {120, 6}}));
  EXPECT_THAT(medium.filled_from, ElementsAre("jpeg_75"));
  EXPECT_EQ(calibration.find(kLight)->references, (synthesis::ReferenceCounts{{60, 6}, {60, 6}}));
  EXPECT_NEAR(medium.calibration.line.log10_lr(5), 0, 1e-6) << "no other score was taken";
}

TEST(MakeCalibration, AStratumWithoutAClassIsLeftOut) {
  ExaminedReferences parted = examined();
  for (size_t row = 0; row < parted.references.size(); ++row) {
    if (parted.references[row].truth == Proposition::camera) {
      parted.tables[0].entries[0][row].stratum = kMedium;
    }
  }
  EXPECT_THAT(made(parted).calibration.strata, IsEmpty());
}

TEST(MakeCalibration, ThePopulationIsCountedByName) {
  ExaminedReferences some = examined();
  some.references[0].source = "another";
  some.references[0].camera_maker.clear();
  const synthesis::ReferencePopulation population = made(some).calibration.population;
  ASSERT_EQ(population.sources.size(), 13u);
  EXPECT_EQ(population.sources[0], (CountedName{"another", 1}));
  EXPECT_EQ(population.sources[1], (CountedName{"camera 0", 19}));
  ASSERT_EQ(population.generators.size(), 6u);
  EXPECT_EQ(population.generators[5], (CountedName{"model 5", 20}));
  EXPECT_THAT(population.camera_makers,
              ElementsAre(CountedName{"Maker A", 59}, CountedName{"Maker B", 60}));
}

TEST(MakeCalibration, RatiosNearToOneAreAbstainedFromOnTheirOwnSide) {
  for (const double distance : {2.0, 6.0}) {
    auto references = synthesis::invented_references(3, 150);
    const auto scores = synthesis::normal_scores(references, distance, 1);
    const auto [evaluation, calibration] =
        made(examined_for_test(std::move(references), clean_and_equalised(scores, scores)));
    const auto& certified = *evaluation.detectors[0].fixed.abstention;
    ASSERT_TRUE(certified.generated_from.threshold);
    ASSERT_TRUE(certified.camera_below.threshold);
    ASSERT_TRUE(calibration.abstention);
    // Certified on negated ratios; a threshold beyond a ratio of 1 stops there.
    EXPECT_EQ(calibration.abstention->generated_to,
              std::min(0.0, -*certified.generated_from.threshold));
    EXPECT_EQ(calibration.abstention->camera_above,
              std::max(0.0, -*certified.camera_below.threshold));
    const double wide = distance == 2 ? 0.3 : 0;
    EXPECT_LE(*calibration.abstention->generated_to, -wide);
    EXPECT_GE(*calibration.abstention->camera_above, wide);
  }
}

TEST(MakeCalibration, WhatCannotBeCertifiedIsNeverSaid) {
  const Calibration calibration = made(examined()).calibration;
  ASSERT_TRUE(calibration.abstention) << "20 pictures of a source certify nothing";
  EXPECT_FALSE(calibration.abstention->generated_to);
  EXPECT_FALSE(calibration.abstention->camera_above);
}

TEST(MakeCalibration, ReadsBackAsItWasWritten) {
  ExaminedReferences many = examined();
  add_condition(many, "jpeg_75", kMedium);
  add_condition(many, "jpeg_40", kStrong);
  const std::string text = synthesis::write_calibration(made(many).calibration);
  const auto read = synthesis::read_calibration(std::as_bytes(std::span(text)));
  ASSERT_TRUE(read) << read.error().rule;
  EXPECT_EQ(read->strata.size(), 3u);
  EXPECT_EQ(synthesis::write_calibration(*read), text);
}

/// What no figure can be given for is nothing in the file, and not a number that opens a gate.
TEST(MakeCalibration, OneClassOneSourceOrOneScoreReadBackToo) {
  const auto expect_read = [](const ExaminedReferences& few) {
    const Calibration calibration = made(few).calibration;
    const std::string text = synthesis::write_calibration(calibration);
    const auto read = synthesis::read_calibration(std::as_bytes(std::span(text)));
    ASSERT_TRUE(read) << read.error().rule;
    EXPECT_FALSE(synthesis::gate(*read, kMade).empty());
  };
  for (const size_t sources : {0u, 1u, 2u}) {
    auto references = synthesis::invented_references(sources, 20);
    const auto scores = synthesis::normal_scores(references, 3, 1);
    expect_read(examined_for_test(references, clean_and_equalised(scores, scores)));
    references.resize(sources * 20);
    const std::vector<double> of_cameras(scores.begin(), scores.begin() + sources * 20);
    expect_read(examined_for_test(references, clean_and_equalised(of_cameras, of_cameras)));
  }
  auto references = synthesis::invented_references(6, 20);
  const std::vector<double> constant(references.size(), 0.25);
  expect_read(examined_for_test(std::move(references), clean_and_equalised(constant, constant)));
}

TEST(MakeCalibration, AFusionIsCalibratedOnScoresThatItsWeightsHaveNotSeen) {
  auto set = examined();
  const auto scores = [&](uint64_t seed) {
    return synthesis::normal_scores(set.references, 2, seed);
  };
  add_detector(set, clean_and_equalised(scores(8), scores(9)));
  const auto evaluation = evaluate_references(set, {}, kQuick);
  ASSERT_TRUE(evaluation.fusion);
  EXPECT_TRUE(evaluation.fusion->pays());
  ASSERT_EQ(evaluation.detectors.size(), 3u);
  const auto& measured = evaluation.detectors[2];
  EXPECT_EQ(measured.detector, evaluation.fusion->fusion.identity());
  EXPECT_EQ(measured.learning, synthesis::Learning::each_fold);
  EXPECT_LT(measured.equalised_cell()->cllr.estimate,
            evaluation.detectors[0].equalised_cell()->cllr.estimate);

  const AssessmentTable table = fused_table(set, evaluation.fusion->fusion);
  const Calibration calibration = make_calibration(table, evaluation, measured, kMade, 90);
  EXPECT_EQ(calibration.fusion, evaluation.fusion->fusion);
  EXPECT_THAT(strata_of(calibration), ElementsAre(kLight));
  EXPECT_THAT(gate(calibration, kMade), IsEmpty());
  const std::string text = synthesis::write_calibration(calibration);
  const auto read = synthesis::read_calibration(std::as_bytes(std::span(text)));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->fusion, calibration.fusion);
}

TEST(MakeCalibration, OneDetectorAloneIsNotFused) {
  EXPECT_FALSE(made(examined()).evaluation.fusion);
}

}  // namespace
}  // namespace safelight::study
