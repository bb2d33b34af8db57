#include "safelight/metadata/exif/maker_note.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

using namespace std::string_literals;

MakerNote read(const std::string& note, std::string_view make = "",
               const MetadataLimits& limits = {}) {
  return read_maker_note(bytes_of(note), make, ByteOrder::little_endian, limits);
}

std::string apple_note() {
  return "Apple iOS\0\0\1MM"s + be(1, 2) + be(0x11, 2) + be(2, 2) + be(8, 4) + be(32, 4) +
         be(0, 4) + "570F146\0"s;
}

TEST(MakerNote, NamesTheVendorByHeader) {
  EXPECT_EQ(read("Nikon\0\2\0"s).vendor, "Nikon");
  EXPECT_EQ(read("OLYMPUS\0II"s).vendor, "Olympus");
  EXPECT_EQ(read("FUJIFILM\x0c\0\0\0"s, "FUJIFILM").vendor, "Fujifilm");
  EXPECT_EQ(read("HDRP\3..."s, "Google").vendor, "Google");
  EXPECT_EQ(read("fooocus").vendor, "");
  EXPECT_EQ(read("").vendor, "");
}

TEST(MakerNote, NamesAHeaderlessVendorOnlyWhereADirectoryStands) {
  const std::string directory = le(1, 2) + std::string(12, 'x');
  EXPECT_EQ(read(directory, "Canon").vendor, "Canon");
  EXPECT_EQ(read(directory, "SAMSUNG").vendor, "Samsung");
  EXPECT_EQ(read(directory, "Somebody").vendor, "");
  EXPECT_EQ(read(le(2, 2) + std::string(12, 'x'), "Canon").vendor, "");
  EXPECT_EQ(read(le(513, 2) + std::string(8000, 'x'), "Canon").vendor, "");
  EXPECT_EQ(read("no directory", "Canon").vendor, "");
}

TEST(MakerNote, ReadsApplesContentIdentifier) {
  EXPECT_EQ(read(apple_note()).content_identifier, "570F146");
  EXPECT_EQ(read(apple_note(), "", {.max_text_bytes = 6}).content_identifier, "");
}

TEST(MakerNote, StandsEveryTruncation) {
  const std::string note = apple_note();
  for (size_t size = 0; size < note.size(); ++size) {
    const MakerNote out = read(note.substr(0, size));
    EXPECT_EQ(out.vendor.empty(), size < 10) << size;
    EXPECT_TRUE("570F146"s.starts_with(out.content_identifier));
  }
}

}  // namespace
}  // namespace safelight::metadata
