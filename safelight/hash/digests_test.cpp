#include "safelight/hash/digests.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

TEST(Digest, TextReadsBackInEitherCase) {
  const auto lower = parse_hex<Md5>("d41d8cd98f00b204e9800998ecf8427e");
  const auto upper = parse_hex<Md5>("D41D8CD98F00B204E9800998ECF8427E");
  ASSERT_TRUE(lower);
  EXPECT_EQ(*lower, *upper);
  EXPECT_EQ(to_hex(*lower), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(Digest, RefusesAWrongLengthOrDigit) {
  EXPECT_EQ(parse_hex<Md5>("d41d").error().rule, "hex.length");
  EXPECT_EQ(parse_hex<Sha1>("zz39a3ee5e6b4b0d3255bfef95601890afd80709").error(),
            Error::at(ErrorCode::malformed, "hex.digit", 0));
}

}  // namespace
}  // namespace safelight
