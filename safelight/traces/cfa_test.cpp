#include "safelight/traces/cfa.h"

#include <gtest/gtest.h>

#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"

namespace safelight::traces {
namespace {

TEST(ColourFilterArray, IsPresentWhereHalfOfGreenIsInterpolated) {
  for (uint32_t seed = 1; seed < 4; ++seed) {
    const Picture chart = textured_chart(512, 384, seed);
    EXPECT_EQ(colour_filter_array(with_interpolated_green(chart)).presence, Presence::present);
    const Trace without = colour_filter_array(chart);
    EXPECT_EQ(without.presence, Presence::not_found) << without.statistic;
  }
}

TEST(ColourFilterArray, IsNotTakenFromTheGridOfJpeg) {
  for (const int quality : {50, 75, 90}) {
    const Trace trace = colour_filter_array(
        decode_jpeg(encode_jpeg(textured_chart(512, 512, 4), {.quality = quality})));
    EXPECT_EQ(trace.presence, Presence::not_found) << quality << " " << trace.statistic;
  }
}

TEST(ColourFilterArray, IsLostByScaling) {
  const Picture scaled = enlarged(with_interpolated_green(textured_chart(512, 512, 5)), 0.7);
  EXPECT_EQ(colour_filter_array(scaled).presence, Presence::not_found);
}

TEST(ColourFilterArray, CannotBeAssessedInSmallGreyFlatOrBrokenPictures) {
  EXPECT_EQ(colour_filter_array(textured_chart(255, 400, 1)).reason, "too small");
  EXPECT_EQ(colour_filter_array(textured_chart(300, 300, 1, 1)).reason, "grey");
  Picture flat;
  flat.shape = {300, 300, 3};
  flat.samples.resize(270'000, 100);
  EXPECT_EQ(colour_filter_array(flat).reason, "too flat");
  flat.samples.pop_back();
  EXPECT_EQ(colour_filter_array(flat).presence, Presence::not_assessable);
}

}  // namespace
}  // namespace safelight::traces
