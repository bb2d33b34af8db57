#include "safelight/synthesis/likelihood/fit/standardisation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace safelight::synthesis {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

TEST(Standardisation, BringsEachFeatureToMeanZeroAndDeviationOne) {
  const std::vector<double> features{1, 10, 3, 30, 5, 20, 7, 40};
  const auto standard = standardisation_of(features, 2);
  ASSERT_TRUE(standard);
  EXPECT_THAT(standard->mean, ElementsAre(4, 25));
  EXPECT_THAT(standard->scale,
              ElementsAre(DoubleNear(2.2360679775, 1e-9), DoubleNear(11.180339887, 1e-8)));
  std::vector<double> row{9, 25};
  standard->apply(row);
  EXPECT_THAT(row, ElementsAre(DoubleNear(2.2360679775, 1e-9), 0));
}

TEST(Standardisation, AFeatureThatNeverVariesKeepsItsScale) {
  const std::vector<double> features(7, 0.1);
  const auto standard = standardisation_of(features, 1);
  ASSERT_TRUE(standard);
  EXPECT_THAT(standard->scale, ElementsAre(1));
}

TEST(Standardisation, RefusesWhatIsNotFinite) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e308}) {
    const std::vector<double> features{0, bad, 1, -bad};
    const auto standard = standardisation_of(features, 1);
    ASSERT_FALSE(standard);
    EXPECT_EQ(standard.error(), (Error{ErrorCode::malformed, "standardisation.not-finite"}));
  }
}

}  // namespace
}  // namespace safelight::synthesis
