#include "safelight/provenance/watermark/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace safelight::provenance {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

MarkReading reading_of(size_t mark, uint32_t integer_bits, uint32_t floating_bits) {
  MarkReading reading;
  reading.scores = {{&known_marks()[mark], ColourPath::integer, integer_bits, {}},
                    {&known_marks()[mark], ColourPath::floating, floating_bits, {}}};
  return reading;
}

TEST(MarkFindings, SayWatermarkFromTheFoundThresholdOn) {
  for (size_t i = 0; i < known_marks().size(); ++i) {
    const uint32_t found = known_marks()[i].found_bits;
    const auto findings = mark_findings(reading_of(i, 0, found));
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].kind, "watermark");
    EXPECT_EQ(findings[0].grade, Grade::watermark);
    EXPECT_THAT(findings[0].fields, Contains(Pair("payload", known_marks()[i].name)));
    EXPECT_THAT(findings[0].fields, Contains(Pair("colour_path", "floating")));
    EXPECT_EQ(mark_findings(reading_of(i, found - 1, 0))[0].kind, "possible_watermark");
  }
}

TEST(MarkFindings, ArePossibleAndWeakInTheBandBelow) {
  for (size_t i = 0; i < known_marks().size(); ++i) {
    const uint32_t possible = known_marks()[i].possible_bits;
    const auto findings = mark_findings(reading_of(i, possible, possible - 1));
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].grade, Grade::weak);
    EXPECT_THAT(findings[0].statement, HasSubstr("may carry"));
    EXPECT_TRUE(mark_findings(reading_of(i, possible - 1, possible - 1)).empty());
  }
}

TEST(MarkFindings, CallNoOtherMarkPossibleBesideOneThatIsThere) {
  ASSERT_GE(known_marks().size(), 2u);
  MarkReading reading = reading_of(0, known_marks()[0].possible_bits, 0);
  const MarkReading other = reading_of(1, known_marks()[1].found_bits, 0);
  reading.scores.insert(reading.scores.end(), other.scores.begin(), other.scores.end());
  const auto findings = mark_findings(reading);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, "watermark");
  EXPECT_THAT(findings[0].fields, Contains(Pair("payload", known_marks()[1].name)));
}

TEST(MarkFindings, SayNothingOfAPictureThatIsNotReadable) {
  MarkReading reading;
  reading.not_readable = NotReadable::too_small;
  EXPECT_TRUE(mark_findings(reading).empty());
}

TEST(StealthFinding, GivesLengthAndDigestOfTheTextAndNeverTheText) {
  StealthText text;
  text.text.resize(1'000, std::byte{'a'});
  const auto finding = stealth_finding(std::optional(text));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->kind, "stealth_text");
  EXPECT_EQ(finding->grade, Grade::declared);
  EXPECT_THAT(finding->fields, Contains(Pair("text_bytes", "1000")));
  EXPECT_THAT(finding->fields,
              Contains(Pair("text_sha256",
                            "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")));
  for (const auto& [name, value] : finding->fields) EXPECT_THAT(value, Not(HasSubstr("aaaa")));
}

TEST(StealthFinding, SaysWhereATextCouldNotBeRead) {
  const auto finding = stealth_finding(Error::at(ErrorCode::truncated, "stealth.pixels", 15));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->kind, "partly_examined");
  EXPECT_FALSE(stealth_finding(std::optional<StealthText>()));
}

}  // namespace
}  // namespace safelight::provenance
