#include "safelight/scan/pixel_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/provenance/marks/marks_for_test.h"
#include "safelight/provenance/marks/novelai_sign_for_test.h"
#include "safelight/provenance/watermark/known_marks.h"
#include "safelight/provenance/watermark/mark_encode_for_test.h"
#include "safelight/provenance/watermark/stealth_encode_for_test.h"
#include "safelight/scan/pixel_evidence_for_test.h"
#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"
#include "safelight/traces/looked_at.h"

namespace safelight::scan {
namespace {

using codec::Format;
using marks::field;
using provenance::colour_chart;
using provenance::StealthCarrier;
using provenance::StealthPixels;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// What is handed to an examiner, and how.
struct Input {
  Format format = Format::png;
  std::vector<std::byte> file{};
  Picture pixels{};
  Picture stored{};  ///< No channels where the decoder hands out none.
  DecodedExtent extent = DecodedExtent::in_full;
  uint32_t rows_at_once = 7;
};

void feed(const Picture& picture, uint32_t first, uint32_t count, RowSink& sink) {
  const size_t row_bytes = picture.shape.row_bytes();
  const size_t rows = picture.samples.size() / std::max<size_t>(row_bytes, 1);
  if (first >= rows) return;
  sink.rows(first,
            std::span(picture.samples)
                .subspan(first * row_bytes, std::min<size_t>(count, rows - first) * row_bytes));
}

PixelEvidence examine(const Input& in, PixelExaminerOptions options = {}) {
  PixelExaminer examiner(in.format, in.file, metadata::read_metadata(in.file, {}), {},
                         std::move(options));
  if (in.stored.shape.channels != 0) examiner.lossless_rows().begin(in.stored.shape);
  if (in.pixels.shape.channels != 0) examiner.begin(in.pixels.shape);
  for (uint32_t y = 0; y < in.pixels.shape.height; y += in.rows_at_once) {
    if (in.stored.shape.channels != 0)
      feed(in.stored, y, in.rows_at_once, examiner.lossless_rows());
    feed(in.pixels, y, in.rows_at_once, examiner);
  }
  return examiner.finish(in.extent);
}

Picture with_alpha(const Picture& picture) {
  Picture out;
  out.shape = {picture.shape.width, picture.shape.height, 4};
  for (size_t i = 0; i < picture.samples.size(); ++i) {
    out.samples.push_back(picture.samples[i]);
    if (i % 3 == 2) out.samples.push_back(255);
  }
  return out;
}

/// A chart with a text in its alpha.
Input with_hidden(std::string_view bytes) {
  Input in;
  in.pixels = colour_chart(96, 160, 1);
  in.stored = with_alpha(in.pixels);
  provenance::hide(bytes, StealthCarrier::alpha, 96, 160, StealthPixels::rgba, in.stored.samples);
  return in;
}

Result<codec::LumaCoefficients> read_luma(std::span<const std::byte> file,
                                          const codec::BlockRowChoice& rows, const Limits&) {
  const traces::LumaCoefficients all(file);
  codec::LumaCoefficients luma = {
      all.plane.blocks_wide, all.plane.blocks_high, {}, all.plane.steps};
  const size_t row_values = size_t{luma.blocks_wide} * 64;
  for (const uint32_t row : rows(luma.blocks_wide, luma.blocks_high)) {
    const auto values = all.plane.values.subspan(row * row_values, row_values);
    luma.values.insert(luma.values.end(), values.begin(), values.end());
  }
  return luma;
}

Input of_jpeg(const Picture& picture, int quality) {
  Input in;
  in.format = Format::jpeg;
  in.file = traces::encode_jpeg(picture, {.quality = quality});
  in.pixels = traces::decode_jpeg(in.file);
  return in;
}

TEST(PixelEvidence, SaysOfEachTraceWhetherItIsThere) {
  const PixelEvidence evidence = examine({.pixels = traces::textured_chart(300, 300, 1)});
  ASSERT_EQ(evidence.findings.size(), 1u);
  const Finding& overview = evidence.findings[0];
  EXPECT_EQ(overview.kind, "pixels_examined");
  EXPECT_EQ(overview.grade, Grade::fact);
  EXPECT_THAT(overview.statement, HasSubstr("says nothing about the picture"));
  using Field = std::pair<std::string, std::string>;
  EXPECT_THAT(
      overview.fields,
      ElementsAre(Field("saved_twice", "not assessable: not a JPEG"),
                  Field("saved_before_cropping", "not assessable: not a JPEG"),
                  Field("resampled", "not found"), Field("colour_filter_pattern", "not found"),
                  Field("watermark", "not found"),
                  Field("stealth_text", "not assessable: not looked for in this format")));
}

TEST(PixelEvidence, SaysWhyNothingCanBeAssessed) {
  Picture small = colour_chart(100, 100, 1);
  const PixelEvidence of_small = examine({.pixels = small});
  EXPECT_EQ(said(of_small, "resampled"), "not assessable: too small;");
  EXPECT_EQ(said(of_small, "watermark"), "not assessable: too small;");
  Picture grey = traces::textured_chart(300, 300, 1, 1);
  const PixelEvidence of_grey = examine({.pixels = grey, .stored = grey});
  EXPECT_EQ(said(of_grey, "colour_filter_pattern"), "not assessable: grey;");
  EXPECT_EQ(said(of_grey, "watermark"), "not assessable: grey;");
  EXPECT_EQ(said(of_grey, "stealth_text"), "not assessable: grey;");
  const PixelEvidence lossy = examine({.format = Format::webp, .pixels = small});
  EXPECT_EQ(said(lossy, "stealth_text"), "not assessable: stored with loss, or an animation;");
}

TEST(PixelEvidence, DoesNotTakeWhatWasNotDecodedForClean) {
  const PixelEvidence evidence = examine({.extent = DecodedExtent::none});
  ASSERT_EQ(evidence.findings.size(), 1u);
  EXPECT_THAT(evidence.findings[0].statement, HasSubstr("No pixels could be decoded"));
  for (const auto& [name, value] : evidence.findings[0].fields) {
    const bool of_jpeg = name == "saved_twice" || name == "saved_before_cropping";
    EXPECT_EQ(value, of_jpeg ? "not assessable: not a JPEG"
                             : "not assessable: no pixels could be decoded");
  }
}

TEST(PixelEvidence, LooksForMarksButNotForTracesInPartOfAPicture) {
  Input in = of_jpeg(traces::enlarged(traces::textured_chart(300, 300, 1), 1.5), 95);
  EXPECT_EQ(said(examine(in, {.luma = read_luma}), "resampled"), "present;");
  in.extent = DecodedExtent::in_part;
  const PixelEvidence evidence = examine(in, {.luma = read_luma});
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "jpeg_structure"));
  for (const auto& [name, value] : evidence.findings[0].fields) {
    if (name == "stealth_text") continue;
    EXPECT_EQ(value, "not assessable: the picture was decoded in part") << name;
  }
  Input marked;
  marked.pixels = colour_chart(512, 512, 2);
  provenance::embed_mark(marked.pixels, provenance::known_marks()[2].bits, 0.5);
  marked.extent = DecodedExtent::in_part;
  EXPECT_EQ(said(examine(marked), "watermark"), "present;");
}

TEST(PixelEvidence, FindsAWatermark) {
  Input in;
  in.pixels = colour_chart(512, 512, 3);
  const provenance::KnownMark& mark = provenance::known_marks()[2];
  provenance::embed_mark(in.pixels, mark.bits, 0.5);
  const PixelEvidence found = examine(in);
  EXPECT_EQ(said(found, "watermark"), "present;");
  EXPECT_THAT(kinds(found), ElementsAre("pixels_examined", "watermark"));
  EXPECT_EQ(found.findings[1].grade, Grade::watermark);

  std::string damaged(mark.bits);
  for (size_t i = 0; i < mark.bits.size() - mark.possible_bits; ++i) {
    char& bit = damaged[5 * i % damaged.size()];
    bit = bit == '1' ? '0' : '1';
  }
  in.pixels = colour_chart(512, 512, 3);
  provenance::embed_mark(in.pixels, damaged, 0.5);
  const PixelEvidence possible = examine(in);
  EXPECT_EQ(said(possible, "watermark"), "possible;");
  EXPECT_THAT(kinds(possible), ElementsAre("pixels_examined", "possible_watermark"));
}

TEST(PixelEvidence, FindsHiddenTextAndWhatItDeclares) {
  const Input in =
      with_hidden(provenance::stealth_bytes("stealth_pngcomp", provenance::gzip(marks::kInfotext)));
  const PixelEvidence evidence = examine(in);
  EXPECT_EQ(said(evidence, "stealth_text"), "present;");
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "stealth_text", "generator_mark"));
  EXPECT_EQ(field(evidence.findings[2], "rule"), "a1111.infotext;");
  EXPECT_EQ(field(evidence.findings[2], "carrier"), "pixels;");
  ASSERT_EQ(evidence.prompts.size(), 2u);
  EXPECT_EQ(evidence.prompts[0].text, "a lighthouse on a cliff");
  for (const Finding& finding : evidence.findings) {
    for (const auto& [name, value] : finding.fields) EXPECT_THAT(value, Not(HasSubstr("cliff")));
  }
}

TEST(PixelEvidence, FindsHiddenTextInColours) {
  Input in;
  in.pixels = colour_chart(96, 160, 1);
  provenance::hide(provenance::stealth_bytes("stealth_rgbinfo", "words"), StealthCarrier::rgb, 96,
                   160, StealthPixels::rgb, in.pixels.samples);
  in.stored = in.pixels;
  const PixelEvidence evidence = examine(in);
  EXPECT_EQ(said(evidence, "stealth_text"), "present;");
  EXPECT_EQ(field(evidence.findings[1], "carrier"), "rgb;");
  EXPECT_TRUE(evidence.prompts.empty());
}

TEST(PixelEvidence, SaysThatAHiddenTextCannotBeRead) {
  const std::string packed = provenance::gzip(marks::kInfotext);
  const PixelEvidence evidence = examine(with_hidden(
      provenance::stealth_bytes("stealth_pngcomp", packed.substr(0, packed.size() / 2))));
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "partly_examined"));
  EXPECT_EQ(said(evidence, "stealth_text"),
            "not assessable: a text begins there and cannot be read;");
}

TEST(PixelEvidence, TellsAHiddenTextOfAPictureInPart) {
  Input in = with_hidden(provenance::stealth_bytes("stealth_pnginfo", "words"));
  in.extent = DecodedExtent::in_part;
  const PixelEvidence all_rows = examine(in);
  EXPECT_EQ(said(all_rows, "stealth_text"), "present;");
  EXPECT_EQ(field(all_rows.findings[1], "picture"), "decoded in part;");
  // Rows that are missing never come.
  in.stored.samples.resize(in.stored.shape.row_bytes() * 130);
  EXPECT_THAT(kinds(examine(in)), ElementsAre("pixels_examined", "partly_examined"));
  in.stored.samples.resize(in.stored.shape.row_bytes() * 60);
  EXPECT_EQ(said(examine(in), "stealth_text"), "not assessable: the picture was decoded in part;");
  in.stored = with_alpha(in.pixels);
  in.stored.samples.resize(in.stored.shape.row_bytes() * 60);
  EXPECT_EQ(said(examine(in), "stealth_text"), "not found;") << "ruled out by the first row";
}

class PixelSignature : public testing::Test {
 protected:
  [[nodiscard]] std::string signed_json(const Picture& picture) const {
    const std::string rgb(picture.samples.begin(), picture.samples.end());
    return R"({"uc": "fog", )" + signer_.member(rgb, R"({"uc": "fog"})") + "}";
  }
  [[nodiscard]] static std::vector<std::byte> png_with_settings(const std::string& json) {
    const std::string file = metadata::png_file(marks::png_text("Software", "NovelAI") +
                                                marks::png_text("Comment", json));
    const auto bytes = metadata::bytes_of(file);
    return {bytes.begin(), bytes.end()};
  }
  [[nodiscard]] PixelEvidence examine_signed(const Input& in, uint64_t max_pixels = 1 << 20) const {
    return examine(in, {.luma = {}, .novelai_public_key = key_, .max_signed_pixels = max_pixels});
  }

  marks::NovelAiSigner signer_;
  std::string key_ = signer_.public_key();
};

TEST_F(PixelSignature, IsVerifiedOverAllPixels) {
  Input in;
  in.pixels = colour_chart(60, 40, 1);
  in.file = png_with_settings(signed_json(in.pixels));
  const PixelEvidence good = examine_signed(in);
  EXPECT_THAT(kinds(good), ElementsAre("pixels_examined", "novelai_signature"));
  EXPECT_EQ(good.findings[1].grade, Grade::verified);
  in.pixels.samples.back() ^= 1;
  EXPECT_EQ(examine_signed(in).findings.at(1).grade, Grade::contradicted);
  EXPECT_EQ(examine(in).findings.at(1).grade, Grade::contradicted) << "the key is another";
}

TEST_F(PixelSignature, CountsGreyAsThreeChannels) {
  Input in;
  in.pixels = traces::textured_chart(20, 20, 1, 1);
  Picture rgb;
  for (const uint8_t sample : in.pixels.samples) rgb.samples.insert(rgb.samples.end(), 3, sample);
  in.file = png_with_settings(signed_json(rgb));
  EXPECT_EQ(examine_signed(in).findings.at(1).grade, Grade::verified);
}

TEST_F(PixelSignature, IsVerifiedWhereItIsHiddenInAlpha) {
  Input in = with_hidden("");
  const std::string text = marks::novelai_hidden_text(signed_json(in.pixels));
  provenance::hide(provenance::stealth_bytes("stealth_pngcomp", provenance::gzip(text)),
                   StealthCarrier::alpha, 96, 160, StealthPixels::rgba, in.stored.samples);
  const PixelEvidence evidence = examine_signed(in);
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "stealth_text", "generator_mark",
                                           "novelai_signature"));
  EXPECT_EQ(evidence.findings[3].grade, Grade::verified);
  EXPECT_EQ(field(evidence.findings[3], "carrier"), "pixels;");
  in.pixels.samples[5] ^= 1;
  EXPECT_EQ(examine_signed(in).findings.at(3).grade, Grade::contradicted);
}

TEST_F(PixelSignature, IsToldOnceWhereMetadataAndPixelsCarryIt) {
  Input in = with_hidden("");
  const std::string json = signed_json(in.pixels);
  in.file = png_with_settings(json);
  provenance::hide(provenance::stealth_bytes("stealth_pnginfo", marks::novelai_hidden_text(json)),
                   StealthCarrier::alpha, 96, 160, StealthPixels::rgba, in.stored.samples);
  const PixelEvidence evidence = examine_signed(in);
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "stealth_text", "generator_mark",
                                           "novelai_signature"));
  EXPECT_EQ(field(evidence.findings[3], "carrier"), "");
}

TEST_F(PixelSignature, IsNotVerifiedOverMorePixelsThanAreKept) {
  Input in;
  in.pixels = colour_chart(60, 40, 1);
  in.file = png_with_settings(signed_json(in.pixels));
  EXPECT_EQ(examine_signed(in, 60 * 40).findings.at(1).grade, Grade::verified);
  const PixelEvidence refused = examine_signed(in, 60 * 40 - 1);
  EXPECT_THAT(kinds(refused), ElementsAre("pixels_examined", "partly_examined"));
  EXPECT_EQ(field(refused.findings[1], "rule"), "max_signed_pixels;");
}

TEST_F(PixelSignature, IsNotCalledContradictedWherePixelsAreMissing) {
  Input in;
  in.pixels = colour_chart(60, 40, 1);
  in.file = png_with_settings(signed_json(in.pixels));
  in.extent = DecodedExtent::in_part;
  EXPECT_THAT(kinds(examine_signed(in)), ElementsAre("pixels_examined", "partly_examined"));
  in.extent = DecodedExtent::none;
  EXPECT_THAT(kinds(examine_signed(in)), ElementsAre("pixels_examined", "partly_examined"));
}

TEST(PixelTraces, AreFoundInAPictureSavedTwice) {
  const Input once = of_jpeg(traces::textured_chart(400, 400, 1), 70);
  EXPECT_EQ(said(examine(once, {.luma = read_luma}), "saved_twice"), "not found;");
  const Input twice = of_jpeg(once.pixels, 92);
  const PixelEvidence evidence = examine(twice, {.luma = read_luma});
  EXPECT_THAT(kinds(evidence), ElementsAre("pixels_examined", "jpeg_structure", "saved_twice"));
  EXPECT_EQ(said(evidence, "saved_twice"), "present;");
  EXPECT_EQ(said(evidence, "stealth_text"), "not assessable: stored with loss;");
  EXPECT_EQ(said(examine(twice), "saved_twice"),
            "not assessable: the coefficients were not looked at;");
  const auto fails = [](auto&&...) -> Result<codec::LumaCoefficients> {
    return Error{ErrorCode::limit_exceeded, "max_decode_memory_bytes"};
  };
  EXPECT_EQ(said(examine(twice, {.luma = fails}), "saved_twice"),
            "not assessable: the coefficients cannot be read (max_decode_memory_bytes);");
}

TEST(PixelTraces, AreFoundInAPictureCroppedBetweenTwoSaves) {
  const Picture once = traces::decode_jpeg(
      traces::encode_jpeg(traces::textured_chart(528, 528, 5), {.quality = 70}));
  const PixelEvidence evidence =
      examine(of_jpeg(traces::crop(once, 3, 5, 512, 512), 92), {.luma = read_luma});
  EXPECT_EQ(said(evidence, "saved_before_cropping"), "present;");
  EXPECT_THAT(kinds(evidence),
              ElementsAre("pixels_examined", "jpeg_structure", "saved_before_cropping"));
}

TEST(PixelTraces, AreFoundOfScalingAndOfAColourFilter) {
  const Picture chart = traces::textured_chart(400, 400, 6);
  EXPECT_THAT(kinds(examine({.pixels = traces::enlarged(chart, 1.3)})),
              ElementsAre("pixels_examined", "resampled"));
  EXPECT_THAT(kinds(examine({.pixels = traces::with_interpolated_green(chart)})),
              ElementsAre("pixels_examined", "colour_filter_pattern"));
}

TEST(PixelTraces, AreThoseOfTheMiddleOfALargePicture) {
  // What lies beyond the part that is looked at has no trace, and does not dilute it.
  Picture large = traces::textured_chart(2600, 300, 7);
  const Picture filtered = traces::with_interpolated_green(large);
  const traces::Region region = traces::pixels_looked_at(large.shape);
  for (uint32_t y = 0; y < large.shape.height; ++y) {
    const size_t at = y * large.shape.row_bytes() + size_t{region.left} * 3;
    std::copy_n(filtered.samples.begin() + static_cast<long>(at), size_t{region.width} * 3,
                large.samples.begin() + static_cast<long>(at));
  }
  const PixelEvidence of_mixed = examine({.pixels = large});
  const PixelEvidence of_filtered = examine({.pixels = filtered});
  EXPECT_EQ(said(of_mixed, "colour_filter_pattern"), "present;");
  EXPECT_EQ(field(of_mixed.findings.at(1), "statistic"),
            field(of_filtered.findings.at(1), "statistic"));
}

TEST(PixelEvidence, DoesNotDependOnHowRowsCome) {
  Input in = with_hidden(provenance::stealth_bytes("stealth_pnginfo", marks::kInfotext));
  const PixelEvidence expected = examine(in);
  for (const uint32_t rows : {1u, 8u, 33u, 1000u}) {
    in.rows_at_once = rows;
    EXPECT_EQ(examine(in).findings, expected.findings) << rows;
  }
}

}  // namespace
}  // namespace safelight::scan
