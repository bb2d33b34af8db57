#include "safelight/scan/reestimate.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <optional>

#include "safelight/base/fault.h"
#include "safelight/casefile/verify.h"
#include "safelight/synthesis/calibration/calibration_for_test.h"
#include "safelight/synthesis/calibration/stated_assessment.h"

namespace safelight::scan {
namespace {

using casefile::ExaminedContent;
using synthesis::Assessment;
using synthesis::calibration_for_test;
using synthesis::DetectorIdentity;
using synthesis::digest_for_test;
using synthesis::kLargeLight;
using testing::ElementsAre;

/// Ends the work within the commit after so many, as if the process had ended there.
class Clock final : public safelight::Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override {
    if (commits_left_ && (*commits_left_)-- == 0) throw Fault("the process ended");
    return 1'700'000'000'000'000'000;
  }
  void fail_after(std::optional<int> commits) { commits_left_ = commits; }

 private:
  mutable std::optional<int> commits_left_;
};

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

EstimateOptions by(std::vector<synthesis::Calibration> calibrations,
                   const char* today = "2026-12-01") {
  EstimateOptions out;
  out.calibrations = std::move(calibrations);
  out.today = *synthesis::date_from_text(today);
  return out;
}

const DetectorIdentity kCalibrated = calibration_for_test().detector;
const DetectorIdentity kOther = {"other", digest_for_test(9), digest_for_test(8)};

Finding fact(const std::string& kind) {
  Finding finding;
  finding.kind = kind;
  finding.statement = kind + " is there.";
  return finding;
}

/// What a picture's detectors, two of them, come to by `options`, among other findings.
ExaminedContent picture(uint32_t number, const EstimateOptions& options) {
  ExaminedContent out;
  out.content.key.value.bytes[0] = static_cast<uint8_t>(number);
  out.content.key.value.bytes[1] = static_cast<uint8_t>(number >> 8);
  out.examination.format = "png";
  out.examination.width = out.examination.height = 1200;
  out.examination.coverage = Coverage::full;
  out.examination.origin = OriginScope::pixels;
  Assessment said = {number * 1e-3, "", kLargeLight, {{"peaks", 1.0 / (1 + number)}}};
  if (number % 5 == 4) said = {std::nullopt, "flat", kLargeLight, {}};
  const Assessment of_other = {-1.5, "", kLargeLight, {}};
  auto findings = estimate_findings(
      std::vector{kCalibrated, kOther},
      std::vector{synthesis::as_stated(said), synthesis::as_stated(of_other)}, options);
  findings.insert(findings.begin(), fact("pixels_examined"));
  findings.push_back(fact("further_matches"));
  out.examination.findings = std::move(findings);
  return out;
}

class ReestimateCase : public testing::Test {
 protected:
  ReestimateCase() {
    std::string name =
        (std::filesystem::temp_directory_path() / "safelight-reestimate-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
    writer_.emplace(casefile::Writer::create(
        folder_ / "case", "00000000-0000-4000-8000-000000000003", {}, clock_, log_));
  }
  ~ReestimateCase() override {
    writer_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  static std::vector<ExaminedContent> pictures(uint32_t count, const EstimateOptions& options) {
    std::vector<ExaminedContent> out;
    for (uint32_t number = 0; number < count; ++number) out.push_back(picture(number, options));
    return out;
  }
  void store(std::vector<ExaminedContent> contents) {
    writer_->commit({std::move(contents), {}, {}});
  }
  [[nodiscard]] casefile::Reader reader() const { return casefile::Reader::open(folder_ / "case"); }
  ReestimateSummary estimate(const EstimateOptions& options) {
    return reestimate(*writer_, reader(), options);
  }
  void expect(const std::vector<ExaminedContent>& expected) const {
    size_t at = 0;
    reader().for_each_content([&](const casefile::StoredContent& stored) {
      ASSERT_LT(at, expected.size());
      EXPECT_EQ(stored.content, expected[at].content);
      EXPECT_EQ(*stored.examination, expected[at].examination) << at;
      ++at;
    });
    EXPECT_EQ(at, expected.size());
  }

  Clock clock_;
  NoLog log_;
  std::filesystem::path folder_;
  std::optional<casefile::Writer> writer_;
};

TEST_F(ReestimateCase, ComesToWhatAScanWithTheCalibrationGives) {
  store(pictures(10, by({})));
  const auto summary = estimate(by({calibration_for_test()}));
  EXPECT_EQ(summary.pictures, 10u);
  EXPECT_EQ(summary.assessments, 20u);
  EXPECT_EQ(summary.changed, 8u) << "two are not assessable";
  EXPECT_EQ(summary.unreadable, 0u);
  EXPECT_EQ(summary.not_asked, 0u);
  EXPECT_THAT(summary.by_calibration, ElementsAre(10u));
  expect(pictures(10, by({calibration_for_test()})));
  EXPECT_FALSE(casefile::verify_case(folder_ / "case", {}).mismatch);
}

TEST_F(ReestimateCase, WithoutACalibrationNothingButCuesIsLeft) {
  store(pictures(10, by({calibration_for_test()})));
  EXPECT_EQ(estimate(by({})).changed, 8u);
  expect(pictures(10, by({})));
}

TEST_F(ReestimateCase, ACalibrationThatExpiredMeanwhileGivesNoRatioAnyMore) {
  store(pictures(10, by({calibration_for_test()})));
  const auto later = by({calibration_for_test()}, "2027-05-28");
  EXPECT_EQ(estimate(later).changed, 8u);
  expect(pictures(10, later));
}

TEST_F(ReestimateCase, ASecondTimeChangesNothing) {
  store(pictures(10, by({})));
  const auto options = by({calibration_for_test()});
  estimate(options);
  const auto head = writer_->head();
  EXPECT_EQ(estimate(options).changed, 0u);
  EXPECT_EQ(writer_->head(), head) << "not even a record";
}

TEST_F(ReestimateCase, CutOffBetweenTwoCommitsItGoesOn) {
  const auto options = by({calibration_for_test()});
  store(pictures(2'600, by({})));
  clock_.fail_after(1);
  EXPECT_THROW(estimate(options), Fault);
  clock_.fail_after({});
  writer_.reset();
  writer_.emplace(casefile::Writer::open(folder_ / "case", clock_, log_));
  EXPECT_EQ(estimate(options).changed, 2'600u / 5 * 4 - 1'000);
  expect(pictures(2'600, options));
  EXPECT_EQ(estimate(options).changed, 0u);
}

TEST_F(ReestimateCase, AFindingThatDoesNotStateWhatItMustStaysAndIsCounted) {
  auto stored = pictures(3, by({}));
  auto& damaged = stored[1].examination.findings[1];
  ASSERT_EQ(damaged.fields[4].first, "score");
  damaged.fields[4].second = "nan";
  store(stored);
  const auto options = by({calibration_for_test()});
  const auto summary = estimate(options);
  EXPECT_EQ(summary.unreadable, 1u);
  EXPECT_EQ(summary.assessments, 5u);
  EXPECT_EQ(summary.changed, 2u);
  auto expected = pictures(3, options);
  expected[1] = stored[1];
  expect(expected);
}

TEST_F(ReestimateCase, AFusionIsMadeAnewOfItsMembersOrGoes) {
  const auto fused = by({synthesis::fused_calibration_for_test()});
  const auto& members = fused.calibrations[0].fusion->members;
  const auto of_members = [&](const EstimateOptions& options) {
    auto out = pictures(2, by({}));
    const Assessment first = {-0.1, "", kLargeLight, {{"peaks", 2}}};
    const Assessment second = {0.7, "", kLargeLight, {}};
    const Assessment none = {std::nullopt, "flat", kLargeLight, {}};
    const std::vector detectors = {members[0].detector, members[1].detector};
    out[0].examination.findings = estimate_findings(detectors, std::vector{first, second}, options);
    out[1].examination.findings = estimate_findings(detectors, std::vector{first, none}, options);
    return out;
  };
  store(of_members(by({})));
  const auto summary = estimate(fused);
  EXPECT_EQ(summary.assessments, 4u);
  EXPECT_THAT(summary.by_calibration, ElementsAre(1u)) << "where both of its members had a score";
  const auto expected = of_members(fused);
  EXPECT_EQ(expected[0].examination.findings.size(), 3u);
  expect(expected);
  EXPECT_EQ(estimate(fused).changed, 0u);
  EXPECT_EQ(estimate(by({})).changed, 1u);
  expect(of_members(by({})));
}

TEST_F(ReestimateCase, WhatDetectorsWereNotAskedAboutIsCountedAndStays) {
  ExaminedContent shallow = picture(1, by({}));
  shallow.examination.origin = OriginScope::metadata;
  shallow.examination.findings = {fact("camera_metadata")};
  ExaminedContent no_picture = shallow;
  no_picture.content.key.value.bytes[0] = 2;
  no_picture.examination.width = no_picture.examination.height = 0;
  store({shallow, no_picture});
  const auto summary = estimate(by({calibration_for_test()}));
  EXPECT_EQ(summary.not_asked, 1u);
  EXPECT_EQ(summary.pictures, 0u);
  EXPECT_EQ(summary.changed, 0u);
  EXPECT_THAT(summary.by_calibration, ElementsAre(0u));
  expect({shallow, no_picture});
}

}  // namespace
}  // namespace safelight::scan
