#include "safelight/synthesis/workers/internal/assessments_sink.h"

#include <gtest/gtest.h>

namespace safelight::synthesis {
namespace {

const Error kOutOfPlace = {ErrorCode::malformed, "synthesis-record.out-of-place"};

const std::vector<DetectorIdentity>& detectors() {
  static const std::vector<DetectorIdentity> both = {{"first", {}, {}}, {"second", {}, {}}};
  return both;
}

DetectorRecord said(size_t detector, double score) {
  return {detectors()[detector], {.score = score, .not_assessable = {}, .stratum = {}, .cues = {}}};
}

/// The last error that the records brought, or the finished assessments.
Result<Assessments> taken(const std::vector<SynthesisRecord>& records) {
  AssessmentsSink sink(detectors());
  for (const auto& record : records) SAFELIGHT_CHECK(sink.record(encode(record), std::nullopt));
  return std::move(sink).finish();
}

Error error_of(const std::vector<SynthesisRecord>& records) {
  const auto result = taken(records);
  return result ? Error{ErrorCode::not_found, "no error"} : result.error();
}

TEST(AssessmentsSink, TakesEachDetectorInItsTurn) {
  const auto result = taken({WorkBegun{}, WorkBegun{0}, said(0, 5), WorkBegun{1}, said(1, 6)});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->by_detector.size(), 2u);
  EXPECT_EQ(result->by_detector[0].score, 5);
  EXPECT_EQ(result->by_detector[1].score, 6);
  EXPECT_EQ(taken({WorkBegun{}, NotApplicable{"too small"}})->not_applicable, "too small");
}

TEST(AssessmentsSink, WhatIsMissingIsAnError) {
  const Error missing = {ErrorCode::malformed, "synthesis-record.missing"};
  EXPECT_EQ(error_of({}), missing);
  EXPECT_EQ(error_of({WorkBegun{}, WorkBegun{0}, said(0, 5), WorkBegun{1}}), missing);
}

TEST(AssessmentsSink, WhatIsOutOfPlaceIsRefused) {
  EXPECT_EQ(error_of({Description{}}), kOutOfPlace);
  EXPECT_EQ(error_of({WorkBegun{}, WorkBegun{}}), kOutOfPlace);
  EXPECT_EQ(error_of({WorkBegun{1}}), kOutOfPlace);
  EXPECT_EQ(error_of({said(0, 1), said(1, 1), WorkBegun{2}}), kOutOfPlace);
  EXPECT_EQ(error_of({said(0, 1), said(1, 1), said(1, 1)}), kOutOfPlace);
  EXPECT_EQ(error_of({said(0, 1), NotApplicable{"x"}}), kOutOfPlace);
  EXPECT_EQ(error_of({NotApplicable{"x"}, said(0, 1)}), kOutOfPlace);
  EXPECT_EQ(error_of({NotApplicable{"x"}, NotApplicable{"x"}}), kOutOfPlace);
}

TEST(AssessmentsSink, AnotherDetectorThanTheOneWhoseTurnItIsIsAChange) {
  const Error changed = {ErrorCode::changed, "synthesis.detectors"};
  EXPECT_EQ(error_of({said(1, 1)}), changed);
  DetectorRecord other_model = said(0, 1);
  other_model.detector.model.bytes[0] = 1;
  EXPECT_EQ(error_of({other_model}), changed);
}

TEST(AssessmentsSink, SaysWhatTheWorkerDidLast) {
  AssessmentsSink sink(detectors());
  EXPECT_EQ(sink.work("jpeg_30"), "decoding");
  ASSERT_TRUE(sink.record(encode(SynthesisRecord(WorkBegun{})), std::nullopt));
  EXPECT_EQ(sink.work("jpeg_30"), "condition jpeg_30");
  ASSERT_TRUE(sink.record(encode(SynthesisRecord(WorkBegun{0})), std::nullopt));
  EXPECT_EQ(sink.work("jpeg_30"), "the detector first, condition jpeg_30");
}

}  // namespace
}  // namespace safelight::synthesis
