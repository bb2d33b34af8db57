#include "safelight/evidence/origin.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

Origin sample() {
  return {"S1",
          {{StepKind::directory_entry, 0, 0, "holiday/photos.zip"},
           {StepKind::archive_member, 3, 1234, "beach\xff.gif"},
           {StepKind::embedded_picture, 1, 0, "frame 2"}}};
}

TEST(Origin, EncodingReadsBack) {
  const auto bytes = encode(sample());
  const auto origin = decode_origin(bytes);
  ASSERT_TRUE(origin);
  EXPECT_EQ(*origin, sample());
}

TEST(Origin, EveryTruncationIsRefused) {
  const auto bytes = encode(sample());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto origin = decode_origin(std::span(bytes).first(length));
    ASSERT_FALSE(origin) << length;
    EXPECT_EQ(origin.error().code, ErrorCode::truncated) << length;
  }
}

TEST(Origin, AWrongTagKindOrTrailingByteIsRefused) {
  auto bytes = encode(sample());
  bytes.push_back(std::byte{0});
  EXPECT_EQ(decode_origin(bytes).error().rule, "origin.trailing-bytes");
  bytes = encode(sample());
  bytes[0] = std::byte{'X'};
  EXPECT_EQ(decode_origin(bytes).error(), Error::at(ErrorCode::malformed, "origin.tag", 0));
  bytes = encode(sample());
  bytes[14] = std::byte{9};
  EXPECT_EQ(decode_origin(bytes).error(), Error::at(ErrorCode::malformed, "origin.step-kind", 14));
}

TEST(Origin, IsShownAsAPathThatHidesNothing) {
  EXPECT_EQ(display_path(sample()), "holiday/photos.zip!beach\\xff.gif#frame 2");
  EXPECT_EQ(escape_name("a\\b\n\xe2\x80\xae"
                        "gpj"),
            "a\\\\b\\x0a\\xe2\\x80\\xaegpj");
  EXPECT_EQ(escape_name("Gr\xc3\xbc\xc3\x9f"
                        "e \xf0\x9f\x8c\x84"),
            "Gr\xc3\xbc\xc3\x9f"
            "e \xf0\x9f\x8c\x84");
  EXPECT_EQ(escape_name("\xd8\x9c"
                        "\xf3\xa0\x81\xa1"),
            "\\xd8\\x9c\\xf3\\xa0\\x81\\xa1");
  EXPECT_EQ(escape_name("\xc0\x80\xed\xa0\x80"), "\\xc0\\x80\\xed\\xa0\\x80");
}

}  // namespace
}  // namespace safelight
