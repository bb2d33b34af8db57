/// From the bytes of a file through its decoder to findings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <webp/encode.h>

#include "tests/examine_pixels.h"

#include "safelight/codec/still/png/png_encode_for_test.h"
#include "safelight/provenance/marks/marks_for_test.h"
#include "safelight/provenance/watermark/known_marks.h"
#include "safelight/provenance/watermark/mark_encode_for_test.h"
#include "safelight/provenance/watermark/stealth_encode_for_test.h"
#include "safelight/scan/pixel_evidence_for_test.h"
#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"

namespace safelight::scan {
namespace {

using codec::ByteVector;
using marks::field;
using provenance::colour_chart;
using testing::Contains;
using testing::ElementsAre;
using testing::Key;
using testing::Pair;

ByteVector png_of(const Picture& picture) {
  const uint32_t channels = picture.shape.channels;
  return codec::encode_png({.width = picture.shape.width,
                            .height = picture.shape.height,
                            .colour_type = channels == 4   ? PNG_COLOR_TYPE_RGBA
                                           : channels == 3 ? PNG_COLOR_TYPE_RGB
                                                           : PNG_COLOR_TYPE_GRAY,
                            .rows = picture.samples});
}

ByteVector webp_of(const Picture& rgba) {
  WebPConfig config;
  EXPECT_TRUE(WebPConfigInit(&config));
  config.lossless = 1;
  config.exact = 1;
  WebPPicture picture;
  EXPECT_TRUE(WebPPictureInit(&picture));
  picture.use_argb = 1;
  picture.width = static_cast<int>(rgba.shape.width);
  picture.height = static_cast<int>(rgba.shape.height);
  EXPECT_TRUE(WebPPictureImportRGBA(&picture, rgba.samples.data(), picture.width * 4));
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  EXPECT_TRUE(WebPEncode(&config, &picture));
  const auto bytes = std::as_bytes(std::span(writer.mem, writer.size));
  ByteVector file(bytes.begin(), bytes.end());
  WebPMemoryWriterClear(&writer);
  WebPPictureFree(&picture);
  return file;
}

/// A chart in whose alpha a generator's settings are hidden.
Picture with_settings_in_alpha(uint32_t width, uint32_t height) {
  const Picture chart = colour_chart(width, height, 1);
  Picture out;
  out.shape = {width, height, 4};
  for (size_t i = 0; i < chart.samples.size(); ++i) {
    out.samples.push_back(chart.samples[i]);
    if (i % 3 == 2) out.samples.push_back(254);
  }
  provenance::hide(provenance::stealth_bytes("stealth_pngcomp", provenance::gzip(marks::kInfotext)),
                   provenance::StealthCarrier::alpha, width, height,
                   provenance::StealthPixels::rgba, out.samples);
  return out;
}

ByteVector saved(const Picture& picture, int quality, bool progressive = false) {
  return traces::encode_jpeg(picture, {.quality = quality, .progressive = progressive});
}

TEST(PixelEvidenceOfAFile, FindsTextHiddenInAlpha) {
  const Picture picture = with_settings_in_alpha(96, 160);
  for (const ByteVector& file : {png_of(picture), webp_of(picture)}) {
    const PixelEvidence evidence = examine_pixels(file);
    EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "stealth_text", "generator_mark"));
    EXPECT_EQ(said(evidence, "stealth_text"), "present;");
    EXPECT_EQ(field(evidence.findings[1], "carrier"), "alpha;");
    ASSERT_EQ(evidence.prompts.size(), 2u);
    EXPECT_EQ(evidence.prompts[0].text, "a lighthouse on a cliff");
  }
}

TEST(PixelEvidenceOfAFile, FindsTextHiddenInColours) {
  Picture picture = colour_chart(96, 160, 1);
  provenance::hide(provenance::stealth_bytes("stealth_rgbinfo", marks::kInfotext),
                   provenance::StealthCarrier::rgb, 96, 160, provenance::StealthPixels::rgb,
                   picture.samples);
  const PixelEvidence evidence = examine_pixels(png_of(picture));
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "stealth_text", "generator_mark"));
  EXPECT_EQ(field(evidence.findings[1], "carrier"), "rgb;");
}

TEST(PixelEvidenceOfAFile, FindsAWatermark) {
  for (const provenance::KnownMark& mark : provenance::known_marks()) {
    Picture picture = colour_chart(320, 320, 3);
    provenance::embed_mark(picture, mark.bits, 0.5);
    const PixelEvidence evidence = examine_pixels(png_of(picture));
    ASSERT_THAT(kinds(evidence), ElementsAre("pixels_examined", "watermark")) << mark.name;
    EXPECT_EQ(field(evidence.findings[1], "payload"), std::string(mark.name) + ";");
    EXPECT_EQ(said(evidence, "watermark"), "present;");
  }
}

TEST(PixelEvidenceOfAFile, FindsThatAJpegWasSavedTwice) {
  const Picture chart = traces::textured_chart(512, 512, 2);
  EXPECT_EQ(said(examine_pixels(saved(chart, 75)), "saved_twice"), "not found;");
  const Picture once = traces::decode_jpeg(saved(chart, 75));
  for (const bool progressive : {false, true}) {
    const PixelEvidence evidence = examine_pixels(saved(once, 92, progressive));
    EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "jpeg_structure", "saved_twice"));
    EXPECT_THAT(evidence.findings[1].fields, Contains(Pair("ijg_quality", "92")));
  }
}

TEST(PixelEvidenceOfAFile, FindsThatAJpegWasCroppedBetweenTwoSaves) {
  const Picture once = traces::decode_jpeg(saved(traces::textured_chart(528, 528, 5), 70));
  const PixelEvidence evidence = examine_pixels(saved(traces::crop(once, 3, 5, 512, 512), 92));
  EXPECT_THAT(kinds(evidence),
              ElementsAre("pixels_examined", "jpeg_structure", "saved_before_cropping"));
}

TEST(PixelEvidenceOfAFile, FindsScalingAndColourFilters) {
  const Picture chart = traces::textured_chart(400, 400, 6);
  EXPECT_THAT(kinds(examine_pixels(png_of(traces::enlarged(chart, 1.3)))),
              ElementsAre("pixels_examined", "resampled"));
  EXPECT_THAT(kinds(examine_pixels(png_of(traces::with_interpolated_green(chart)))),
              ElementsAre("pixels_examined", "colour_filter_pattern"));
}

TEST(PixelEvidenceOfAFile, SaysWhatASignatureCoversNoMore) {
  const Picture chart = colour_chart(64, 64, 1);
  ByteVector file = png_of(chart);
  const std::string settings =
      R"({"uc": "fog", "signed_hash": ")" + std::string(86, 'A') + R"(=="})";
  file = codec::insert_at(
      file, codec::find_chunk(file, "IDAT"),
      marks::png_text("Software", "NovelAI") + marks::png_text("Comment", settings));
  const PixelEvidence evidence = examine_pixels(file);
  ASSERT_THAT(kinds(evidence), ElementsAre("pixels_examined", "novelai_signature"));
  EXPECT_EQ(evidence.findings[1].grade, Grade::contradicted);
}

/// What is said of a cut file is true of it, whatever is left.
void expect_honest_at_every_truncation(const ByteVector& file, size_t step = 1) {
  for (size_t size = 0; size < file.size(); size += step) {
    const PixelEvidence evidence = examine_pixels(std::span(file).first(size));
    ASSERT_EQ(kinds(evidence).at(0), "pixels_examined") << size;
    ASSERT_EQ(evidence.findings[0].fields.size(), 6u);
    for (const auto& [name, value] : evidence.findings[0].fields) {
      const bool trace = name != "watermark" && name != "stealth_text";
      if (trace) {
        ASSERT_TRUE(value.starts_with("not assessable: ")) << size << ' ' << name << ' ' << value;
      }
    }
    for (const Finding& finding : evidence.findings) {
      ASSERT_NE(finding.grade, Grade::contradicted) << size;
    }
  }
}

TEST(PixelEvidenceOfAFile, IsHonestAboutFilesThatAreCut) {
  const Picture hidden = with_settings_in_alpha(12, 150);
  // The end of PNG is a chunk without pixels; where only that is cut, all rows are there.
  expect_honest_at_every_truncation(png_of(hidden));
  expect_honest_at_every_truncation(webp_of(hidden));
  expect_honest_at_every_truncation(saved(colour_chart(64, 64, 1), 80));
  expect_honest_at_every_truncation(saved(traces::textured_chart(300, 300, 1), 50, true), 997);
}

TEST(PixelEvidenceOfAFile, KeepsToTheLimitsOfHostileSizes) {
  ByteVector file = saved(colour_chart(64, 64, 1), 80);
  const auto claim = [&](uint16_t width, uint16_t height) {
    for (size_t at = 0; at + 9 < file.size(); ++at) {
      if (file[at] != std::byte{0xff} || file[at + 1] != std::byte{0xc0}) continue;
      file[at + 5] = std::byte(height >> 8);
      file[at + 6] = std::byte(height & 255);
      file[at + 7] = std::byte(width >> 8);
      file[at + 8] = std::byte(width & 255);
    }
  };
  claim(65'500, 65'500);
  const PixelEvidence refused = examine_pixels(file);
  EXPECT_EQ(said(refused, "resampled"), "not assessable: no pixels could be decoded;");
  EXPECT_THAT(kinds(refused), ElementsAre("pixels_examined"));
  claim(20'000, 300);
  const PixelEvidence mostly_missing = examine_pixels(file);
  EXPECT_EQ(said(mostly_missing, "saved_twice"),
            "not assessable: the picture was decoded in part;");
}

TEST(PixelEvidenceOfAFile, SaysThatCoefficientsTakeTooMuchMemory) {
  const ByteVector file = saved(traces::textured_chart(512, 512, 1), 92);
  const PixelEvidence evidence = examine_pixels(file, {.max_decode_memory_bytes = 600'000});
  EXPECT_EQ(said(evidence, "saved_twice"),
            "not assessable: the coefficients cannot be read (max_decode_memory_bytes);");
  EXPECT_EQ(said(evidence, "resampled"), "not found;");
}

TEST(PixelEvidenceOfAFile, IsOfNoPictureWhereTheFileIsNone) {
  const std::string text = "not a picture at all";
  const PixelEvidence evidence = examine_pixels(std::as_bytes(std::span(text)));
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined"));
  EXPECT_THAT(evidence.findings[0].fields, Contains(Key("watermark")));
}

}  // namespace
}  // namespace safelight::scan
