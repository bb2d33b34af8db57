#include "safelight/scan/messages/archive_message.h"

#include <gtest/gtest.h>

namespace safelight::scan {
namespace {

MemberBegin sample_begin() {
  ArchiveMember member;
  member.ordinal = 3;
  member.name = "a/\xff.jpg";
  member.kind = MemberKind::link;
  member.declared_size_bytes = 12;
  member.modified_ns = -5;
  member.zone = TimeZoneKnown::local;
  member.link_target = "../b";
  member.encrypted = true;
  member.unsafe_path = true;
  member.offset_bytes = 99;
  member.offset_kind = OffsetKind::exact;
  return {member};
}

std::vector<ArchiveRecord> samples() {
  return {sample_begin(), MemberEnd{},
          MemberEnd{Error::at(ErrorCode::encrypted, "zip.password", 7)},
          ArchiveEnd{ArchiveFormat::rar5, Error::near(ErrorCode::truncated, "archive.end", 70)}};
}

TEST(ArchiveRecord, EveryKindReadsBack) {
  for (const ArchiveRecord& record : samples()) {
    const auto bytes = encode(record);
    const auto back = decode_archive_record(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(encode(*back), bytes);
  }
  const auto bytes = encode(ArchiveRecord(sample_begin()));
  const auto back = decode_archive_record(bytes);
  const ArchiveMember& member = std::get<MemberBegin>(*back).member;
  EXPECT_EQ(member.name, "a/\xff.jpg");
  EXPECT_EQ(member.modified_ns, -5);
  EXPECT_TRUE(member.encrypted && member.unsafe_path && !member.name_cut);
}

TEST(ArchiveRecord, EveryTruncationIsRefused) {
  for (const ArchiveRecord& record : samples()) {
    const auto bytes = encode(record);
    for (size_t length = 0; length < bytes.size(); ++length) {
      const auto back = decode_archive_record(std::span(bytes).first(length));
      ASSERT_FALSE(back) << length;
      EXPECT_EQ(back.error().code, ErrorCode::truncated) << length;
    }
  }
}

TEST(ArchiveRecord, APieceCarriesItsBytesUpToTheLimit) {
  const std::vector<std::byte> content(kMaxPieceBytes, std::byte{7});
  auto bytes = encode(ArchiveRecord(MemberPiece{content}));
  EXPECT_EQ(std::get<MemberPiece>(*decode_archive_record(bytes)).bytes.size(), kMaxPieceBytes);
  bytes.push_back(std::byte{7});
  EXPECT_EQ(decode_archive_record(bytes).error(),
            Error::at(ErrorCode::limit_exceeded, "archive-message.piece", 1));
}

TEST(ArchiveRecord, AnUnknownKindIsRefused) {
  const std::vector<std::byte> bytes = {std::byte{5}};
  EXPECT_EQ(decode_archive_record(bytes).error(),
            Error::at(ErrorCode::malformed, "archive-message.kind", 0));
}

TEST(ArchiveRequest, ReadsBack) {
  ArchiveRequest request;
  request.options.limits.max_archive_members = 5;
  request.options.passwords = {"one", "", "three"};
  for (const auto& only : {std::optional<uint64_t>(), std::optional<uint64_t>(7)}) {
    request.only_ordinal = only;
    const auto bytes = encode(request);
    const auto back = decode_archive_request(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->options.passwords, request.options.passwords);
    EXPECT_EQ(back->only_ordinal, only);
    EXPECT_EQ(encode(*back), bytes);
    for (size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_FALSE(decode_archive_request(std::span(bytes).first(length)));
    }
  }
}

TEST(ArchiveRequest, SaysInOneWayThatAllMembersAreWanted) {
  auto bytes = encode(ArchiveRequest{});
  const size_t last = bytes.size() - 1;
  bytes[last] = std::byte{2};
  EXPECT_EQ(decode_archive_request(bytes).error(),
            Error::at(ErrorCode::malformed, "archive-message.only-ordinal", last));
}

}  // namespace
}  // namespace safelight::scan
