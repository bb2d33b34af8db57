#include "safelight/metadata/iptc/iim.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

std::string dataset(IimField field, std::string_view value) {
  return "\x1c" + be(field.record, 1) + be(field.dataset, 1) + be(value.size(), 2) +
         std::string(value);
}
Iim read(std::string_view bytes, const MetadataLimits& limits = {}) {
  return read_iim(bytes_of(bytes), {0, bytes.size()}, limits);
}

TEST(Iim, GivesValuesWithTheirPlaces) {
  const std::string bytes = "before" + dataset({1, 90}, "\x1b%G") + dataset(kIimCredit, "Agency") +
                            dataset(kIimOriginatingProgram, "Program") + dataset(kIimCredit, "2");
  const Iim out = read_iim(bytes_of(bytes), {6, bytes.size() - 6}, {});
  EXPECT_FALSE(out.damage);
  EXPECT_TRUE(out.utf8);
  ASSERT_EQ(out.datasets.size(), 4u);
  EXPECT_EQ(out.value(kIimCredit), "Agency");
  EXPECT_EQ(out.value(kIimSource), "");
  EXPECT_EQ(out.datasets[1].place, (ByteRange{19, 6}));
}

TEST(Iim, ReadsExtendedLengthsAndPassesOverPadding) {
  const std::string bytes =
      "\x1c" + be(2, 1) + be(120, 1) + be(0x8004, 2) + be(3, 4) + "abc" + std::string(5, '\0');
  EXPECT_EQ(read(bytes).value(kIimCaption), "abc");
  EXPECT_FALSE(read(bytes).damage);
  EXPECT_EQ(read("\x1c" + be(2, 1) + be(120, 1) + be(0x8009, 2) + std::string(20, 'x')).damage,
            Error::at(ErrorCode::malformed, "iim.length", 0));
}

TEST(Iim, KeepsWhatStandsBeforeEveryTruncation) {
  const std::string bytes = dataset(kIimCredit, "Agency") + dataset(kIimSource, "Source");
  for (size_t size = 1; size < bytes.size(); ++size) {
    if (size == 11) continue;
    const Iim out = read(bytes.substr(0, size));
    ASSERT_TRUE(out.damage) << size;
    EXPECT_EQ(out.damage->code, ErrorCode::truncated);
    EXPECT_EQ(out.datasets.size(), size < 11 ? 0 : 1) << size;
  }
}

TEST(Iim, RefusesAnotherMarker) {
  EXPECT_EQ(read(dataset(kIimCredit, "a") + "x").damage,
            Error::at(ErrorCode::malformed, "iim.tag-marker", 6));
}

TEST(Iim, StopsAtItsLimits) {
  const std::string bytes = dataset(kIimCredit, "a") + dataset(kIimSource, "b");
  EXPECT_EQ(read(bytes, {.max_segments = 1}).damage,
            Error::at(ErrorCode::limit_exceeded, "max_segments", 6));
  EXPECT_EQ(read(bytes, {.max_text_bytes = 2 * sizeof(IimDataset)}).damage,
            Error::at(ErrorCode::limit_exceeded, "max_text_bytes", 6));
}

}  // namespace
}  // namespace safelight::metadata
