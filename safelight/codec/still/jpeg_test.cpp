#include "safelight/codec/still/jpeg.h"

#include <gtest/gtest.h>

#include "safelight/codec/still/jpeg_encode_for_test.h"

namespace safelight::codec {
namespace {

TEST(Jpeg, GivesShapeAndNearestOfAnOrdinaryPicture) {
  const EncodeOptions options{.width = 600, .height = 40};
  const auto file = test_jpeg(Content::natural, options, 1);
  const auto decoded = decode_jpeg(file, {});
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->shape, (PictureShape{600, 40, 3}));
  EXPECT_EQ(decoded->nearest.shape, (PictureShape{512, 512, 3}));
  EXPECT_FALSE(decoded->incomplete);
}

}  // namespace
}  // namespace safelight::codec
