#include "safelight/metadata/text/png_text.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

using namespace std::string_literals;

PngTexts read(std::string_view file, const MetadataLimits& limits = {}) {
  return read_png_texts(bytes_of(file), png_chunks(bytes_of(file), limits), limits);
}

TEST(PngText, ReadsAllThreeKinds) {
  const std::string file = png_file(png_chunk("tEXt", "parameters\0a b"s) +
                                    png_chunk("zTXt", "workflow\0\0"s + deflated("{}")) +
                                    png_chunk("iTXt", "Title\0\0\0de\0Titel\0\xc3\xa4"s) +
                                    png_chunk("iTXt", "Packed\0\1\0\0\0"s + deflated("text")));
  const auto out = read(file);
  EXPECT_TRUE(out.damage.empty());
  ASSERT_EQ(out.texts.size(), 4u);
  EXPECT_EQ(out.texts[0].keyword, "parameters");
  EXPECT_EQ(out.texts[0].text, "a b");
  EXPECT_EQ(out.texts[0].place, (ByteRange{41, 14}));
  EXPECT_EQ(out.texts[1].keyword, "workflow");
  EXPECT_EQ(out.texts[1].text, "{}");
  EXPECT_TRUE(out.texts[1].compressed);
  EXPECT_EQ(out.texts[2].text, "\xc3\xa4");
  EXPECT_EQ(out.texts[3].text, "text");
  for (const PngText& text : out.texts) EXPECT_TRUE(text.whole && text.checksum_fits);
}

TEST(PngText, ReadsWhatStandsBehindThePicture) {
  const auto out = read(png_file(png_chunk("IDAT", "data") + png_chunk("tEXt", "Software\0x"s)));
  ASSERT_EQ(out.texts.size(), 1u);
  EXPECT_EQ(out.texts[0].text, "x");
}

TEST(PngText, KeepsATextWhoseChecksumDoesNotFit) {
  std::string file = png_file(png_chunk("tEXt", "key\0text"s));
  file[45] = 'T';
  const auto out = read(file);
  ASSERT_EQ(out.texts.size(), 1u);
  EXPECT_EQ(out.texts[0].text, "Text");
  EXPECT_FALSE(out.texts[0].checksum_fits);
}

TEST(PngText, ABombStaysWithinTheLimit) {
  const std::string bomb = deflated(std::string(8 << 20, 'x'));
  ASSERT_LT(bomb.size() * 500, 8u << 20);
  const auto out =
      read(png_file(png_chunk("zTXt", "bomb\0\0"s + bomb) + png_chunk("tEXt", "later\0kept"s)),
           {.max_text_bytes = 100'000});
  ASSERT_EQ(out.texts.size(), 2u);
  EXPECT_EQ(out.texts[0].text.size(), 100'000u);
  EXPECT_FALSE(out.texts[0].whole);
  EXPECT_EQ(out.texts[1].text, "");
  EXPECT_FALSE(out.texts[1].whole);
  ASSERT_EQ(out.damage.size(), 2u);
  EXPECT_EQ(out.damage[0].rule, "max_text_bytes");
}

TEST(PngText, AHugeChunkStaysWithinTheLimit) {
  const auto out = read(png_file(png_chunk("tEXt", "key\0"s + std::string(17 << 20, 'x'))));
  ASSERT_EQ(out.texts.size(), 1u);
  EXPECT_EQ(out.texts[0].text.size(), MetadataLimits().max_text_bytes);
  EXPECT_FALSE(out.texts[0].whole);
}

TEST(PngText, ATextThatJustFitsIsWhole) {
  for (const std::string& value :
       {"key\0"s + std::string(1000, 'x'), "key\0\0"s + deflated(std::string(1000, 'x'))}) {
    const std::string file = png_file(png_chunk(value[4] == '\0' ? "zTXt" : "tEXt", value));
    EXPECT_TRUE(read(file, {.max_text_bytes = 1000}).texts.at(0).whole);
    EXPECT_FALSE(read(file, {.max_text_bytes = 999}).texts.at(0).whole);
  }
}

TEST(PngText, KeepsWhatDamagedDataGave) {
  const std::string packed = deflated("0123456789" + std::string(1000, 'y') + "abc");
  const auto cut =
      read(png_file(png_chunk("zTXt", "k\0\0"s + packed.substr(0, packed.size() - 6))));
  EXPECT_EQ(cut.texts.at(0).text.substr(0, 10), "0123456789");
  EXPECT_FALSE(cut.texts.at(0).whole);
  EXPECT_EQ(cut.damage.at(0).code, ErrorCode::truncated);
  const auto broken = read(png_file(png_chunk("zTXt", "k\0\0not deflate"s)));
  EXPECT_EQ(broken.damage.at(0).code, ErrorCode::malformed);
}

TEST(PngText, NotesChunksThatBreakTheirForm) {
  const auto rule = [](const std::string& chunk) {
    return read(png_file(chunk)).damage.at(0).rule;
  };
  EXPECT_EQ(rule(png_chunk("tEXt", "no terminator")), "png.text-terminator");
  EXPECT_EQ(rule(png_chunk("iTXt", "k\0\0\0no language"s)), "png.text-terminator");
  EXPECT_EQ(rule(png_chunk("zTXt", "k\0\1data"s)), "png.text-method");
  EXPECT_EQ(rule(png_chunk("iTXt", "k\0"s)), "read past the end");
  EXPECT_EQ(rule(png_chunk("tEXt", std::string(kMaxPngKeywordBytes + 1, 'k') + "\0t"s)),
            "max_png_keyword_bytes");
  EXPECT_EQ(read(png_file(png_chunk("tEXt", std::string(kMaxPngKeywordBytes, 'k') + "\0t"s)))
                .texts.size(),
            1u);
}

TEST(PngText, StandsEveryTruncationOfAChunk) {
  const std::string data = "Packed\0\1\0de\0T\0"s + deflated("text");
  for (size_t size = 0; size < data.size(); ++size) {
    const auto out = read(png_file(png_chunk("iTXt", data.substr(0, size))));
    EXPECT_EQ(out.damage.size(), 1u) << size;
  }
}

TEST(PngText, StopsAtTheLimitOfChunks) {
  const std::string file = png_file(png_chunk("tEXt", "a\0b"s) + png_chunk("tEXt", "c\0d"s));
  const auto out = read(file, {.max_png_texts = 1});
  EXPECT_EQ(out.texts.size(), 1u);
  EXPECT_EQ(out.damage.at(0).rule, "max_png_texts");
}

std::string profile(std::string_view text) {
  const auto out = decode_raw_profile(text);
  return out ? std::string(text_at(*out, {0, out->size()})) : std::string(out.error().rule);
}

TEST(RawProfile, IsDecoded) {
  EXPECT_EQ(profile("\nexif\n       6\n4578\n69660000\n"), "Exif\0\0"s);
  EXPECT_EQ(profile("\nxmp\n 2\n3C3e"), "<>");
  EXPECT_EQ(profile("\nxmp\n0\n"), "");
}

TEST(RawProfile, RefusesWhatIsNone) {
  for (const char* text : {"", "\n", "\nexif", "\nexif\n", "\nexif\nxx\n", "\nexif\n2\n4g45\n",
                           "\nexif\n99999999999999999999\n45", "\nexif\n1000000\n45\n"}) {
    EXPECT_EQ(profile(text), "png.raw-profile") << text;
  }
  EXPECT_EQ(decode_raw_profile("\nexif\n2\n45\n   ").error().code, ErrorCode::truncated);
}

}  // namespace
}  // namespace safelight::metadata
