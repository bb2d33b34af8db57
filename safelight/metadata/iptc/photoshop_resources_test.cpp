#include "safelight/metadata/iptc/photoshop_resources.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

PhotoshopResources read(std::string_view bytes, const MetadataLimits& limits = {}) {
  return photoshop_resources(bytes_of(bytes), {0, bytes.size()}, limits);
}
std::string sample() {
  return photoshop_resource(0x0404, "odd", "n") + photoshop_resource(0x0424, "even");
}

TEST(PhotoshopResources, GivesIdsAndPlaces) {
  const std::string bytes = sample() + std::string(3, '\0');
  const auto out = read(bytes);
  EXPECT_FALSE(out.damage);
  ASSERT_EQ(out.resources.size(), 2u);
  EXPECT_EQ(out.resources[0].id, kPhotoshopIptc);
  EXPECT_EQ(text_at(bytes_of(bytes), out.resources[0].data), "odd");
  EXPECT_EQ(text_at(bytes_of(bytes), out.resources[1].data), "even");
}

TEST(PhotoshopResources, KeepsWhatStandsBeforeEveryTruncation) {
  const std::string bytes = sample();
  const size_t first = bytes.size() - 16;
  for (size_t size = 1; size < bytes.size(); ++size) {
    const auto out = read(bytes.substr(0, size));
    EXPECT_EQ(out.resources.size(), size < first - 1 ? 0 : 1) << size;
    const bool whole = size == first || size == first - 1;  // with and without its padding
    EXPECT_EQ(out.damage.has_value(), !whole) << size;
  }
}

TEST(PhotoshopResources, RefusesAnotherSignature) {
  EXPECT_EQ(read("8BIX" + std::string(20, 'x')).damage,
            Error::at(ErrorCode::malformed, "photoshop.signature", 0));
}

TEST(PhotoshopResources, StopsAtItsLimit) {
  EXPECT_EQ(read(sample(), {.max_segments = 1}).damage->rule, "max_segments");
}

}  // namespace
}  // namespace safelight::metadata
