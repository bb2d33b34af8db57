#include "safelight/scan/handlers/metadata_evidence.h"

#include <gtest/gtest.h>

namespace safelight::scan {
namespace {

metadata::Metadata with_text(std::string keyword, std::string text) {
  metadata::Metadata metadata;
  metadata.container = metadata::Container::png;
  metadata::TextEntry entry;
  entry.keyword = std::move(keyword);
  entry.place = {41, text.size()};
  entry.text = std::move(text);
  metadata.texts.push_back(std::move(entry));
  return metadata;
}

constexpr std::string_view kInfotext =
    "a lighthouse at dusk\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, CFG scale: 7, "
    "Seed: 42, Size: 64x64";

TEST(MetadataEvidence, GivesWhatIsDeclaredWithoutTheTextOfPrompts) {
  const auto metadata = with_text("parameters", std::string(kInfotext));
  const auto findings = metadata_findings({}, metadata, std::nullopt);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, "generator_mark");
  for (const auto& [name, value] : findings[0].fields)
    EXPECT_EQ(value.find("lighthouse"), std::string::npos) << name;
}

TEST(MetadataEvidence, GivesPromptsToWhoeverAsks) {
  const auto prompts = metadata_prompts({}, with_text("parameters", std::string(kInfotext)));
  ASSERT_EQ(prompts.size(), 2u);
  EXPECT_EQ(prompts[0].kind, "positive");
  EXPECT_EQ(prompts[0].text, "a lighthouse at dusk");
  EXPECT_EQ(prompts[0].text_bytes, 20u);
  EXPECT_EQ(prompts[1].text, "fog");
}

TEST(MetadataEvidence, SaysWhatCouldNotBeRead) {
  metadata::Metadata metadata;
  for (uint64_t i = 0; i < 20; ++i)
    metadata.damage.push_back(Error::at(ErrorCode::truncated, "exif.entry", 100 + i));
  const auto findings = metadata_findings({}, metadata, std::nullopt);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, "damaged_metadata");
  EXPECT_EQ(findings[0].grade, Grade::fact);
  EXPECT_EQ(findings[0].place.offset_bytes, 100u);
  EXPECT_NE(findings[0].statement.find("truncated (exif.entry) at 100 and 19 more"),
            std::string::npos);
  EXPECT_EQ(findings[0].fields.size(), 16u);
}

TEST(MetadataEvidence, SaysNothingWhereThereIsNothing) {
  EXPECT_TRUE(metadata_findings({}, metadata::Metadata(), std::nullopt).empty());
}

}  // namespace
}  // namespace safelight::scan
