#include "safelight/synthesis/calibration/gate.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/calibration/calibration_for_test.h"

namespace safelight::synthesis {
namespace {

const Date kToday = *date_from_text("2026-11-30");
using Codes = std::vector<std::string>;

Codes codes_of(const Calibration& calibration, const Date& today = kToday) {
  Codes codes;
  for (const GateReason& reason : gate(calibration, today)) {
    EXPECT_TRUE(reason.sentence.ends_with('.')) << reason.sentence;
    codes.emplace_back(reason.code);
  }
  return codes;
}

class Gate : public testing::Test {
 protected:
  Calibration calibration_ = calibration_for_test();
};

TEST_F(Gate, IsOpenForACalibrationThatHasEarnedIt) { EXPECT_EQ(codes_of(calibration_), Codes{}); }

TEST_F(Gate, TheCostMayBeNinetyHundredthsAndNotMore) {
  calibration_.equalised->cllr = 0.9;
  EXPECT_EQ(codes_of(calibration_), Codes{});
  calibration_.equalised->cllr = std::nextafter(0.9, 1);
  EXPECT_EQ(codes_of(calibration_), Codes{"cllr_too_high"});
  calibration_.equalised->cllr = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(codes_of(calibration_), Codes{"cllr_too_high"});
}

TEST_F(Gate, TheIntervalMustStayUnderOne) {
  calibration_.equalised->interval.upper = std::nextafter(1.0, 0);
  EXPECT_EQ(codes_of(calibration_), Codes{});
  calibration_.equalised->interval.upper = 1;
  EXPECT_EQ(codes_of(calibration_), Codes{"interval_touches_one"});
  calibration_.equalised->interval.upper = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(codes_of(calibration_), Codes{"interval_touches_one"});
  calibration_.equalised = HeldOutCost{1.2, {1.1, 1.3}};
  EXPECT_EQ(codes_of(calibration_), (Codes{"cllr_too_high", "interval_touches_one"}));
}

TEST_F(Gate, TheFigureOfTheEqualisedConditionMustBeThereAndTheCleanOneDoesNotStandForIt) {
  calibration_.equalised.reset();
  EXPECT_EQ(codes_of(calibration_), (Codes{"no_equalised_figure", "confounded"}));
  calibration_.confounded = false;
  EXPECT_EQ(codes_of(calibration_), Codes{"no_equalised_figure"});
}

TEST_F(Gate, AFlaggedSetWithAnEqualisedFigureIsLetThrough) {
  calibration_.confounded = true;
  calibration_.clean.reset();
  EXPECT_EQ(codes_of(calibration_), Codes{});
}

TEST_F(Gate, EachClassNeedsAHundredPicturesOfFiveSources) {
  calibration_.references = {{100, 5}, {100, 5}};
  EXPECT_EQ(codes_of(calibration_), Codes{});
  for (ClassCounts ReferenceCounts::*of_class :
       {&ReferenceCounts::camera, &ReferenceCounts::generated}) {
    Calibration few = calibration_;
    (few.references.*of_class).pictures = 99;
    EXPECT_EQ(codes_of(few), Codes{"too_few_pictures"});
    few = calibration_;
    (few.references.*of_class).sources = 4;
    EXPECT_EQ(codes_of(few), Codes{"too_few_sources"});
  }
}

TEST_F(Gate, HoldsFromTheDayOfMakingToTheDayBeforeExpiry) {
  EXPECT_EQ(codes_of(calibration_, calibration_.made), Codes{});
  EXPECT_EQ(codes_of(calibration_, days_after(calibration_.made, -1)), Codes{"dated_in_future"});
  EXPECT_EQ(codes_of(calibration_, days_after(calibration_.expires, -1)), Codes{});
  EXPECT_EQ(codes_of(calibration_, calibration_.expires), Codes{"expired"});
}

TEST_F(Gate, ALargerScoreMustSpeakForAGeneratorInEveryStratumThatIsUsed) {
  double& slope = calibration_.strata[1].calibration.line.slope;
  slope = 1.5;
  EXPECT_EQ(codes_of(calibration_), Codes{"wrong_direction"});
  slope = 0;
  EXPECT_EQ(codes_of(calibration_), Codes{"wrong_direction"});
  slope = -1e-12;
  EXPECT_EQ(codes_of(calibration_), Codes{});
  calibration_.strata[0].calibration.line.slope = 1;
  EXPECT_EQ(codes_of(calibration_), Codes{}) << "too small to be used";
}

TEST_F(Gate, SaysEveryReason) {
  Calibration nothing;
  nothing.made = *date_from_text("2020-01-01");
  nothing.expires = *date_from_text("2020-01-02");
  EXPECT_EQ(codes_of(nothing),
            (Codes{"no_equalised_figure", "too_few_pictures", "too_few_sources", "expired"}));
}

TEST_F(Gate, AStratumNeedsFiftyPicturesOfFiveSourcesInEachClass) {
  const auto code = [&](const Stratum& stratum) {
    const auto reason = gate_stratum(calibration_, stratum);
    return reason ? std::string(reason->code) : "";
  };
  EXPECT_EQ(code(kLargeLight), "");
  EXPECT_EQ(code(kSmallStrong), "stratum_too_small");
  EXPECT_EQ(code({SizeBand::large, CompressionBand::unknown}), "no_such_stratum");
  ReferenceCounts& references = calibration_.strata[0].references;
  references = {{50, 5}, {50, 5}};
  EXPECT_EQ(code(kSmallStrong), "");
  for (const ReferenceCounts& few :
       {ReferenceCounts{{49, 5}, {50, 5}}, ReferenceCounts{{50, 4}, {50, 5}},
        ReferenceCounts{{50, 5}, {49, 5}}, ReferenceCounts{{50, 5}, {50, 4}}}) {
    references = few;
    EXPECT_EQ(code(kSmallStrong), "stratum_too_small");
  }
}

TEST_F(Gate, TheReasonNamesWhatIsThereAndWhatIsNeeded) {
  EXPECT_EQ(gate_stratum(calibration_, kSmallStrong)->sentence,
            "Of references like this picture (longer side under 1000 px, JPEG quality under 60) it "
            "holds 49 of cameras from 8 sources and 60 generated ones from 6; 50 from 5 sources "
            "are needed of each.");
}

}  // namespace
}  // namespace safelight::synthesis
