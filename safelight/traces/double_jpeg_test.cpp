#include "safelight/traces/double_jpeg.h"

#include <gtest/gtest.h>

#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"

namespace safelight::traces {
namespace {

Trace aligned(const std::vector<std::byte>& file) {
  return aligned_double_jpeg(LumaCoefficients(file).plane);
}

Picture saved(const Picture& picture, int quality) {
  return decode_jpeg(encode_jpeg(picture, {.quality = quality}));
}

TEST(AlignedDoubleJpeg, IsNotFoundAfterOneCompression) {
  const Picture chart = textured_chart(512, 512, 1);
  for (const int quality : {60, 75, 90, 98}) {
    const Trace trace = aligned(encode_jpeg(chart, {.quality = quality}));
    EXPECT_EQ(trace.presence, Presence::not_found) << quality << " " << trace.statistic;
  }
}

TEST(AlignedDoubleJpeg, IsPresentWhereTheSecondCompressionIsFiner) {
  const Picture chart = textured_chart(512, 512, 2);
  for (const auto& [first, second] : {std::pair{60, 75}, {70, 90}, {85, 92}, {92, 98}}) {
    const Trace trace = aligned(encode_jpeg(saved(chart, first), {.quality = second}));
    EXPECT_EQ(trace.presence, Presence::present)
        << first << " " << second << " " << trace.statistic;
  }
}

TEST(AlignedDoubleJpeg, IsNotFoundWhereTheFirstGridIsAnother) {
  const Picture cut = crop(saved(textured_chart(528, 528, 3), 70), 3, 5, 512, 512);
  EXPECT_EQ(aligned(encode_jpeg(cut, {.quality = 92})).presence, Presence::not_found);
}

TEST(AlignedDoubleJpeg, CannotBeAssessedInSmallOrFlatPictures) {
  EXPECT_EQ(aligned(encode_jpeg(textured_chart(120, 400, 1), {})).reason, "too small");
  Picture flat;
  flat.shape = {400, 400, 3};
  flat.samples.resize(480'000, 100);
  const Trace trace = aligned(encode_jpeg(flat, {}));
  EXPECT_EQ(trace.presence, Presence::not_assessable);
  EXPECT_EQ(trace.reason, "too flat, or too strongly compressed");
}

TEST(AlignedDoubleJpeg, CannotBeAssessedFromCoefficientsThatDoNotFit) {
  const std::vector<int16_t> values(64 * 64 * 63);
  CoefficientPlane plane;
  plane.blocks_wide = 64;
  plane.blocks_high = 64;
  plane.values = values;
  EXPECT_EQ(aligned_double_jpeg(plane).presence, Presence::not_assessable);
  EXPECT_EQ(aligned_double_jpeg({}).presence, Presence::not_assessable);
}

TEST(ShiftedDoubleJpeg, IsNotFoundAfterOneCompressionOrTwoOnOneGrid) {
  const Picture chart = textured_chart(512, 512, 4);
  for (const int quality : {60, 75, 90, 98}) {
    EXPECT_EQ(shifted_double_jpeg(saved(chart, quality)).presence, Presence::not_found) << quality;
  }
  EXPECT_EQ(shifted_double_jpeg(saved(saved(chart, 70), 92)).presence, Presence::not_found);
}

TEST(ShiftedDoubleJpeg, IsPresentAfterCroppingOffTheGrid) {
  const Picture once = saved(textured_chart(528, 528, 5), 70);
  for (const auto& [left, top] : {std::pair{1u, 0u}, {0u, 4u}, {3u, 5u}, {7u, 7u}}) {
    const Trace trace = shifted_double_jpeg(saved(crop(once, left, top, 512, 512), 92));
    EXPECT_EQ(trace.presence, Presence::present) << left << " " << top << " " << trace.statistic;
  }
  EXPECT_EQ(shifted_double_jpeg(saved(crop(once, 8, 16, 512, 512), 92)).presence,
            Presence::not_found);
}

TEST(ShiftedDoubleJpeg, WorksOnGreyPictures) {
  const Picture once = saved(textured_chart(528, 528, 6, 1), 70);
  ASSERT_EQ(once.shape.channels, 1u);
  EXPECT_EQ(shifted_double_jpeg(saved(crop(once, 2, 2, 512, 512), 90)).presence, Presence::present);
}

TEST(ShiftedDoubleJpeg, CannotBeAssessedInSmallFlatOrBrokenPictures) {
  EXPECT_EQ(shifted_double_jpeg(textured_chart(191, 400, 1)).reason, "too small");
  Picture flat;
  flat.shape = {400, 400, 1};
  flat.samples.resize(160'000, 100);
  EXPECT_EQ(shifted_double_jpeg(flat).reason, "too flat");
  flat.samples.pop_back();
  EXPECT_EQ(shifted_double_jpeg(flat).presence, Presence::not_assessable);
}

}  // namespace
}  // namespace safelight::traces
