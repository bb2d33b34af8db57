#include "apps/safelight/content_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/evidence/origin_grades.h"

namespace safelight::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

casefile::ExaminedContent content_of(OriginScope scope, std::vector<Finding> findings) {
  casefile::ExaminedContent content;
  content.examination.format = "png";
  content.examination.media_type = "image/png";
  content.examination.coverage = Coverage::full;
  content.examination.origin = scope;
  content.examination.findings = std::move(findings);
  return content;
}

const Finding kFact = {"type_mismatch", Grade::fact, "Another name.", {}, {{"extension", "jpg"}}};
const Finding kMark = {"generator_mark",
                       Grade::declared,
                       "A generator wrote it.",
                       {41, 812, OffsetKind::exact},
                       {{"lora", "one"}, {"lora", "two"}}};
const Finding kForged = {"c2pa_manifest", Grade::contradicted, "It does not fit.", {}, {}};

TEST(InspectText, GroupsEvidenceByGradeBeforeTheFacts) {
  EXPECT_THAT(to_lines(content_of(OriginScope::metadata, {kFact, kMark, kForged}), 2),
              HasSubstr("  origin\n"
                        "    synthesis     declared: generator_mark\n"
                        "    contradicted: " +
                        std::string(meaning_of(Grade::contradicted)) +
                        "\n"
                        "      c2pa_manifest: It does not fit.\n"
                        "    declared: " +
                        std::string(meaning_of(Grade::declared)) +
                        "\n"
                        "      generator_mark: A generator wrote it. (at byte 41, 812 bytes long)\n"
                        "        lora          one\n"
                        "        lora          two\n"
                        "    Looked for in the metadata, not in the pixels (--deep).\n"
                        "  facts\n"
                        "    type_mismatch: Another name.\n"
                        "      extension     jpg\n"));
}

TEST(InspectText, TellsNotLookedForFromNothingFound) {
  EXPECT_THAT(to_lines(content_of(OriginScope::none, {}), 0),
              HasSubstr("origin\n  Origin not looked for.\n"));
  EXPECT_THAT(to_lines(content_of(OriginScope::metadata, {kFact}), 0),
              HasSubstr("origin\n  No origin evidence in the metadata; not looked for in the "
                        "pixels (--deep).\n"));
  EXPECT_THAT(to_lines(content_of(OriginScope::pixels, {}), 0),
              HasSubstr("origin\n  No origin evidence. "));
}

TEST(InspectText, LetsNoControlSequenceOfTheFileThrough) {
  const Finding hostile = {
      "camera_metadata", Grade::declared, "By \"\x1b[2J\".", {}, {{"model", "\x1b]0;x\x07\n"}}};
  EXPECT_THAT(to_lines(content_of(OriginScope::metadata, {hostile}), 0),
              AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\x07")), HasSubstr("\\x1b[2J"),
                    HasSubstr("\\x1b]0;x\\x07\\x0a")));
}

TEST(InspectText, AlignsTheValuesOfAFinding) {
  const Finding finding = {"c2pa_manifest",
                           Grade::verified,
                           "Signed.",
                           {},
                           {{"signature_algorithm", "PS256"}, {"signer", "A"}}};
  EXPECT_THAT(to_lines(content_of(OriginScope::pixels, {finding}), 0),
              HasSubstr("      signature_algorithm PS256\n"
                        "      signer              A\n"));
}

TEST(InspectJson, HasEvidenceOfOriginAndLosesNoRepeatedField) {
  const auto json = to_json(content_of(OriginScope::pixels, {kFact, kMark, kForged}));
  EXPECT_EQ(json["origin"],
            nlohmann::ordered_json::parse(R"({"scope":"pixels","grades":["contradicted","declared"],
                "synthesis":{"grade":"declared","kind":"generator_mark"}})"));
  EXPECT_EQ(json["findings"][0]["kind"], "c2pa_manifest");
  EXPECT_EQ(json["findings"][1]["fields"].dump(), R"([["lora","one"],["lora","two"]])");
  EXPECT_EQ(json["findings"][2]["kind"], "type_mismatch");
}

}  // namespace
}  // namespace safelight::app
