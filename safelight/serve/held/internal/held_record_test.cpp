#include "safelight/serve/held/internal/held_record.h"

#include <gtest/gtest.h>

#include "safelight/base/replaced_for_test.h"

namespace safelight::serve::held {
namespace {

const HeldId kId{"00112233445566778899aabbccddeeff"};

KeyRecord key_record() {
  std::array<std::byte, SealKey::kBytes> key{};
  key.fill(std::byte{7});
  return {{kId, {{1, 2, 3}}, 5, 1'700'000'000'000'000'000, 4, "platform \"x\""}, SealKey(key)};
}

TEST(HeldRecordTest, AKeyRecordReadsAsItWasWritten) {
  const SecretBytes bytes = encode(key_record());
  const auto read = decode_key_record(bytes.bytes());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->upload, key_record().upload);
  EXPECT_TRUE(std::ranges::equal(read->key.bytes(), key_record().key.bytes()));
}

TEST(HeldRecordTest, AKeyRecordCutAnywhereIsRefused) {
  const SecretBytes record = encode(key_record());
  const std::span<const std::byte> bytes = record.bytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto read = decode_key_record(bytes.first(size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code,
              size < SealKey::kBytes ? ErrorCode::truncated : ErrorCode::malformed);
  }
}

TEST(HeldRecordTest, AHoldRecordReadsAsItWasWrittenAndEachPartIsChecked) {
  const HoldRecord record{kId, 3, {{2, "court order", "lead", 10, 20}}};
  const std::string text = encode(record);
  const auto read = decode_hold_record(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, kId);
  EXPECT_EQ(read->next_number, 3u);
  EXPECT_EQ(read->holds, record.holds);
  for (const auto& [from, to] : {std::pair{"\"version\":1", "\"version\":2"},
                                 {"0011", "ZZ11"},
                                 {"\"reason\"", "\"other\""},
                                 {"\"number\":2", "\"number\":-2"},
                                 {"\"placed_ns\":10", "\"placed_ns\":\"10\""}}) {
    EXPECT_FALSE(decode_hold_record(replaced(text, from, to))) << from;
  }
}

TEST(HeldRecordTest, AnIdIs32LowerCaseDigits) {
  EXPECT_TRUE(held_id_from_text(kId.text));
  EXPECT_FALSE(held_id_from_text("../112233445566778899aabbccddeeff"));
  EXPECT_FALSE(held_id_from_text("00112233445566778899AABBCCDDEEFF"));
  EXPECT_FALSE(held_id_from_text(kId.text + "0"));
}

}  // namespace
}  // namespace safelight::serve::held
