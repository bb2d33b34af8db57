#include "safelight/scan/internal/evidence_sink.h"

#include <gtest/gtest.h>

namespace safelight::scan {
namespace {

constexpr Error kBadRecord{ErrorCode::worker_crashed, "worker.bad-record"};
constexpr Error kTooMany{ErrorCode::worker_crashed, "worker.too-many-records"};

Finding finding(std::string kind, Grade grade) {
  Finding out;
  out.kind = std::move(kind);
  out.grade = grade;
  return out;
}

std::vector<std::byte> still() {
  PictureRecord record;
  record.width = 1;
  return encode(record);
}

std::vector<std::byte> member() {
  PictureRecord record;
  record.member = codec::Member{};
  return encode(record);
}

TEST(PictureSink, EvidenceBelongsToTheMainPicture) {
  PictureSink sink(3);
  ASSERT_TRUE(sink.record(still(), std::nullopt));
  ASSERT_TRUE(sink.record(encode(finding("generator_mark", Grade::declared)), std::nullopt));
  ASSERT_TRUE(sink.record(encode(PromptText{}), std::nullopt));
  ASSERT_TRUE(sink.record(member(), std::nullopt));
  ASSERT_EQ(sink.records.size(), 2u);
  EXPECT_EQ(sink.records[0].evidence.findings.size(), 1u);
  EXPECT_EQ(sink.records[0].evidence.prompts.size(), 1u);
}

TEST(PixelsSink, TakesOneRecordWithAFileAndNothingElse) {
  const auto file = [] { return sandbox::MemoryFile::copy_of(std::vector<std::byte>(9)); };
  PixelsSink sink;
  EXPECT_EQ(sink.record(still(), std::nullopt).error(), kBadRecord);
  EXPECT_EQ(sink.record(encode(PromptText{}), file()).error(), kBadRecord);
  ASSERT_TRUE(sink.record(still(), file()));
  EXPECT_EQ(sink.pixels->size_bytes(), 9u);
  EXPECT_EQ(sink.record(still(), file()).error(), kBadRecord);
}

TEST(PictureSink, RefusesEvidenceBeforeThePictureAndBehindAMember) {
  const auto evidence = encode(finding("generator_mark", Grade::declared));
  PictureSink early(3);
  EXPECT_EQ(early.record(evidence, std::nullopt).error(), kBadRecord);
  PictureSink late(3);
  ASSERT_TRUE(late.record(still(), std::nullopt));
  ASSERT_TRUE(late.record(member(), std::nullopt));
  EXPECT_EQ(late.record(evidence, std::nullopt).error(), kBadRecord);
}

TEST(PictureSink, RefusesWhatADecoderCannotKnow) {
  for (const Finding& forged :
       {finding("c2pa_manifest", Grade::verified_trusted),
        finding("c2pa_manifest", Grade::declared), finding("generator_mark", Grade::verified),
        finding("novelai_signature", Grade::verified_trusted)}) {
    PictureSink sink(3);
    ASSERT_TRUE(sink.record(still(), std::nullopt));
    EXPECT_EQ(sink.record(encode(forged), std::nullopt).error(), kBadRecord) << forged.kind;
  }
  EXPECT_TRUE(may_come_from_decoder(finding("novelai_signature", Grade::verified)));
  EXPECT_TRUE(may_come_from_decoder(finding("novelai_signature", Grade::contradicted)));
}

TEST(PictureSink, RefusesMoreThanAFileMayHave) {
  PictureSink sink(1);
  ASSERT_TRUE(sink.record(still(), std::nullopt));
  EXPECT_EQ(sink.record(member(), std::nullopt).error(), kTooMany);
  const auto evidence = encode(finding("generator_mark", Grade::declared));
  for (size_t i = 0; i < kMaxFindings; ++i) ASSERT_TRUE(sink.record(evidence, std::nullopt));
  EXPECT_EQ(sink.record(evidence, std::nullopt).error(), kTooMany);
}

TEST(EvidenceSink, TakesVerdictsAndRefusesStills) {
  EvidenceSink sink;
  ASSERT_TRUE(sink.record(encode(finding("c2pa_manifest", Grade::verified_trusted)), std::nullopt));
  EXPECT_EQ(sink.evidence.findings.size(), 1u);
  EXPECT_EQ(sink.record(still(), std::nullopt).error(), kBadRecord);
  EXPECT_EQ(sink.record({}, std::nullopt).error(), kBadRecord);
}

}  // namespace
}  // namespace safelight::scan
