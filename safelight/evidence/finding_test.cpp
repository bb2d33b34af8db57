#include "safelight/evidence/finding.h"

#include <gtest/gtest.h>

#include "safelight/evidence/hit.h"

namespace safelight {
namespace {

TEST(Finding, StatesAnErrorWithRuleAndOffset) {
  const Finding finding = coverage_finding(Coverage::partial, "picture",
                                           Error::near(ErrorCode::truncated, "jpeg.data", 4096));
  EXPECT_EQ(finding.kind, "partly_examined");
  EXPECT_EQ(finding.statement,
            "picture could be examined only in part: truncated (jpeg.data) after about 4096 bytes");
  EXPECT_EQ(finding.place.offset_kind, OffsetKind::approximate);
}

TEST(Finding, EveryNameReadsBack) {
  for (int i = 0; i <= static_cast<int>(Grade::contradicted); ++i) {
    EXPECT_EQ(grade_from_text(to_text(static_cast<Grade>(i))), static_cast<Grade>(i));
  }
  for (int i = 0; i <= static_cast<int>(Coverage::none); ++i) {
    EXPECT_EQ(coverage_from_text(to_text(static_cast<Coverage>(i))), static_cast<Coverage>(i));
  }
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(*disposition_from_text(to_text(static_cast<Disposition>(i))),
              static_cast<Disposition>(i));
    EXPECT_EQ(*match_kind_from_text(to_text(static_cast<MatchKind>(i))), static_cast<MatchKind>(i));
  }
}

TEST(Disposition, TheGraverIsTheGreater) {
  EXPECT_LT(Disposition::ordinary, Disposition::review);
  EXPECT_LT(Disposition::review, Disposition::known);
}

}  // namespace
}  // namespace safelight
