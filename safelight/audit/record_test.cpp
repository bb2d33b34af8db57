#include "safelight/audit/record.h"

#include <gtest/gtest.h>

namespace safelight::audit {
namespace {

Record sample() {
  Record record{7, 1'700'000'000'123'456'789, {}, {}, "run.started", R"({"run":2})"};
  record.previous.bytes.fill(0x11);
  record.previous_root.bytes.fill(0x22);
  return record;
}

TEST(AuditRecord, EncodingReadsBack) {
  const auto decoded = decode_record(encode(sample()));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, sample());
}

TEST(AuditRecord, EncodesToTheBytesOfTheWorkedExample) {
  const auto bytes = encode({0, 1, {}, {}, "a", "{}"});
  std::vector<uint8_t> plain;
  for (const std::byte b : bytes) plain.push_back(static_cast<uint8_t>(b));
  EXPECT_EQ(to_hex(plain),
            "534c4131"
            "0000000000000000"
            "0100000000000000" +
                std::string(128, '0') +
                "0100000061"
                "020000007b7d");
  EXPECT_EQ(to_hex(record_hash(bytes)),
            "caae84701d49ccb7070348c01311b51518468c3a8bcc2ff3abfb9d5b2d10facf");
}

TEST(AuditRecord, EveryTruncationIsRefused) {
  const auto bytes = encode(sample());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto decoded = decode_record(std::span(bytes).first(length));
    ASSERT_FALSE(decoded) << length;
    EXPECT_EQ(decoded.error().code, ErrorCode::truncated) << length;
  }
}

TEST(AuditRecord, ABrokenFieldIsRefusedAtItsPlace) {
  const auto good = encode(sample());
  const auto broken = [&](size_t at, uint8_t value) {
    auto bytes = good;
    bytes[at] = static_cast<std::byte>(value);
    return decode_record(bytes).error();
  };
  EXPECT_EQ(broken(0, 'X'), Error::at(ErrorCode::malformed, "audit.tag", 0));
  EXPECT_EQ(broken(84, 65), Error::at(ErrorCode::limit_exceeded, "audit.max_kind_bytes", 84));
  EXPECT_EQ(broken(84, 0), Error::at(ErrorCode::malformed, "audit.kind", 84));
  EXPECT_EQ(broken(88, 'R'), Error::at(ErrorCode::malformed, "audit.kind", 84));
  EXPECT_EQ(broken(102, 0x02), Error::at(ErrorCode::limit_exceeded, "audit.max_body_bytes", 99));
  auto longer = good;
  longer.push_back(std::byte{0});
  EXPECT_EQ(decode_record(longer).error(),
            Error::at(ErrorCode::malformed, "audit.trailing-bytes", good.size()));
}

}  // namespace
}  // namespace safelight::audit
