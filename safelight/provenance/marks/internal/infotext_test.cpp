#include "safelight/provenance/marks/internal/infotext.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace safelight::marks {
namespace {

using testing::ElementsAre;

TEST(ParseInfotext, SplitsPromptsAndSettings) {
  const auto info = parse_infotext(
      "a\nb\nNegative prompt: c\nd\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG "
      "scale: "
      "7, Seed: 1, Lora hashes: \"x: 1a, y: 2b\", Version: v1.10.1");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->prompt, "a\nb");
  EXPECT_EQ(info->negative_prompt, "c\nd");
  EXPECT_EQ(info->value("Steps"), "20");
  EXPECT_EQ(info->value("Sampler"), "DPM++ 2M");
  EXPECT_EQ(info->value("Lora hashes"), "x: 1a, y: 2b");
  EXPECT_EQ(info->value("Version"), "v1.10.1");
  EXPECT_EQ(info->value("Model"), "");
}

TEST(ParseInfotext, TakesEmptyPrompts) {
  const auto bare = parse_infotext("Steps: 2, Sampler: Euler, Seed: 1");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->prompt, "");
  const auto negative = parse_infotext("Negative prompt: x\nSteps: 2, Sampler: Euler, Seed: 1");
  ASSERT_TRUE(negative);
  EXPECT_EQ(negative->prompt, "");
  EXPECT_EQ(negative->negative_prompt, "x");
}

TEST(ParseInfotext, TakesTheLastLineOfSettings) {
  const auto info = parse_infotext("Steps: 9, Sampler: A, Seed: 9\nSteps: 2, Sampler: B, Seed: 1");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->value("Sampler"), "B");
  EXPECT_EQ(info->prompt, "Steps: 9, Sampler: A, Seed: 9");
}

TEST(ParseInfotext, KeepsBracketsAndQuotesTogether) {
  const auto info = parse_infotext(
      "x\nSteps: 2, Sampler: A, Hashes: {\"model\": \"1,2\"}, Note: \"a \\\"b\\\", c\", Seed: 1, "
      "Civitai resources: [{\"a\":\"],\"},{}]");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->value("Hashes"), "{\"model\": \"1,2\"}");
  EXPECT_EQ(info->value("Note"), "a \"b\", c");
  EXPECT_EQ(info->value("Seed"), "1");
  EXPECT_EQ(info->value("Civitai resources"), "[{\"a\":\"],\"},{}]");
}

TEST(ParseInfotext, RefusesOtherTexts) {
  for (const std::string_view text :
       {"", "Steps: ", "Steps: 1", "Steps: 1. Open the box, 2. Look",
        "a photo, Steps: 20, Sampler: A", "Steps: 20, Sampler: A", "made with Stable Diffusion",
        "Steps: many, Sampler: A, Seed: 1"}) {
    EXPECT_FALSE(parse_infotext(text)) << text;
  }
}

TEST(ParseInfotext, BoundsSettingsAndUnbalancedValues) {
  std::string text = "Steps: 1, Sampler: A, Seed: 1";
  for (int i = 0; i < 20'000; ++i) text += ", k" + std::to_string(i) + ": {";
  const auto info = parse_infotext(text);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->settings.size(), kMaxInfotextSettings);
}

TEST(ParseInfotext, IsCutAnywhereWithoutHarm) {
  const std::string text =
      "a\nNegative prompt: b\nSteps: 2, Sampler: \"x\\\"\", Seed: {1}, Size: 2";
  for (size_t size = 0; size <= text.size(); ++size) {
    const auto info = parse_infotext(std::string_view(text).substr(0, size));
    EXPECT_TRUE(!info || info->prompt == "a") << size;
  }
}

TEST(LoraNamesIn, ReadsTags) {
  EXPECT_THAT(
      lora_names_in("a <lora:one:0.8> b<lyco:two> <lora:> <lora:three <b> <hypernet:four:1>"),
      ElementsAre("one", "two", "four"));
  EXPECT_THAT(lora_names_in("<lora:" + std::string(200, 'x') + ":1>"), ElementsAre());
}

}  // namespace
}  // namespace safelight::marks
