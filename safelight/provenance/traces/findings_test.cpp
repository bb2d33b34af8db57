#include "safelight/provenance/traces/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace safelight::provenance {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

TEST(TraceFinding, IsWeakAndOnlyOfWhatIsPresent) {
  for (const TraceOf what : {TraceOf::aligned_double_jpeg, TraceOf::shifted_double_jpeg,
                             TraceOf::resampling, TraceOf::colour_filter_array}) {
    const auto finding = trace_finding(what, traces::decided(12.5, 6));
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->grade, Grade::weak);
    EXPECT_THAT(finding->fields, Contains(Pair("statistic", "12.5")));
    EXPECT_THAT(finding->fields, Contains(Pair("threshold", "6")));
    EXPECT_FALSE(trace_finding(what, traces::decided(5, 6)));
    EXPECT_FALSE(trace_finding(what, traces::not_assessable("too small")));
  }
}

TEST(TraceFinding, HasAKindForEachTrace) {
  const traces::Trace trace = traces::decided(1, 1);
  EXPECT_EQ(trace_finding(TraceOf::aligned_double_jpeg, trace)->kind, "saved_twice");
  EXPECT_EQ(trace_finding(TraceOf::shifted_double_jpeg, trace)->kind, "saved_before_cropping");
  EXPECT_EQ(trace_finding(TraceOf::resampling, trace)->kind, "resampled");
  EXPECT_EQ(trace_finding(TraceOf::colour_filter_array, trace)->kind, "colour_filter_pattern");
}

TEST(JpegStructureFinding, SaysTheQualityWhereTheTablesAreExact) {
  traces::JpegStructure structure;
  structure.process = traces::JpegProcess::baseline;
  structure.quality = traces::IjgQuality{92, true, 0};
  structure.markers = "SOI EOI";
  structure.adobe = true;
  const Finding finding = jpeg_structure_finding(structure);
  EXPECT_EQ(finding.grade, Grade::fact);
  EXPECT_THAT(finding.statement, HasSubstr("at quality 92."));
  EXPECT_THAT(finding.fields, Contains(Pair("ijg_quality", "92")));
  EXPECT_THAT(finding.fields, Contains(Pair("adobe_segment", "yes")));
  EXPECT_THAT(finding.fields, Not(Contains(Key("ducky_segment"))));
}

TEST(JpegStructureFinding, SaysTheNearestQualityWhereTheyAreNot) {
  traces::JpegStructure structure;
  structure.process = traces::JpegProcess::progressive;
  structure.quality = traces::IjgQuality{88, false, 1.25};
  const Finding finding = jpeg_structure_finding(structure);
  EXPECT_THAT(finding.statement, HasSubstr("(nearest: quality 88)"));
  EXPECT_THAT(finding.fields, Contains(Pair("mean_difference", "1.25")));
  EXPECT_THAT(jpeg_structure_finding({}).statement, HasSubstr("cannot be compared"));
}

}  // namespace
}  // namespace safelight::provenance
