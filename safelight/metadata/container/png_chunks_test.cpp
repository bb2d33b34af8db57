#include "safelight/metadata/container/png_chunks.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

PngChunks walk(std::string_view file) { return png_chunks(bytes_of(file), {}); }

TEST(PngChunks, GivesTheirPlacesUpToTheEnd) {
  const std::string file = png_file(png_chunk("tEXt", "a")) + "trailing";
  const auto out = walk(file);
  ASSERT_EQ(out.chunks.size(), 3u);
  EXPECT_EQ(out.chunks[0].type, "IHDR");
  EXPECT_EQ(out.chunks[1].type, "tEXt");
  EXPECT_EQ(out.chunks[1].offset_bytes, 33u);
  EXPECT_EQ(out.chunks[1].data, (ByteRange{41, 1}));
  EXPECT_EQ(out.find("IEND"), &out.chunks[2]);
  EXPECT_EQ(out.find("eXIf"), nullptr);
  EXPECT_EQ(out.end_offset_bytes, file.size() - 8);
  EXPECT_FALSE(out.damage);
}

TEST(PngChunks, TellsAChecksumThatDoesNotFit) {
  std::string file = png_file(png_chunk("tEXt", "a"));
  EXPECT_TRUE(png_checksum_fits(bytes_of(file), walk(file).chunks[1]));
  file[41] = 'b';
  EXPECT_FALSE(png_checksum_fits(bytes_of(file), walk(file).chunks[1]));
}

TEST(PngChunks, KeepWhatStoodBeforeAtEveryTruncation) {
  const std::string file = png_file("");
  for (size_t size = 0; size < file.size(); ++size) {
    const auto out = walk(std::string_view(file).substr(0, size));
    ASSERT_TRUE(out.damage) << size;
    EXPECT_EQ(out.damage->code, ErrorCode::truncated) << size;
    EXPECT_EQ(out.chunks.size(), size < 33 ? 0 : 1) << size;
    EXPECT_FALSE(out.end_offset_bytes);
  }
}

TEST(PngChunks, RefuseAnotherSignatureAndAnImpossibleLength) {
  EXPECT_EQ(walk("\x89PNG\r\n\n\n").damage, Error::at(ErrorCode::malformed, "png.signature", 0));
  EXPECT_EQ(walk(std::string(kPngSignature) + "\x80" + std::string(20, 'x')).damage,
            Error::at(ErrorCode::malformed, "png.chunk-length", 8));
}

TEST(PngChunks, StopAtTheirLimit) {
  const std::string file = png_file("");
  const auto out = png_chunks(bytes_of(file), {.max_segments = 1});
  EXPECT_EQ(out.chunks.size(), 1u);
  EXPECT_EQ(out.damage, Error::at(ErrorCode::limit_exceeded, "max_segments", 33));
}

}  // namespace
}  // namespace safelight::metadata
