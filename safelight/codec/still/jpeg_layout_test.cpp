#include <gtest/gtest.h>

#include "safelight/codec/still/jpeg.h"
#include "safelight/codec/still/jpeg_encode_for_test.h"

namespace safelight::codec {
namespace {

TEST(JpegLayout, GivesTheSizeOfAPlainPicture) {
  const auto file = test_jpeg(Content::smooth, {.width = 33, .height = 21}, 1);
  const auto layout = jpeg_layout(file, {});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->width, 33u);
  EXPECT_EQ(layout->height, 21u);
  EXPECT_EQ(layout->exif_orientation, 1);
  EXPECT_TRUE(layout->members.empty());
  EXPECT_TRUE(layout->remarks.empty());
}

}  // namespace
}  // namespace safelight::codec
