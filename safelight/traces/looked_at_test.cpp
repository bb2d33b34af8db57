#include "safelight/traces/looked_at.h"

#include <gtest/gtest.h>

#include "safelight/traces/cfa.h"
#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/double_jpeg.h"
#include "safelight/traces/jpeg_for_test.h"
#include "safelight/traces/resampling.h"

namespace safelight::traces {
namespace {

void expect_same(const Trace& a, const Trace& b) {
  EXPECT_EQ(a.presence, b.presence);
  EXPECT_EQ(a.reason, b.reason);
  EXPECT_EQ(a.statistic, b.statistic);
}

TEST(PixelsLookedAt, GiveTheTracesOfTheWhole) {
  // Sides above and below each of the two sizes that are looked at, odd ones among them.
  for (const auto& [width, height] :
       {std::pair{2111u, 300u}, {300u, 2077u}, {1777u, 301u}, {260u, 260u}}) {
    const Picture whole = textured_chart(width, height, width);
    const Region region = pixels_looked_at(whole.shape);
    EXPECT_LE(region.width, kMaxSideLookedAt);
    EXPECT_LE(region.height, kMaxSideLookedAt);
    EXPECT_EQ(region.left % 8 + region.top % 8, 0u);
    const Picture cut = crop(whole, region.left, region.top, region.width, region.height);
    expect_same(shifted_double_jpeg(cut), shifted_double_jpeg(whole));
    expect_same(resampling(cut), resampling(whole));
    expect_same(colour_filter_array(cut), colour_filter_array(whole));
  }
}

TEST(BlockRowsLookedAt, GiveTheTraceOfAllRows) {
  for (const auto& [width, height] : {std::pair{512u, 512u}, {1400u, 1301u}}) {
    const Picture once =
        decode_jpeg(encode_jpeg(textured_chart(width, height, 1), {.quality = 70}));
    const LumaCoefficients luma(encode_jpeg(once, {.quality = 92}));
    CoefficientPlane plane = luma.plane;
    const Trace all = aligned_double_jpeg(plane);
    EXPECT_EQ(all.presence, Presence::present);
    const auto rows = block_rows_looked_at(plane.blocks_wide, plane.blocks_high);
    std::vector<int16_t> chosen;
    for (const uint32_t row : rows) {
      const auto values = luma.plane.values.subspan(size_t{row} * plane.blocks_wide * 64,
                                                    size_t{plane.blocks_wide} * 64);
      chosen.insert(chosen.end(), values.begin(), values.end());
    }
    plane.values = chosen;
    expect_same(aligned_double_jpeg(plane), all);
  }
}

TEST(BlockRowsLookedAt, AreBoundedWhateverTheSize) {
  EXPECT_TRUE(block_rows_looked_at(0, 100).empty());
  EXPECT_TRUE(block_rows_looked_at(100, 1).empty());
  for (const auto& [wide, high] : {std::pair{8192u, 8192u}, {16u, 8192u}, {8192u, 16u}}) {
    const auto rows = block_rows_looked_at(wide, high);
    ASSERT_FALSE(rows.empty());
    EXPECT_LE(rows.size() * wide, 24'000u);
    EXPECT_LT(rows.back(), high);
  }
}

}  // namespace
}  // namespace safelight::traces
