#include "safelight/synthesis/fusion/fusion.h"

#include <array>
#include <gtest/gtest.h>

namespace safelight::synthesis {
namespace {

Fusion two() {
  Fusion out;
  out.members = {{{"a", {}, {}}, {{0, -1}, {-1, 2}}, 0.5}, {{"b", {}, {}}, {{1, -2}, {-3, 3}}, 2}};
  out.members[1].detector.model.bytes[0] = 1;
  out.offset = 0.25;
  return out;
}

TEST(Fusion, WeighsTheBoundedRatiosOfItsMembers) {
  // log10 LRs: 0.5 and -1; then 2, of -1 * -5 = 5, and -3, of 1 - 2 * 9 = -17.
  EXPECT_DOUBLE_EQ(two().score(std::array{-0.5, 1.0}), -(0.25 + 0.5 * 0.5 - 2 * 1));
  EXPECT_DOUBLE_EQ(two().score(std::array{-5.0, 9.0}), -(0.25 + 0.5 * 2 - 2 * 3));
}

TEST(Fusion, IsKnownByItsMembersAndNumbers) {
  const DetectorIdentity identity = two().identity();
  EXPECT_EQ(identity.name, "fusion of a + b");
  EXPECT_TRUE(two().identity().scores_as(identity));
  const auto differs = [&](auto change) {
    Fusion other = two();
    change(other);
    return !other.identity().scores_as(identity);
  };
  EXPECT_TRUE(differs([](Fusion& other) { other.offset += 1e-9; }));
  EXPECT_TRUE(differs([](Fusion& other) { other.members[0].weight = 0.6; }));
  EXPECT_TRUE(differs([](Fusion& other) { other.members[0].calibration.line.offset = 1; }));
  EXPECT_TRUE(differs([](Fusion& other) { other.members[0].calibration.line.slope = 1; }));
  EXPECT_TRUE(differs([](Fusion& other) { other.members[1].calibration.bounds.lower_log10 = 0; }));
  EXPECT_TRUE(differs([](Fusion& other) { other.members[1].calibration.bounds.upper_log10 = 0; }));
  EXPECT_TRUE(differs([](Fusion& other) { other.members[1].detector.model.bytes[9] = 1; }));
  EXPECT_TRUE(differs([](Fusion& other) { other.members[1].detector.preprocessing.bytes[9] = 1; }));
  EXPECT_FALSE(differs([](Fusion& other) { other.members[1].detector.name = "c"; }));
}

TEST(Fusion, ALongNameIsCounted) {
  Fusion fusion = two();
  fusion.members[0].detector.name.assign(120, 'x');
  EXPECT_EQ(fusion.identity().name, "fusion of 2 detectors");
}

TEST(Fusion, AMemberThatIsWeighedAgainstItselfIsSeen) {
  EXPECT_TRUE(two().weighs_as_declared());
  Fusion fusion = two();
  fusion.members[1].weight = -0.1;
  EXPECT_FALSE(fusion.weighs_as_declared());
  fusion = two();
  fusion.members[0].calibration.line.slope = 1;
  EXPECT_FALSE(fusion.weighs_as_declared());
}

}  // namespace
}  // namespace safelight::synthesis
