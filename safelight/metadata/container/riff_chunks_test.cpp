#include "safelight/metadata/container/riff_chunks.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

RiffChunks walk(std::string_view file) { return riff_chunks(bytes_of(file), {}); }

TEST(RiffChunks, GivesTheirPlacesAndPassesOverPadding) {
  const std::string file =
      riff_file("WEBP", riff_chunk("VP8 ", "odd") + riff_chunk("EXIF", "even")) + "trailing";
  const auto out = walk(file);
  EXPECT_EQ(out.form, "WEBP");
  ASSERT_EQ(out.chunks.size(), 2u);
  EXPECT_EQ(out.chunks[0].offset_bytes, 12u);
  EXPECT_EQ(out.chunks[0].data, (ByteRange{20, 3}));
  EXPECT_EQ(text_at(bytes_of(file), out.find("EXIF")->data), "even");
  EXPECT_EQ(out.find("XMP "), nullptr);
  EXPECT_EQ(out.end_offset_bytes, file.size() - 8);
  EXPECT_FALSE(out.damage);
}

TEST(RiffChunks, GivesTheChunksOfAListOnDemand) {
  const std::string file = riff_file("AVI ", riff_chunk("LIST", "INFO" + riff_chunk("ISFT", "x")));
  const auto out = walk(file);
  const auto list = riff_list(bytes_of(file), *out.find("LIST"), {});
  EXPECT_EQ(list.form, "INFO");
  ASSERT_EQ(list.chunks.size(), 1u);
  EXPECT_EQ(text_at(bytes_of(file), list.chunks[0].data), "x");
}

TEST(RiffChunks, TakesALastChunkWithoutPadding) {
  std::string file = riff_file("WEBP", riff_chunk("XMP ", "odd"));
  file.pop_back();
  file[4] = static_cast<char>(file.size() - 8);
  const auto out = walk(file);
  EXPECT_EQ(out.chunks.size(), 1u);
  EXPECT_FALSE(out.damage);
  EXPECT_EQ(out.end_offset_bytes, file.size());
}

TEST(RiffChunks, KeepWhatStoodBeforeAtEveryTruncation) {
  const std::string file = riff_file("WEBP", riff_chunk("EXIF", "even") + riff_chunk("XMP ", "xx"));
  for (size_t size = 0; size < file.size(); ++size) {
    const auto out = walk(std::string_view(file).substr(0, size));
    ASSERT_TRUE(out.damage) << size;
    EXPECT_EQ(out.damage->code, ErrorCode::truncated) << size;
    EXPECT_LE(out.damage->offset_bytes, size);
    EXPECT_EQ(out.chunks.size(), size < 24 ? 0 : 1) << size;
  }
}

TEST(RiffChunks, RefuseAnotherSignature) {
  EXPECT_EQ(walk("RIFX").damage, Error::at(ErrorCode::malformed, "riff.signature", 0));
}

TEST(RiffChunks, StopAtTheirLimit) {
  const std::string file = riff_file("WEBP", riff_chunk("EXIF", "even") + riff_chunk("XMP ", "xx"));
  const auto out = riff_chunks(bytes_of(file), {.max_segments = 1});
  EXPECT_EQ(out.chunks.size(), 1u);
  EXPECT_EQ(out.damage, Error::at(ErrorCode::limit_exceeded, "max_segments", 24));
}

}  // namespace
}  // namespace safelight::metadata
