#include "safelight/synthesis/likelihood/proposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace safelight::synthesis {
namespace {

using testing::ElementsAre;

const std::vector<double> kValues{1, 2, 3, 4};
const std::vector<Proposition> kLabels{Proposition::camera, Proposition::generated,
                                       Proposition::generated, Proposition::camera};

TEST(ByClass, KeepsTheOrderOfEachClass) {
  const TwoClassValues values = by_class(kValues, kLabels);
  EXPECT_THAT(values.camera, ElementsAre(1, 4));
  EXPECT_THAT(values.generated, ElementsAre(2, 3));
}

TEST(ByClass, TakesTheRowsGivenAsOftenAsTheyAreGiven) {
  const std::vector<size_t> rows{3, 1, 1, 0, 3};
  const TwoClassValues values = by_class(kValues, kLabels, rows);
  EXPECT_THAT(values.camera, ElementsAre(4, 1, 4));
  EXPECT_THAT(values.generated, ElementsAre(2, 2));
}

TEST(LacksClassOrHasNan, LooksAtBothClasses) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(lacks_class_or_has_nan(TwoClassValues{{-infinity}, {infinity}}));
  EXPECT_TRUE(lacks_class_or_has_nan(TwoClassValues{{}, {1}}));
  EXPECT_TRUE(lacks_class_or_has_nan(TwoClassValues{{1}, {}}));
  EXPECT_TRUE(lacks_class_or_has_nan(TwoClassValues{{1, nan}, {1}}));
  EXPECT_TRUE(lacks_class_or_has_nan(TwoClassValues{{1}, {nan, 1}}));
}

}  // namespace
}  // namespace safelight::synthesis
