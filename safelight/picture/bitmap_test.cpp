#include "safelight/picture/bitmap.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

TEST(Bitmap, IsAFileOfWholeRowsFromTheTop) {
  const Picture picture = {{2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  std::vector<std::byte> file(bitmap_bytes(picture.shape), std::byte{0xff});
  ASSERT_EQ(file.size(), 54u + 16);
  write_bitmap(picture, file);
  const std::vector<int> rows = {3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0};
  for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(std::to_integer<int>(file[54 + i]), rows[i]);
  EXPECT_EQ(std::to_integer<char>(file[0]), 'B');
  // The height is -2.
  EXPECT_EQ(std::to_integer<int>(file[22]), 0xfe);
  EXPECT_EQ(std::to_integer<int>(file[25]), 0xff);
}

TEST(Bitmap, GreyBecomesThreeEqualChannels) {
  const Picture picture = {{1, 1, 1}, {7}};
  std::vector<std::byte> file(bitmap_bytes(picture.shape));
  write_bitmap(picture, file);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(std::to_integer<int>(file[54 + i]), 7);
}

TEST(Bitmap, ShapesThatItCannotHoldHaveNoSize) {
  EXPECT_EQ(bitmap_bytes({0, 1, 3}), 0u);
  EXPECT_EQ(bitmap_bytes({1, 0, 3}), 0u);
  EXPECT_EQ(bitmap_bytes({1, 1, 4}), 0u);
  EXPECT_EQ(bitmap_bytes({1u << 31, 1, 3}), 0u);
  EXPECT_EQ(bitmap_bytes({65'535, 65'535, 3}), 0u);
  EXPECT_GT(bitmap_bytes({30'000, 30'000, 3}), 0u);
}

}  // namespace
}  // namespace safelight
