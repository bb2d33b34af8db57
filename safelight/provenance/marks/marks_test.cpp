#include "safelight/provenance/marks/marks.h"

#include <gtest/gtest.h>

#include "safelight/provenance/marks/marks_for_test.h"

/// What looks like a mark and is none, what no finding may say, and limits.
namespace safelight::marks {
namespace {

using metadata::TestExif;
using namespace std::string_literals;

const std::string kUuid = "0b7ad374-1c1f-4c5c-a5a5-0123456789ab";

TEST(LookAlikes, NothingIsNothing) {
  EXPECT_TRUE(findings_in("").empty());
  EXPECT_TRUE(findings_in("no picture").empty());
  EXPECT_TRUE(findings_in(metadata::png_file("")).empty());
  EXPECT_TRUE(findings_in(metadata::jpeg_file("")).empty());
}

TEST(LookAlikes, MarkersBehindTheEndOfAPicture) {
  for (const std::string& marker :
       {"tEXtparameters\0"s + kInfotext, png_with("parameters", kInfotext), kComfyPrompt,
        jpeg_with_user_comment(kInfotext), "\"genAIType\":1 PhotoEditor_Re_Edit_Data SEFT"s}) {
    EXPECT_TRUE(findings_in(metadata::jpeg_file("") + marker).empty());
    EXPECT_TRUE(findings_in(metadata::png_file("") + marker).empty());
  }
}

TEST(LookAlikes, TextsInPlacesOfOthers) {
  using metadata::jpeg_segment;
  EXPECT_EQ(rules_in(metadata::jpeg_file(jpeg_segment(0xfe, kInfotext))), "");
  EXPECT_EQ(rules_in(metadata::jpeg_file(jpeg_segment(0xfe, kComfyPrompt))), "");
  EXPECT_EQ(rules_in(png_with("Comment", kInfotext)), "");
  EXPECT_EQ(rules_in(png_with("Comment", kComfyPrompt)), "");
  EXPECT_EQ(rules_in(png_with("Parameters", kInfotext)), "");
  EXPECT_EQ(rules_in(png_with("Title", "tEXtparameters")), "");
  // A chunk of a RIFF file's INFO list is no text of PNG.
  const std::string label = R"({"Label":"1","ProduceID":"7"})";
  EXPECT_EQ(
      rules_in(metadata::riff_file(
          "AVI ", metadata::riff_chunk("LIST", "INFO" + metadata::riff_chunk("AIGC", label)))),
      "");
}

TEST(LookAlikes, WordsInCaptions) {
  TestExif exif;
  exif.main = {exif.text(0x010e, "A talk about Stable Diffusion, NovelAI and Midjourney")};
  EXPECT_TRUE(findings_in(jpeg_with_exif(exif)).empty());
  EXPECT_TRUE(findings_in(jpeg_with_xmp("dc:description='trainedAlgorithmicMedia, Made with "
                                        "Google AI'"))
                  .empty());
  EXPECT_EQ(rules_in(jpeg_with_user_comment("Steps: 1, open it. Sampler: tea")), "");
}

TEST(LookAlikes, KeysOfOtherPrograms) {
  EXPECT_EQ(rules_in(png_with("parameters", "width=3; height=4")), "");
  EXPECT_EQ(rules_in(png_with("parameters", R"({"prompt":"x","seed":1})")), "");
  EXPECT_EQ(rules_in(png_with("prompt", "press any key")), "");
  EXPECT_EQ(rules_in(png_with("prompt", R"({"prompt":"x","inputs":{}})")), "");
  EXPECT_EQ(rules_in(png_with("workflow", R"({"nodes":[{"id":1,"type":"http"}]})")), "");
  EXPECT_EQ(rules_in(jpeg_with_user_comment(R"({"prompt":"x"})")), "");
  EXPECT_EQ(rules_in(jpeg_with_user_comment(R"({"c":"x","steps":1})")), "");
  EXPECT_EQ(rules_in(png_with("Software", "NovelAI")), "");
  EXPECT_EQ(rules_in(png_with("Comment", R"({"uc":"x","steps":1})")), "");
  EXPECT_EQ(rules_in(png_with("AIGC", R"({"Label":"1"})")), "");
  EXPECT_EQ(rules_in(png_with("Dream", "a dream of mine")), "");
  EXPECT_EQ(rules_in(png_with("postprocessing", "done by hand")), "");
  EXPECT_EQ(rules_in(png_with("hf-job-id", "not an id")), "");
}

TEST(LookAlikes, HalfOfAPair) {
  EXPECT_EQ(rules_in(png_with("Description", "Print of a pier, Job ID: " + kUuid)), "");
  TestExif exif;
  exif.main = {exif.text(0x013b, kUuid)};
  EXPECT_EQ(rules_in(jpeg_with_exif(exif)), "");
  exif.main = {exif.text(0x010e, "Signature: " + std::string(300, 'A'))};
  EXPECT_EQ(rules_in(jpeg_with_exif(exif)), "");
  exif.main = {exif.text(0x010e, "Signature: J. Painter"), exif.text(0x013b, kUuid)};
  EXPECT_EQ(rules_in(jpeg_with_exif(exif)), "");
  exif.main = {exif.text(0x010f, "Black Forest Labs")};
  EXPECT_EQ(rules_in(jpeg_with_exif(exif)), "");
}

TEST(LookAlikes, NoGradeIsAboveDeclared) {
  const std::string everything = metadata::png_file(
      png_text("parameters", kInfotext) + png_text("prompt", kComfyPrompt) +
      png_text("Software", "NovelAI") + png_text("Comment", R"({"signed_hash":"AAAA","uc":""})"));
  EXPECT_EQ(findings_in(everything).size(), 3u);
  for (const Finding& finding : findings_in(everything)) {
    EXPECT_EQ(finding.grade, Grade::declared);
  }
}

TEST(Findings, NeverHoldAPrompt) {
  // The prompt is also written where fields are taken from.
  const std::string prompt = "a lighthouse on a cliff";
  const std::string file =
      png_with("parameters", kInfotext + ", Version: by " + prompt + ", VAE: " + prompt);
  for (const Finding& finding : findings_in(file)) {
    EXPECT_EQ(finding.statement.find(prompt), std::string::npos);
    for (const auto& [name, value] : finding.fields) {
      EXPECT_EQ(value.find(prompt), std::string::npos) << name;
    }
    EXPECT_EQ(field(finding, "model"), "v1-5-pruned;");
  }
}

TEST(Findings, GiveLongValuesAsDigests) {
  const Finding finding =
      findings_in(png_with("parameters", kInfotext + ", Version: " + std::string(300, 'v'))).at(0);
  EXPECT_EQ(field(finding, "software_version").size(), 7u + 64 + 1);
  EXPECT_TRUE(field(finding, "software_version").starts_with("sha256:"));
}

TEST(Findings, ReadLatin1) {
  const auto prompts = prompts_in(png_with("parameters", "\xe9t\xe9\n" + kInfotext));
  ASSERT_FALSE(prompts.empty());
  EXPECT_TRUE(prompts[0].text.starts_with("\xc3\xa9t\xc3\xa9\n"));
}

/// The rule of the only "partly_examined".
std::string limit_in(const std::string& file, const MarksLimits& limits) {
  std::string rules;
  for (const Finding& finding : findings_in(file, limits)) {
    if (finding.kind == "partly_examined") rules += field(finding, "rule");
  }
  return rules;
}

TEST(Limits, AreSaid) {
  EXPECT_EQ(limit_in(png_with("prompt", kComfyPrompt), {.max_json_bytes = 100}), "max_json_bytes;");
  EXPECT_EQ(limit_in(png_with("prompt", kComfyPrompt), {.max_json_depth = 2}), "max_json_depth;");
  EXPECT_EQ(limit_in(png_with("prompt", kComfyPrompt), {.max_json_values = 9}), "max_json_values;");
  EXPECT_EQ(limit_in(png_with("prompt", std::string(100'000, '[')), {}), "max_json_depth;");
  const std::string comf = metadata::png_chunk("comf", "prompt\0"s + kComfyPrompt);
  EXPECT_EQ(limit_in(metadata::png_file(comf + comf), {.max_json_bytes = comf.size()}),
            "max_json_bytes;");
  const std::string twice =
      metadata::png_file(png_text("prompt", kComfyPrompt) + png_text("prompt", kComfyPrompt));
  EXPECT_EQ(limit_in(twice, {.max_marks = 1}), "max_marks;");
  EXPECT_EQ(limit_in(twice, {.max_marks = 2}), "");
}

TEST(Limits, OfFactsAndPrompts) {
  const Finding finding =
      findings_in(png_with("prompt", kComfyPrompt), {.max_facts = 2, .max_prompts = 1}).at(0);
  EXPECT_EQ(finding.fields.size(), 2u + 2 + 2 + 1);
  EXPECT_EQ(field(finding, "left_out"), "8;");
}

TEST(Findings, AreCutAnywhereWithoutHarm) {
  TestExif exif;
  exif.main = {exif.text(0x0110, "prompt:" + kComfyPrompt)};
  exif.details = {user_comment(exif, kInfotext)};
  for (const std::string& file :
       {metadata::png_file(png_text("parameters", kInfotext) + png_text("prompt", kComfyPrompt)),
        jpeg_with_exif(exif)}) {
    for (size_t size = 0; size < file.size(); ++size) findings_in(file.substr(0, size));
  }
}

}  // namespace
}  // namespace safelight::marks
