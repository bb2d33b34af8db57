#include "safelight/scan/list_matching.h"

#include <gtest/gtest.h>

namespace safelight::scan {
namespace {

casefile::Examination picture(uint32_t width, uint32_t height) {
  casefile::Examination examination;
  examination.width = width;
  examination.height = height;
  return examination;
}

TEST(AllOrientations, AutomaticAsksForMorePixelsTheLargerTheLists) {
  constexpr auto kAutomatic = OrientationChoice::automatic;
  EXPECT_EQ(all_orientations_from_pixels(kAutomatic, 0), 0u);
  EXPECT_EQ(all_orientations_from_pixels(kAutomatic, 5'000'000), 0u);
  EXPECT_EQ(all_orientations_from_pixels(kAutomatic, 5'000'001), 100'000u);
  EXPECT_EQ(all_orientations_from_pixels(kAutomatic, 10'000'000), 200'000u);
}

TEST(AllOrientations, TheOtherChoicesHoldForEveryPicture) {
  const ListMatching all(std::make_unique<LiveLists>(), 31, OrientationChoice::all);
  EXPECT_TRUE(all.looks_up_all_orientations(picture(1, 1)));
  EXPECT_EQ(all.orientations_text(), "all");
  const ListMatching original(std::make_unique<LiveLists>(), 31, OrientationChoice::original);
  EXPECT_FALSE(original.looks_up_all_orientations(picture(60'000, 60'000)));
  EXPECT_EQ(original.orientations_text(), "original");
}

}  // namespace
}  // namespace safelight::scan
