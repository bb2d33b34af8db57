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

TEST(RenditionSink, TakesSamplesOfTheSizeThatWasAskedForAndNothingElse) {
  const auto offer = [](RenditionStyle style, uint32_t width, uint32_t height, size_t file_bytes) {
    PictureRecord record;
    record.width = width;
    record.height = height;
    RenditionSink sink({style, 600});
    return sink.record(encode(record), sandbox::MemoryFile::copy_of(
                                           std::vector<std::byte>(file_bytes, std::byte{7})));
  };
  EXPECT_TRUE(offer(RenditionStyle::colour, 600, 2, 600 * 2 * 3));
  EXPECT_TRUE(offer(RenditionStyle::colour, 600, 2, 600 * 2));
  EXPECT_TRUE(offer(RenditionStyle::drawing, 512, 2, 512 * 2));
  for (const auto& [style, width, height, file_bytes] :
       {std::tuple{RenditionStyle::colour, 601u, 1u, 601u * 3},
        {RenditionStyle::colour, 1u, 601u, 601u},
        {RenditionStyle::drawing, 513u, 1u, 513u},
        {RenditionStyle::colour, 0u, 1u, 0u},
        {RenditionStyle::colour, 1u, 0u, 1u},
        {RenditionStyle::colour, 2u, 2u, 8u},
        {RenditionStyle::colour, 2u, 2u, 13u},
        {RenditionStyle::colour, 2u, 2u, 11u},
        {RenditionStyle::colour, 2u, 2u, 0u},
        {RenditionStyle::grey, 2u, 2u, 12u}}) {
    EXPECT_EQ(offer(style, width, height, file_bytes).error(), kBadRecord)
        << width << 'x' << height << ' ' << file_bytes;
  }
  RenditionSink sink({RenditionStyle::grey, 9});
  const auto file = [] { return sandbox::MemoryFile::copy_of(std::vector<std::byte>(1)); };
  PictureRecord record;
  record.width = 1;
  record.height = 1;
  EXPECT_EQ(sink.record(encode(record), std::nullopt).error(), kBadRecord);
  EXPECT_EQ(sink.record(encode(PromptText{}), file()).error(), kBadRecord);
  EXPECT_TRUE(sink.record(encode(record), file()));
  EXPECT_EQ(sink.record(encode(record), file()).error(), kBadRecord);
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
