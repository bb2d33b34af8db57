#include "safelight/scan/messages/evidence_message.h"

#include <gtest/gtest.h>

#include "safelight/sandbox/worker.h"

namespace safelight::scan {
namespace {

Finding sample_finding() {
  Finding finding;
  finding.kind = "generator_mark";
  finding.grade = Grade::declared;
  finding.statement = "The file carries what a generator writes.";
  finding.place = {41, 300, OffsetKind::exact};
  finding.fields = {{"rule", "a1111.infotext"}, {"lora", "a"}, {"lora", "b"}};
  return finding;
}

PromptText sample_prompt() {
  return {"positive", "a1111.infotext", "a lighthouse at dusk", 20, {41, 300, OffsetKind::exact}};
}

TEST(EvidenceMessage, AFindingReadsBackWithFieldsOfOneNameInOrder) {
  const auto back = decode_evidence(encode(sample_finding()));
  ASSERT_TRUE(back);
  EXPECT_EQ(std::get<Finding>(*back), sample_finding());
}

TEST(EvidenceMessage, APromptReadsBack) {
  const auto back = decode_evidence(encode(sample_prompt()));
  ASSERT_TRUE(back);
  EXPECT_EQ(std::get<PromptText>(*back), sample_prompt());
}

TEST(EvidenceMessage, EveryTruncationIsRefused) {
  for (const auto& bytes : {encode(sample_finding()), encode(sample_prompt())}) {
    for (size_t length = 0; length < bytes.size(); ++length) {
      const auto back = decode_evidence(std::span(bytes).first(length));
      ASSERT_FALSE(back) << length;
      EXPECT_EQ(back.error().code, ErrorCode::truncated) << length;
    }
  }
}

TEST(EvidenceMessage, ValuesOutOfRangeAreRefusedWhereTheyStand) {
  const auto good = encode(sample_finding());
  const auto with = [&](size_t offset, uint8_t value) {
    auto bytes = good;
    bytes[offset] = std::byte{value};
    return decode_evidence(bytes).error();
  };
  EXPECT_EQ(with(0, 0), Error::at(ErrorCode::malformed, "worker-record.kind", 0));
  EXPECT_EQ(with(0, 3), Error::at(ErrorCode::malformed, "worker-record.kind", 0));
  EXPECT_EQ(with(1, 2), Error::at(ErrorCode::unsupported, "evidence-message.version", 1));
  EXPECT_EQ(with(4, 1), Error::at(ErrorCode::limit_exceeded, "evidence-message.text-length", 2));
  EXPECT_EQ(with(20, 7), Error::at(ErrorCode::malformed, "evidence-message.grade", 20));
  auto longer = good;
  longer.push_back(std::byte{0});
  EXPECT_EQ(decode_evidence(longer).error(),
            Error::at(ErrorCode::malformed, "evidence-message.trailing-bytes", good.size()));
}

TEST(EvidenceMessage, AFindingTooLargeForARecordSaysHowManyFieldsWentMissing) {
  Finding large = sample_finding();
  large.statement = std::string(100'000, 's');
  large.fields.clear();
  for (int i = 0; i < 20; ++i) large.fields.emplace_back("value", std::string(5'000, 'v'));
  const auto bytes = encode(large);
  EXPECT_LE(bytes.size(), sandbox::kMaxMessageBytes);
  const auto back = std::get<Finding>(*decode_evidence(bytes));
  ASSERT_GT(back.fields.size(), 10u);
  EXPECT_EQ(back.fields.back().first, "fields_left_out");
  EXPECT_EQ(back.fields.back().second, std::to_string(20 - (back.fields.size() - 1)));
}

TEST(EvidenceMessage, ManySmallFieldsAreCountedToo) {
  Finding many = sample_finding();
  many.fields.assign(3'000, {"n", "v"});
  const auto back = std::get<Finding>(*decode_evidence(encode(many)));
  ASSERT_EQ(back.fields.size(), 1'024u);
  EXPECT_EQ(back.fields.back().second, std::to_string(3'000 - 1'023));
}

TEST(EvidenceMessage, ALongPromptIsCutAndSaysHowLongItIs) {
  PromptText prompt = sample_prompt();
  prompt.text = std::string(100'000, 'p');
  prompt.text_bytes = prompt.text.size();
  const auto back = std::get<PromptText>(*decode_evidence(encode(prompt)));
  EXPECT_LT(back.text.size(), sandbox::kMaxMessageBytes);
  EXPECT_EQ(back.text_bytes, 100'000u);
}

}  // namespace
}  // namespace safelight::scan
