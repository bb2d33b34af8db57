#include "safelight/metadata/ifd.h"

#include <gtest/gtest.h>

#include "safelight/base/byte_writer.h"

namespace safelight::metadata {
namespace {

/// A little-endian structure with one directory: width 7, orientation 6, two strips.
std::vector<std::byte> small_tiff() {
  ByteWriter out;
  out.text("II");
  out.u16_le(42);
  out.u32_le(8);
  out.u16_le(3);
  const auto entry = [&](uint16_t tag, uint16_t type, uint32_t count, uint32_t value) {
    out.u16_le(tag);
    out.u16_le(type);
    out.u32_le(count);
    out.u32_le(value);
  };
  entry(256, 3, 1, 7);
  entry(273, 4, 2, 50);  // 8 + 2 + 36 + 4
  entry(274, 3, 1, 6);
  out.u32_le(1234);
  out.u32_le(100);
  out.u32_le(200);
  return std::move(out).take();
}

TEST(Ifd, ReadsEntriesValuesAndTheNextOffset) {
  const auto bytes = small_tiff();
  const auto reader = IfdReader::open(bytes);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->first_offset_bytes(), 8u);
  const auto ifd = reader->read(8);
  ASSERT_TRUE(ifd);
  EXPECT_EQ(ifd->entries.size(), 3u);
  EXPECT_EQ(ifd->next_offset_bytes, 1234u);
  EXPECT_EQ(reader->value_of(*ifd, 256), 7u);
  EXPECT_EQ(reader->value(*ifd->find(273), 1), 200u);
  EXPECT_EQ(reader->value(*ifd->find(273), 2), std::nullopt);
  EXPECT_EQ(reader->value_of(*ifd, 999), std::nullopt);
  EXPECT_EQ(orientation_of(*reader, *ifd), 6);
}

TEST(Ifd, ReadsOrientationOutOfExifWithAndWithoutItsPrefix) {
  auto bytes = small_tiff();
  EXPECT_EQ(exif_orientation(bytes), 6);
  const auto prefix = std::as_bytes(std::span("Exif\0", 6));
  bytes.insert(bytes.begin(), prefix.begin(), prefix.end());
  EXPECT_EQ(exif_orientation(bytes), 6);
  EXPECT_EQ(exif_orientation({}), 1);
}

TEST(Ifd, ReadsBigEndianBigTiff) {
  const auto text = std::string_view(
      "MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10"
      "\0\0\0\0\0\0\0\1\1\x12\0\3\0\0\0\0\0\0\0\1\0\3\0\0\0\0\0\0"
      "\0\0\0\0\0\0\0\0",
      16 + 8 + 20 + 8);
  const auto bytes = std::as_bytes(std::span(text));
  const auto reader = IfdReader::open(bytes);
  ASSERT_TRUE(reader);
  const auto ifd = reader->read(reader->first_offset_bytes());
  ASSERT_TRUE(ifd);
  EXPECT_EQ(orientation_of(*reader, *ifd), 3);
}

TEST(Ifd, IsAnErrorOrLessAtEveryTruncation) {
  const auto bytes = small_tiff();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = std::span(bytes).first(size);
    const auto reader = IfdReader::open(cut);
    if (size < 8) {
      EXPECT_EQ(reader.error().code, ErrorCode::truncated) << size;
      continue;
    }
    ASSERT_TRUE(reader);
    const auto ifd = reader->read(8);
    if (size <
        42) {  // the last entry holds its value in place, and that is read only when asked for
      EXPECT_EQ(ifd.error().code, ErrorCode::truncated) << size;
    } else {
      ASSERT_TRUE(ifd) << size;
      EXPECT_EQ(reader->value(*ifd->find(273), 1), std::nullopt) << size;
    }
  }
}

TEST(Ifd, RefusesMoreEntriesThanItsLimit) {
  auto bytes = small_tiff();
  bytes[9] = std::byte{0xff};
  const auto reader = IfdReader::open(bytes);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read(8).error(), Error::at(ErrorCode::limit_exceeded, "max_ifd_entries", 8));
}

TEST(Ifd, ReadsNoMoreOfAChainThanItsLimit) {
  constexpr size_t kDirectories = 100;
  constexpr size_t kStep = 4096 * 12 + 6;
  std::vector<std::byte> bytes(8 + kDirectories * kStep);
  const auto put = [&](size_t at, size_t value, int size) {
    for (int i = 0; i < size; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
  };
  put(0, 0x002a4949, 4);
  put(4, 8, 4);
  for (size_t i = 0; i < kDirectories; ++i) {
    put(8 + i * kStep, 4096, 2);
    put(8 + i * kStep + 2 + size_t{4096} * 12, 8 + (i + 1) * kStep, 4);
  }
  const auto reader = IfdReader::open(bytes);
  ASSERT_TRUE(reader);
  const IfdChain chain = reader->chain(reader->first_offset_bytes());
  EXPECT_EQ(chain.ifds.size(), kMaxChainEntries / 4096);
  EXPECT_EQ(chain.damage->rule, "max_chain_entries");
}

TEST(Ifd, RefusesAnotherSignature) {
  auto bytes = small_tiff();
  bytes[2] = std::byte{41};
  EXPECT_EQ(IfdReader::open(bytes).error(), Error::at(ErrorCode::malformed, "tiff.signature", 2));
  bytes[0] = std::byte{'X'};
  EXPECT_EQ(IfdReader::open(bytes).error(), Error::at(ErrorCode::malformed, "tiff.signature", 0));
}

TEST(Ifd, TakesAnImpossibleOrientationForNone) {
  auto bytes = small_tiff();
  bytes[10 + 24 + 8] = std::byte{9};
  EXPECT_EQ(exif_orientation(bytes), 1);
}

}  // namespace
}  // namespace safelight::metadata
