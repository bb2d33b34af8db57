#include "safelight/audit/heads/signed_head.h"

#include <gtest/gtest.h>

#include "safelight/audit/heads/heads_for_test.h"

namespace safelight::audit {
namespace {

constexpr std::string_view kCase = "00000000-0000-4000-8000-000000000001";

class SignedHeadTest : public testing::Test {
 protected:
  SigningKey key_ = SigningKey::make();
  SignedHead head_ = sign_head(key_, std::string(kCase), test::head_of_size(7), 1'700'000'000'000);
  std::string line_ = to_line(head_);

  [[nodiscard]] bool verifies(const SignedHead& head) const {
    return check_signature(head, key_.public_key()).has_value();
  }
  /// The error of the line with the field of that number, from 0, replaced.
  [[nodiscard]] Error with_field(size_t number, std::string_view text) const {
    size_t begin = 0;
    for (size_t i = 0; i < number; ++i) begin = line_.find(' ', begin) + 1;
    const size_t end = std::min(line_.find(' ', begin), line_.size());
    const auto read = parse_head_line(std::string(line_).replace(begin, end - begin, text));
    return read ? Error{} : read.error();
  }
  [[nodiscard]] size_t field_at(size_t number) const {
    size_t begin = 0;
    for (size_t i = 0; i < number; ++i) begin = line_.find(' ', begin) + 1;
    return begin;
  }
};

TEST_F(SignedHeadTest, IsReadAsItWasWritten) {
  EXPECT_LE(line_.size(), kMaxHeadLineBytes);
  const auto read = parse_head_line(line_);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, head_);
  EXPECT_TRUE(verifies(*read));
}

TEST_F(SignedHeadTest, TheLongestLineIsWithinItsLimit) {
  TreeHead head = test::head_of_size(1);
  head.size = std::numeric_limits<uint64_t>::max();
  const auto longest = sign_head(key_, std::string(kMaxLogNameBytes, 'a'), head,
                                 std::numeric_limits<int64_t>::min());
  EXPECT_LE(to_line(longest).size(), kMaxHeadLineBytes);
  const auto read = parse_head_line(to_line(longest));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, longest);
  const auto longer = parse_head_line(std::string(kMaxHeadLineBytes + 1, 'a'));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error(),
            Error::at(ErrorCode::limit_exceeded, "head.max_line_bytes", kMaxHeadLineBytes));
}

TEST_F(SignedHeadTest, TheSignatureIsOverEveryField) {
  EXPECT_TRUE(verifies(head_));
  SignedHead changed = head_;
  changed.log = "server:1";
  EXPECT_FALSE(verifies(changed));
  changed = head_;
  ++changed.head.size;
  EXPECT_FALSE(verifies(changed));
  changed = head_;
  changed.head.root.bytes[31] ^= 1;
  EXPECT_FALSE(verifies(changed));
  changed = head_;
  ++changed.time_ns;
  EXPECT_FALSE(verifies(changed));
  changed = head_;
  changed.signature.bytes[0] ^= 1;
  EXPECT_EQ(check_signature(changed, key_.public_key()).error(),
            (Error{ErrorCode::integrity_mismatch, "head.signature"}));
  changed = head_;
  changed.key.bytes[0] ^= 1;
  EXPECT_EQ(check_signature(changed, key_.public_key()).error(),
            (Error{ErrorCode::not_found, "head.key"}));
}

TEST_F(SignedHeadTest, CutAnywhereItIsTruncated) {
  for (size_t length = 0; length < line_.size(); ++length) {
    const auto read = parse_head_line(std::string_view(line_).substr(0, length));
    ASSERT_FALSE(read) << length;
    EXPECT_EQ(read.error().code, ErrorCode::truncated) << length;
  }
}

TEST_F(SignedHeadTest, EachFieldHasItsRule) {
  EXPECT_EQ(with_field(0, "safelight-tree-head-2"), Error::at(ErrorCode::malformed, "head.tag", 0));
  for (const std::string& log : {std::string(), std::string("a/b"), std::string(129, 'a')}) {
    EXPECT_EQ(with_field(1, log), Error::at(ErrorCode::malformed, "head.log", field_at(1)));
  }
  for (const char* size : {"", "07", "-7", "+7", "7x", "18446744073709551616"}) {
    EXPECT_EQ(with_field(2, size), Error::at(ErrorCode::malformed, "head.size", field_at(2)));
  }
  for (const std::string& root : {std::string(64, 'A'), std::string(64, 'g'), std::string("00")}) {
    EXPECT_EQ(with_field(3, root), Error::at(ErrorCode::malformed, "head.root", field_at(3)));
  }
  for (const char* time : {"", "1.5", "-0", "9223372036854775808"}) {
    EXPECT_EQ(with_field(4, time), Error::at(ErrorCode::malformed, "head.time", field_at(4)));
  }
  EXPECT_EQ(with_field(5, std::string(15, '0')),
            Error::at(ErrorCode::malformed, "head.key-id", field_at(5)));
  for (const std::string& signature : {std::string(128, 'F'), std::string(129, '0')}) {
    EXPECT_EQ(with_field(6, signature),
              Error::at(ErrorCode::malformed, "head.signature", field_at(6)));
  }
}

// The example of docs/formats/audit.md: RFC 8032 section 7.1, TEST 2, is the key.
TEST(SignedHead, IsWrittenAsDocumented) {
  PublicKey key =
      *PublicKey::parse("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string line =
      "safelight-tree-head-1 server:1 1 "
      "caae84701d49ccb7070348c01311b51518468c3a8bcc2ff3abfb9d5b2d10facf"
      " 1700000000000000000 deb2ded39dc26fce "
      "72d2aa9c766475ff67b80e64e7873e4ed3b29bfc75770d88b6c7aea822cfbb6306cced2dd33611786f5ed3b84aed"
      "6fcf713e0e1af92cef2ff75a4c03402d0d0f";
  const auto head = parse_head_line(line);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->log, "server:1");
  EXPECT_EQ(head->head.size, 1u);
  EXPECT_EQ(head->time_ns, 1'700'000'000'000'000'000);
  EXPECT_TRUE(check_signature(*head, key));
  EXPECT_EQ(to_line(*head), line);
}

}  // namespace
}  // namespace safelight::audit
