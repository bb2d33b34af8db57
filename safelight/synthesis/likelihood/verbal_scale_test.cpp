#include "safelight/synthesis/likelihood/verbal_scale.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace safelight::synthesis {
namespace {

TEST(VerbalScale, HasTheGuidelinesRanges) {
  const auto of_ratio = [](double lr) { return to_text(support_of(std::log10(lr))); };
  EXPECT_EQ(of_ratio(1), "none");
  EXPECT_EQ(of_ratio(1.9), "none");
  EXPECT_EQ(of_ratio(2), "weak");
  EXPECT_EQ(of_ratio(9.9), "weak");
  EXPECT_EQ(of_ratio(11), "moderate");
  EXPECT_EQ(of_ratio(101), "moderately strong");
  EXPECT_EQ(of_ratio(1001), "strong");
  EXPECT_EQ(of_ratio(10001), "very strong");
  EXPECT_EQ(of_ratio(1e6 + 1), "extremely strong");
  EXPECT_EQ(of_ratio(std::numeric_limits<double>::infinity()), "extremely strong");
  EXPECT_EQ(of_ratio(0), "extremely strong");
}

TEST(VerbalScale, ARatioAtASharedEndIsInTheWeakerRange) {
  EXPECT_EQ(support_of(1), Support::weak);
  EXPECT_EQ(support_of(2), Support::moderate);
  EXPECT_EQ(support_of(3), Support::moderately_strong);
  EXPECT_EQ(support_of(4), Support::strong);
  EXPECT_EQ(support_of(6), Support::very_strong);
}

TEST(VerbalScale, IsTheSameForBothPropositions) {
  for (double x = 0; x < 8; x += 0.1) EXPECT_EQ(support_of(x), support_of(-x));
}

TEST(VerbalScale, NamesBothPropositions) {
  EXPECT_EQ(in_words(1.5),
            "moderate support for a camera capture rather than a wholly generated picture");
  EXPECT_EQ(in_words(-2.5),
            "moderately strong support for a wholly generated picture rather than a camera "
            "capture");
  EXPECT_EQ(in_words(0.1),
            "no support for a camera capture or a wholly generated picture over the other");
}

}  // namespace
}  // namespace safelight::synthesis
