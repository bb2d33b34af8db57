#include "safelight/metadata/container/gif_blocks.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

using Kind = GifBlock::Kind;

GifBlocks walk(std::string_view file) { return gif_blocks(bytes_of(file), {}); }

std::string sample() {
  return gif_file(gif_extension(0xfe, gif_sub_blocks("note")) +
                  gif_extension(0xff,
                                "\x0b"
                                "NETSCAPE2.0" +
                                    gif_sub_blocks("loop")));
}

TEST(GifBlocks, GivesKindsAndPlaces) {
  const std::string file = sample() + "trailing";
  const auto out = walk(file);
  ASSERT_EQ(out.blocks.size(), 5u);
  EXPECT_EQ(out.blocks[0].whole, (ByteRange{0, 13}));
  EXPECT_EQ(out.blocks[1].kind, Kind::comment);
  EXPECT_EQ(out.blocks[1].whole, (ByteRange{13, 8}));
  EXPECT_EQ(out.blocks[1].sub_blocks, (ByteRange{15, 6}));
  EXPECT_EQ(out.blocks[2].kind, Kind::application);
  EXPECT_EQ(out.blocks[2].application, "NETSCAPE2.0");
  EXPECT_EQ(out.blocks[3].kind, Kind::image);
  EXPECT_EQ(out.blocks[4].kind, Kind::trailer);
  EXPECT_EQ(out.end_offset_bytes, file.size() - 8);
  EXPECT_FALSE(out.damage);
}

TEST(GifBlocks, JoinSubBlocks) {
  const std::string data(700, 'x');
  const std::string file = gif_file(gif_extension(0xfe, gif_sub_blocks(data)));
  const auto out = walk(file);
  const auto joined = join_sub_blocks(bytes_of(file), out.blocks[1].sub_blocks, {});
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->size(), 700u);
  EXPECT_EQ(
      join_sub_blocks(bytes_of(file), out.blocks[1].sub_blocks, {.max_joined_bytes = 700}).error(),
      Error::at(ErrorCode::limit_exceeded, "max_joined_bytes", 15));
}

TEST(GifBlocks, KeepWhatStoodBeforeAtEveryTruncation) {
  const std::string file = sample();
  for (size_t size = 0; size < file.size(); ++size) {
    const auto out = walk(std::string_view(file).substr(0, size));
    ASSERT_TRUE(out.damage) << size;
    EXPECT_EQ(out.damage->code, ErrorCode::truncated) << size;
    EXPECT_EQ(out.blocks.size(), size < 13   ? 0
                                 : size < 21 ? 1
                                 : size < 41 ? 2
                                 : size < 58 ? 3
                                             : 4)
        << size;
  }
}

TEST(GifBlocks, RefuseAnotherSignatureAndAnUnknownBlock) {
  EXPECT_EQ(walk("GIF90a").damage, Error::at(ErrorCode::malformed, "gif.signature", 0));
  EXPECT_EQ(walk(gif_file("?")).damage, Error::at(ErrorCode::malformed, "gif.block", 13));
}

TEST(GifBlocks, StopAtTheirLimit) {
  const auto out = gif_blocks(bytes_of(sample()), {.max_segments = 1});
  EXPECT_EQ(out.damage, Error::at(ErrorCode::limit_exceeded, "max_segments", 13));
}

}  // namespace
}  // namespace safelight::metadata
