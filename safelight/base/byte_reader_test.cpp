#include "safelight/base/byte_reader.h"

#include <gtest/gtest.h>

#include "safelight/base/byte_writer.h"
#include "safelight/base/checked.h"

namespace safelight {
namespace {

std::vector<std::byte> sample() {
  ByteWriter out;
  out.u8(0x11);
  out.u16_le(0x2233);
  out.u32_le(0x44556677);
  out.u64_le(0x8899aabbccddeeff);
  out.sized_text("name");
  return std::move(out).take();
}

TEST(ByteReader, ReadsBackWhatTheWriterWrote) {
  const auto bytes = sample();
  ByteReader in(bytes);
  EXPECT_EQ(*in.u8(), 0x11);
  EXPECT_EQ(*in.u16_le(), 0x2233);
  EXPECT_EQ(*in.u32_le(), 0x44556677u);
  EXPECT_EQ(*in.u64_le(), 0x8899aabbccddeeffu);
  EXPECT_EQ(*in.text(*in.u32_le()), "name");
  EXPECT_TRUE(in.at_end());
}

TEST(ByteReader, ReadsBigEndian) {
  const auto bytes = sample();
  ByteReader in(bytes);
  ASSERT_TRUE(in.skip(1));
  EXPECT_EQ(*in.u16_be(), 0x3322);
  EXPECT_EQ(*in.u32_be(), 0x77665544u);
  EXPECT_EQ(*in.u64_be(), 0xffeeddccbbaa9988u);
}

TEST(ByteReader, AFailedReadIsTruncatedWhereItBeganAndMovesNothing) {
  const auto bytes = sample();
  ByteReader in(bytes, 1000);
  ASSERT_TRUE(in.seek(bytes.size() - 3));
  const auto result = in.u32_le();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::truncated);
  EXPECT_EQ(result.error().offset_bytes, 1000 + bytes.size() - 3);
  EXPECT_EQ(in.remaining(), 3u);
  EXPECT_FALSE(in.skip(UINT64_MAX));
  EXPECT_FALSE(in.seek(UINT64_MAX));
  EXPECT_EQ(in.remaining(), 3u);
}

TEST(Checked, OverflowGivesNothing) {
  EXPECT_EQ(checked_mul<uint32_t>(65'536, 65'535), 4'294'901'760u);
  EXPECT_FALSE(checked_mul<uint32_t>(65'536, 65'536));
  EXPECT_EQ(checked_add<uint64_t>(UINT64_MAX, 0), UINT64_MAX);
  EXPECT_FALSE(checked_add<uint64_t>(UINT64_MAX, 1));
}

}  // namespace
}  // namespace safelight
