#include "safelight/lists/internal/formats/text_stream.h"

#include <gtest/gtest.h>

#include "safelight/lists/internal/collecting_sink.h"

namespace safelight::lists {
namespace {

std::string all_of(std::string_view bytes, uint64_t* replaced = nullptr) {
  const MemorySource source = source_of(bytes);
  TextStream stream(source);
  std::string text;
  while (*stream.next_chunk()) text += stream.chunk();
  if (replaced != nullptr) *replaced = stream.replaced_bytes();
  return text;
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit & 0xff);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

TEST(TextStream, DropsTheByteOrderMark) {
  EXPECT_EQ(all_of("\xef\xbb\xbf"
                   "abc"),
            "abc");
  EXPECT_EQ(all_of(utf16(u"\ufeffab\u00e9\U0001f304", false)), "ab\xc3\xa9\xf0\x9f\x8c\x84");
  EXPECT_EQ(all_of(utf16(u"\ufeffab\u00e9\U0001f304", true)), "ab\xc3\xa9\xf0\x9f\x8c\x84");
  EXPECT_EQ(all_of(""), "");
  EXPECT_EQ(all_of("\xef\xbb\xbf"), "");
}

TEST(TextStream, ReplacesWhatIsIllFormedAndCountsIt) {
  uint64_t replaced = 0;
  EXPECT_EQ(all_of("a\xff"
                   "b\xc3",
                   &replaced),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd");
  EXPECT_EQ(replaced, 2u);
  EXPECT_EQ(all_of("\xed\xa0\x80", &replaced), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(
      all_of(std::string("\xff\xfe\x00\xd8", 4) + "a" + std::string(1, '\0') + "b", &replaced),
      "\xef\xbf\xbd"
      "a"
      "\xef\xbf\xbd");
  EXPECT_EQ(replaced, 3u);
}

TEST(TextStream, ASequenceAcrossTwoReadsStaysWhole) {
  for (size_t shift = 0; shift < 4; ++shift) {
    std::string text(TextStream::kReadBytes - 4 + shift, 'x');
    text += "\xf0\x9f\x8c\x84 and more";
    uint64_t replaced = 0;
    EXPECT_EQ(all_of(text, &replaced), text) << shift;
    EXPECT_EQ(replaced, 0u) << shift;
  }
}

TEST(LineReader, GivesNumberAndOffsetOfEachLine) {
  const MemorySource source = source_of("one\r\n\nthree");
  LineReader lines(source, 100);
  TextLine line;
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line.text, "one");
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line.text, "");
  EXPECT_EQ(line.offset_bytes, 5u);
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line.text, "three");
  EXPECT_EQ(line.number, 3u);
  EXPECT_EQ(line.error(ErrorCode::malformed, "x"), Error::at(ErrorCode::malformed, "x", 6));
  EXPECT_FALSE(*lines.next(line));
}

TEST(LineReader, ALineOverTheLimitIsCutAndSaid) {
  const std::string text = std::string(50, 'a') + "\n" + std::string(10, 'b') + "\nend\n";
  const MemorySource source = source_of(text);
  LineReader lines(source, 10);
  TextLine line;
  ASSERT_TRUE(*lines.next(line));
  EXPECT_TRUE(line.too_long);
  EXPECT_EQ(line.text.size(), 10u);
  ASSERT_TRUE(*lines.next(line));
  EXPECT_FALSE(line.too_long);
  EXPECT_EQ(line.text, std::string(10, 'b'));
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line.text, "end");
}

TEST(LineReader, LinesAcrossReadsAreJoined) {
  std::string text;
  std::vector<std::string> wanted;
  for (size_t i = 0; text.size() < 3 * TextStream::kReadBytes; ++i) {
    wanted.emplace_back(1 + i * 37 % 5'000, static_cast<char>('a' + i % 26));
    text += wanted.back() + "\n";
  }
  const MemorySource source = source_of(text);
  LineReader lines(source, 1u << 20);
  TextLine line;
  uint64_t offset = 0;
  for (const std::string& expected : wanted) {
    ASSERT_TRUE(*lines.next(line));
    ASSERT_EQ(line.text, expected);
    ASSERT_EQ(line.offset_bytes, offset);
    offset += expected.size() + 1;
  }
  EXPECT_FALSE(*lines.next(line));
}

}  // namespace
}  // namespace safelight::lists
