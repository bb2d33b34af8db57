#include "safelight/traces/jpeg_structure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"

namespace safelight::traces {
namespace {

using namespace std::string_view_literals;
using testing::EndsWith;
using testing::StartsWith;

Result<JpegStructure> read(std::string_view file) {
  return read_jpeg_structure(std::as_bytes(std::span(file)));
}

std::string segment(uint8_t code, std::string_view payload) {
  const size_t length = payload.size() + 2;
  return std::string{'\xff', static_cast<char>(code), static_cast<char>(length >> 8),
                     static_cast<char>(length)}
      .append(payload);
}

std::string quantisation(uint8_t head, const QuantTable& table) {
  std::string payload(1, static_cast<char>(head));
  for (const uint8_t place : kZigzag) {
    if (head >= 16) payload.push_back(static_cast<char>(table[place] >> 8));
    payload.push_back(static_cast<char>(table[place]));
  }
  return segment(0xdb, payload);
}

constexpr auto kFrame = "\x08\x00\x10\x00\x20\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"sv;
constexpr auto kScan = "\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"sv;

struct FileSpec {
  std::string applications;
  std::string luma = quantisation(0, ijg_luma(80));
  std::string chroma = quantisation(1, ijg_chroma(80));
  std::string frame = segment(0xc0, kFrame);
  std::string huffman;
  std::string scan = segment(0xda, kScan) + std::string("coded\xff\0data\xff\xd0more"sv);
  std::string end = "\xff\xd9";

  [[nodiscard]] std::string text() const {
    return "\xff\xd8" + applications + luma + chroma + frame + huffman + scan + end;
  }
};

TEST(JpegTables, MatchTheLibraryAtEveryQuality) {
  const Picture chart = textured_chart(16, 16, 1);
  for (int quality = 1; quality <= 100; ++quality) {
    const auto structure = read_jpeg_structure(encode_jpeg(chart, {.quality = quality}));
    ASSERT_TRUE(structure) << quality;
    ASSERT_TRUE(structure->quality) << quality;
    EXPECT_EQ(structure->quality->quality, quality);
    EXPECT_TRUE(structure->quality->exact) << quality;
    EXPECT_EQ(structure->tables[0], ijg_luma(quality));
    EXPECT_EQ(structure->tables[2], ijg_chroma(quality));
  }
}

TEST(JpegTables, OtherTablesHaveANearestQualityAndAreNotExact) {
  QuantTable luma = ijg_luma(80);
  luma[5] = static_cast<uint16_t>(luma[5] + 3);
  const std::vector<QuantTable> tables = {luma, ijg_chroma(80), ijg_chroma(80)};
  const IjgQuality match = match_ijg(tables);
  EXPECT_EQ(match.quality, 80);
  EXPECT_FALSE(match.exact);
  EXPECT_DOUBLE_EQ(match.mean_difference, 3.0 / 192);
}

TEST(JpegTables, MixedQualitiesAreNotExact) {
  EXPECT_FALSE(match_ijg(std::vector<QuantTable>{ijg_luma(80), ijg_chroma(85)}).exact);
  EXPECT_TRUE(match_ijg(std::vector<QuantTable>{ijg_luma(80)}).exact);
}

TEST(JpegTables, StepsOver255AreThoseOfFilesThatAreNotBaseline) {
  QuantTable wide{};
  for (size_t i = 0; i < 64; ++i)
    wide[i] = static_cast<uint16_t>((ijg_luma(50)[i] * 2500 + 50) / 100);
  const IjgQuality match = match_ijg(std::vector<QuantTable>{wide});
  EXPECT_EQ(match.quality, 2);
  EXPECT_TRUE(match.exact);
}

TEST(JpegStructure, ReadsWhatTheLibraryWrites) {
  const auto structure =
      read_jpeg_structure(encode_jpeg(textured_chart(48, 32, 1), {.quality = 90}));
  ASSERT_TRUE(structure);
  EXPECT_EQ(structure->process, JpegProcess::baseline);
  EXPECT_FALSE(structure->arithmetic);
  EXPECT_EQ(structure->width, 48);
  EXPECT_EQ(structure->height, 32);
  EXPECT_EQ(structure->sample_bits, 8);
  EXPECT_EQ(structure->subsampling, "4:2:0");
  EXPECT_EQ(structure->huffman, HuffmanTables::standard);
  EXPECT_EQ(structure->markers, "SOI APP0:JFIF DQT DQT SOF0 DHT DHT DHT DHT SOS EOI");
  EXPECT_TRUE(structure->complete);
  EXPECT_FALSE(structure->thumbnail || structure->adobe || structure->ducky);
}

TEST(JpegStructure, TellsOptimisedAndProgressiveFiles) {
  const Picture chart = textured_chart(64, 64, 2);
  const auto optimised = read_jpeg_structure(encode_jpeg(chart, {.optimise = true}));
  EXPECT_EQ(optimised->huffman, HuffmanTables::own);
  EXPECT_EQ(optimised->process, JpegProcess::baseline);
  const auto progressive =
      read_jpeg_structure(encode_jpeg(chart, {.chroma_step = 1, .progressive = true}));
  EXPECT_EQ(progressive->process, JpegProcess::progressive);
  EXPECT_EQ(progressive->subsampling, "4:4:4");
}

TEST(JpegStructure, NamesGreyAndUnusualSampling) {
  EXPECT_EQ(read_jpeg_structure(encode_jpeg(textured_chart(16, 16, 1, 1), {}))->subsampling,
            "grey");
  FileSpec spec;
  std::string frame(kFrame);
  frame[7] = 0x41;
  spec.frame = segment(0xc0, frame);
  EXPECT_EQ(read(spec.text())->subsampling, "4:1:1");
  frame[10] = 0x21;
  spec.frame = segment(0xc0, frame);
  EXPECT_EQ(read(spec.text())->subsampling, "4x1,2x1,1x1");
}

TEST(JpegStructure, ReadsTablesOf16BitsAndThoseBehindTheFrame) {
  FileSpec spec;
  spec.frame += quantisation(0x10, ijg_luma(40));
  const auto structure = read(spec.text());
  ASSERT_TRUE(structure);
  EXPECT_EQ(structure->tables[0], ijg_luma(40));
}

TEST(JpegStructure, HasNoQualityWhereATableIsMissing) {
  FileSpec spec;
  spec.chroma.clear();
  const auto structure = read(spec.text());
  ASSERT_TRUE(structure);
  EXPECT_EQ(structure->tables.size(), 1u);
  EXPECT_FALSE(structure->quality);
}

TEST(JpegStructure, SeesTheSegmentsOfPhotoshop) {
  FileSpec spec;
  spec.applications = segment(0xec, "Ducky\0\x01"sv) + segment(0xee, "Adobe\0d"sv) +
                      segment(0xed,
                              "Photoshop 3.0\0"
                              "8BIM\x04\x04\0\0\0\0\0\0"sv);
  const auto structure = read(spec.text());
  ASSERT_TRUE(structure);
  EXPECT_TRUE(structure->ducky);
  EXPECT_TRUE(structure->adobe);
  EXPECT_TRUE(structure->photoshop_resources);
  EXPECT_FALSE(structure->thumbnail);
  EXPECT_THAT(structure->markers, StartsWith("SOI APP12:Ducky APP14:Adobe APP13:8BIM DQT"));
}

TEST(JpegStructure, SeesThumbnailsOfEachKind) {
  const std::string_view exif_le =
      "Exif\0\0II*\0\x08\0\0\0\0\0\x0e\0\0\0\x01\0\x01\x02\x04\0\x01\0\0\0\0\0\0\0"sv;
  const std::string_view exif_be =
      "Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\x0e\0\x01\x02\x01\0\x04\0\0\0\x01\0\0\0\0"sv;
  const std::string_view photoshop =
      "Photoshop 3.0\0"
      "8BIM\x03\xed\0\0\0\0\0\x01\0\0"
      "8BIM\x04\x0c\0\0\0\0\0\0"sv;
  const std::string_view jfif = "JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02"sv;
  const struct {
    uint8_t code;
    std::string_view payload;
  } kinds[] = {
      {0xe1, exif_le}, {0xe1, exif_be}, {0xed, photoshop}, {0xe0, jfif}, {0xe0, "JFXX\0\x10"sv}};
  for (const auto& kind : kinds) {
    FileSpec spec;
    spec.applications = segment(kind.code, kind.payload);
    EXPECT_TRUE(read(spec.text())->thumbnail) << kind.payload.substr(0, 4);
    // Cut anywhere, the segment has none, or still has; nothing else changes.
    for (size_t size = 0; size < kind.payload.size(); ++size) {
      spec.applications = segment(kind.code, kind.payload.substr(0, size));
      EXPECT_TRUE(read(spec.text())->complete);
    }
  }
}

TEST(JpegStructure, CutShortIsAnErrorBeforeTheScanAndIncompleteBehind) {
  const FileSpec spec;
  const std::string file = spec.text();
  const size_t scan = file.size() - spec.end.size() - spec.scan.size();
  for (size_t size = 0; size < file.size(); ++size) {
    const auto structure = read(std::string_view(file).substr(0, size));
    if (size < scan + segment(0xda, kScan).size()) {
      ASSERT_FALSE(structure) << size;
      EXPECT_EQ(structure.error().code, ErrorCode::truncated) << size;
    } else {
      ASSERT_TRUE(structure) << size;
      EXPECT_FALSE(structure->complete);
    }
  }
  EXPECT_TRUE(read(file)->complete);
}

TEST(JpegStructure, BrokenFieldsAreNamedWithTheirPlace) {
  const auto error_of = [](const FileSpec& spec) { return read(spec.text()).error(); };
  FileSpec slot;
  slot.luma[4] = 0x04;
  EXPECT_EQ(error_of(slot), Error::at(ErrorCode::malformed, "jpeg.quantisation", 7));
  FileSpec precision;
  precision.luma[4] = 0x20;
  EXPECT_EQ(error_of(precision), Error::at(ErrorCode::malformed, "jpeg.quantisation", 7));
  FileSpec length;
  length.luma[3] = 1;
  length.luma[2] = 0;
  EXPECT_EQ(error_of(length), Error::at(ErrorCode::malformed, "jpeg.segment-length", 4));
  FileSpec frame;
  frame.frame = segment(0xc0, "\x08\0\x10\0\x10\0"sv);
  EXPECT_EQ(error_of(frame).rule, "jpeg.frame");
  FileSpec huffman;
  huffman.huffman = segment(0xc4, std::string(1, '\0') + std::string(16, '\x40'));
  EXPECT_EQ(error_of(huffman).rule, "jpeg.huffman");
  EXPECT_EQ(read("\xff\xd9\xff\xd9"sv).error(), Error::at(ErrorCode::malformed, "jpeg.start", 0));
}

TEST(JpegStructure, KeepsAtMostSoManyMarkers) {
  FileSpec spec;
  for (int i = 0; i < 200; ++i) spec.applications += segment(0xfe, "");
  const auto structure = read(spec.text());
  ASSERT_TRUE(structure);
  EXPECT_TRUE(structure->complete);
  EXPECT_THAT(structure->markers, EndsWith("COM ..."));
  EXPECT_EQ(std::count(structure->markers.begin(), structure->markers.end(), ' '),
            static_cast<std::ptrdiff_t>(kMaxMarkers));
}

}  // namespace
}  // namespace safelight::traces
