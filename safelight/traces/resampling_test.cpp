#include "safelight/traces/resampling.h"

#include <gtest/gtest.h>

#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"

namespace safelight::traces {
namespace {

TEST(Resampling, IsNotFoundInWhatWasNotScaled) {
  for (uint32_t seed = 1; seed < 6; ++seed) {
    const Picture chart = textured_chart(512, 480, seed);
    EXPECT_EQ(resampling(chart).presence, Presence::not_found) << resampling(chart).statistic;
    const Picture saved = decode_jpeg(encode_jpeg(chart, {.quality = 85}));
    EXPECT_EQ(resampling(saved).presence, Presence::not_found) << resampling(saved).statistic;
  }
}

TEST(Resampling, IsPresentInWhatWasEnlarged) {
  const Picture chart = textured_chart(400, 400, 7);
  for (const double factor : {1.15, 1.3, 1.7, 1.9}) {
    const Trace trace = resampling(enlarged(chart, factor));
    EXPECT_EQ(trace.presence, Presence::present) << factor << " " << trace.statistic;
  }
}

TEST(Resampling, IsPresentInGreyPicturesToo) {
  EXPECT_EQ(resampling(enlarged(textured_chart(400, 400, 8, 1), 1.3)).presence, Presence::present);
}

TEST(Resampling, CannotBeAssessedInSmallFlatOrBrokenPictures) {
  EXPECT_EQ(resampling(textured_chart(255, 400, 1)).reason, "too small");
  Picture flat;
  flat.shape = {400, 400, 1};
  flat.samples.resize(160'000, 100);
  EXPECT_EQ(resampling(flat).reason, "too flat");
  flat.samples.pop_back();
  EXPECT_EQ(resampling(flat).presence, Presence::not_assessable);
}

}  // namespace
}  // namespace safelight::traces
