#include "safelight/synthesis/calibration/calibration_file.h"

#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <string_view>

#include "safelight/base/replaced_for_test.h"
#include "safelight/synthesis/calibration/calibration_for_test.h"

namespace safelight::synthesis {
namespace {

Result<Calibration> read(std::string_view text) {
  return read_calibration(std::as_bytes(std::span(text)));
}

std::string written() { return write_calibration(calibration_for_test()); }

TEST(CalibrationFile, WhatWasWrittenIsReadAgain) {
  Calibration calibration = calibration_for_test();
  EXPECT_EQ(*read(write_calibration(calibration)), calibration);
  calibration.confound_auc.reset();
  calibration.equalised.reset();
  calibration.clean.reset();
  calibration.abstention->camera_above.reset();
  calibration.population = {};
  calibration.strata[0].held_out_cllr.reset();
  EXPECT_EQ(*read(write_calibration(calibration)), calibration);
  calibration.abstention.reset();
  calibration.strata.clear();
  EXPECT_EQ(*read(write_calibration(calibration)), calibration);
}

TEST(CalibrationFile, FiguresHaveAFixedNumberOfDigits) {
  Calibration calibration = calibration_for_test();
  calibration.equalised->cllr = 2.0 / 3;
  calibration.abstention->camera_above = -1e-9;
  calibration.strata[1].calibration.line = {1.0 / 3, -2e-7 / 3};
  const std::string text = write_calibration(calibration);
  EXPECT_NE(text.find("\"cllr\": 0.666667,"), std::string::npos);
  EXPECT_NE(text.find("\"camera_above\": 0.000000}"), std::string::npos);
  EXPECT_NE(text.find("\"offset\": 3.333333333333e-01, \"slope\": -6.666666666667e-08"),
            std::string::npos);
  EXPECT_EQ(write_calibration(*read(text)), text);
}

TEST(CalibrationFile, TheExampleInTheDocumentationIsAFile) {
  std::ifstream in("docs/formats/calibration.md");
  const std::string document(std::istreambuf_iterator<char>(in), {});
  EXPECT_NE(document.find("```json\n" + written() + "```\n"), std::string::npos) << written();
}

TEST(CalibrationFile, AFileCutShortAtAnyLengthIsTruncated) {
  const std::string whole = written();
  for (size_t length = 0; length < whole.size(); ++length) {
    const auto cut = read(std::string_view(whole).substr(0, length));
    ASSERT_FALSE(cut) << length;
    const bool only_the_end = length == whole.size() - 1;
    const Error expected = Error::at(ErrorCode::truncated,
                                     only_the_end ? "calibration.end" : "calibration.json", length);
    EXPECT_EQ(cut.error(), expected) << length;
  }
}

TEST(CalibrationFile, WhatIsNoJsonIsRefusedAtItsByte) {
  const std::string whole = written();
  const size_t at = whole.find("\"made\"");
  EXPECT_EQ(read(replaced(whole, "\"made\":", "\"made\";")).error(),
            Error::at(ErrorCode::malformed, "calibration.json", at + 6));
  EXPECT_EQ(read(whole + "x\n").error(),
            Error::at(ErrorCode::malformed, "calibration.json", whole.size()));
  EXPECT_EQ(read("NaN\n").error(), Error::at(ErrorCode::malformed, "calibration.json", 0));
  EXPECT_EQ(read(replaced(whole, "0.720000", "1e999")).error(),
            (Error{ErrorCode::malformed, "calibration.json"}));
  EXPECT_EQ(read(replaced(whole, "lab-2026", "lab-\xff")).error().rule, "calibration.json");
}

TEST(CalibrationFile, AVersionThatIsNotKnownIsUnsupported) {
  EXPECT_EQ(read(replaced(written(), "\"version\": 1", "\"version\": 3")).error(),
            (Error{ErrorCode::unsupported, "calibration.version"}));
  EXPECT_EQ(read(replaced(written(), "safelight calibration", "safelight manifest")).error(),
            (Error{ErrorCode::malformed, "calibration.format"}));
}

TEST(CalibrationFile, DepthAndLengthHaveLimits) {
  EXPECT_EQ(read(std::string(9, '[') + std::string(9, ']') + "\n").error(),
            (Error{ErrorCode::limit_exceeded, "calibration.max-depth"}));
  EXPECT_EQ(read(std::string(8, '[') + std::string(8, ']') + "\n").error().rule,
            "calibration.members");
  EXPECT_EQ(read(std::string(kMaxCalibrationBytes + 1, ' ')).error(),
            (Error{ErrorCode::limit_exceeded, "calibration.max-bytes"}));
}

TEST(CalibrationFile, EveryMemberMustBeThereOnceAndNoOther) {
  const std::string whole = written();
  size_t members = 0;
  for (size_t at = whole.find("\": "); at != std::string::npos; at = whole.find("\": ", at + 1)) {
    std::string renamed = whole;
    renamed.insert(at, "x");
    EXPECT_EQ(read(renamed).error(), (Error{ErrorCode::malformed, "calibration.members"}))
        << renamed.substr(at - 20, 40);
    ++members;
  }
  EXPECT_EQ(members, 13u + 3 + 6 + 2 + 3 + 3 + 2 + 3 + 2 * 6 + 2 * 14);
  const Error expected{ErrorCode::malformed, "calibration.members"};
  EXPECT_EQ(read(replaced(whole, "\"made\"", "\"more\": 1, \"made\"")).error(), expected);
  EXPECT_EQ(read(replaced(whole, "\"made\"", "\"made\": \"2026-11-29\", \"made\"")).error(),
            expected);
  EXPECT_EQ(read("[]\n").error(), expected);
}

struct Broken {
  const char* from;
  const char* to;
  const char* rule;
};

TEST(CalibrationFile, EachValueOutOfRangeOrOfAnotherTypeIsRefused) {
  const std::string whole = written();
  const std::vector<Broken> cases = {
      {"\"built-in \\u003ccues\\u003e\"", "\"\"", "calibration.name"},
      {"\"built-in \\u003ccues\\u003e\"", "17", "calibration.name"},
      {"\"built-in \\u003ccues\\u003e\"", "\"a\\nb\"", "calibration.name"},
      {"\"model_sha256\": \"11", "\"model_sha256\": \"1", "calibration.digest"},
      {"\"preprocessing_sha256\": \"22", "\"preprocessing_sha256\": \"g2", "calibration.digest"},
      {"\"manifest_sha256\": \"33", "\"manifest_sha256\": \"", "calibration.digest"},
      {"\"manifest_sha256\": \"", "\"manifest_sha256\": null, \"x\": \"", "calibration.members"},
      {"2026-11-29", "2026-11-31", "calibration.date"},
      {"\"2026-11-29\"", "20261129", "calibration.date"},
      {"2027-05-28", "2026-11-29", "calibration.date"},
      {"\"pictures\": 568", "\"pictures\": -568", "calibration.counts"},
      {"\"pictures\": 568", "\"pictures\": 568.0", "calibration.counts"},
      {"\"pictures\": 568", "\"pictures\": 1000000001", "calibration.counts"},
      {"\"sources\": 12", "\"sources\": 569", "calibration.counts"},
      {"\"sources\": 12", "\"sources\": 0", "calibration.counts"},
      {"\"auc\": 0.738000", "\"auc\": 1.1", "calibration.confounds"},
      {"\"auc\": 0.738000", "\"auc\": -0.1", "calibration.confounds"},
      {"\"flagged\": true", "\"flagged\": 1", "calibration.confounds"},
      {"\"auc\": 0.738000, \"flagged\": true", "\"auc\": null, \"flagged\": false",
       "calibration.confounds"},
      {"\"cllr\": 0.720000", "\"cllr\": -0.72", "calibration.cllr"},
      {"\"cllr\": 0.720000", "\"cllr\": \"0.72\"", "calibration.cllr"},
      {"\"lower\": 0.610000", "\"lower\": 0.851", "calibration.cllr"},
      {"\"upper\": 0.800000", "\"upper\": 1001", "calibration.cllr"},
      {"\"generated_to\": -0.750000", "\"generated_to\": 0.6", "calibration.abstention"},
      {"\"camera_above\": 0.500000", "\"camera_above\": 21", "calibration.abstention"},
      {"\"lab-2026\"", "\"zzz\"", "calibration.population"},
      {"\"model-x\", \"pictures\": 300", "\"model-x\", \"pictures\": 0", "calibration.population"},
      {"\"generators\": [", "\"generators\": 3, \"x\": [", "calibration.members"},
      {"\"small/strong\"", "\"tiny/strong\"", "calibration.stratum"},
      {"\"small/strong\"", "\"large/strong\"", "calibration.stratum"},
      {"\"small/strong\"", "\"large/light\"", "calibration.stratum"},
      {"\"small/strong\"", "2", "calibration.stratum"},
      {"\"offset\": 2.500000000000e-01", "\"offset\": 2e12", "calibration.coefficients"},
      {"\"slope\": -5.000000000000e-01", "\"slope\": null", "calibration.coefficients"},
      {"\"lower_bound\": -0.900000", "\"lower_bound\": 0.1", "calibration.bounds"},
      {"\"lower_bound\": -0.900000", "\"lower_bound\": -1.71", "calibration.bounds"},
      {"\"upper_bound\": 1.100000", "\"upper_bound\": -0.1", "calibration.bounds"},
      {"\"upper_bound\": 1.100000", "\"upper_bound\": 1.80", "calibration.bounds"},
      {"\"cllr\": 0.910000", "\"cllr\": true", "calibration.cllr"},
      {"[\"jpeg_40\"]", "\"jpeg_40\"", "calibration.filled-from"},
      {"[\"jpeg_40\"]", "[4]", "calibration.name"}};
  for (const Broken& one : cases) {
    const auto broken = read(replaced(whole, one.from, one.to));
    ASSERT_FALSE(broken) << one.to;
    EXPECT_EQ(broken.error(), (Error{ErrorCode::malformed, one.rule})) << one.from << one.to;
  }
}

TEST(CalibrationFile, BoundsReachAsFarAsTheMisledClassSupports) {
  // Of 49 camera and 60 generated pictures.
  EXPECT_TRUE(
      read(replaced(written(), "\"lower_bound\": -0.900000", "\"lower_bound\": -1.708970")));
  EXPECT_TRUE(read(replaced(written(), "\"upper_bound\": 1.100000", "\"upper_bound\": 1.795330")));
}

TEST(CalibrationFile, AFusionHasItsMembersAndAVersionOfItsOwn) {
  const Calibration fused = fused_calibration_for_test();
  const std::string text = write_calibration(fused);
  EXPECT_NE(text.find("\"version\": 2"), std::string::npos);
  const auto back = read(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, fused);
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(read(text.substr(0, length))) << length;
  }
}

TEST(CalibrationFile, AFusionThatIsNotTheOneOfItsDigestIsRefused) {
  const std::string whole = write_calibration(fused_calibration_for_test());
  const std::vector<Broken> cases = {
      {"\"weight\": 7.500000000000e-01", "\"weight\": 7.600000000000e-01",
       "calibration.fusion-digest"},
      {"\"offset\": 1.250000000000e-01", "\"offset\": 0", "calibration.fusion-digest"},
      {"\"model_sha256\": \"4141", "\"model_sha256\": \"4142", "calibration.fusion-digest"},
      {"\"slope\": -2.000000000000e+00", "\"slope\": -3", "calibration.fusion-digest"},
      {"\"upper_bound\": 1.750000", "\"upper_bound\": 1.76", "calibration.fusion-digest"},
      {"\"upper_bound\": 1.750000", "\"upper_bound\": 9.1", "calibration.bounds"},
      {"\"weight\": 7.500000000000e-01", "\"weight\": \"1\"", "calibration.coefficients"},
      {"\"members\": [", "\"members\": [], \"others\": [", "calibration.members"},
      {"\"members\": [", "\"members\": 3, \"x\": [", "calibration.members"},
      {"\"fusion\": {", "\"fusions\": {", "calibration.members"},
      {"\"version\": 2", "\"version\": 1", "calibration.members"}};
  for (const Broken& one : cases) {
    const auto broken = read(replaced(whole, one.from, one.to));
    ASSERT_FALSE(broken) << one.to;
    EXPECT_EQ(broken.error(), (Error{ErrorCode::malformed, one.rule})) << one.from << one.to;
  }
  EXPECT_FALSE(read(
      replaced(write_calibration(calibration_for_test()), "\"version\": 1", "\"version\": 2")));
  Calibration lone = fused_calibration_for_test();
  lone.fusion->members.resize(1);
  lone.detector = lone.fusion->identity();
  EXPECT_EQ(read(write_calibration(lone)).error(),
            (Error{ErrorCode::malformed, "calibration.fusion"}));
}

}  // namespace
}  // namespace safelight::synthesis
