#include "safelight/synthesis/detectors/stratum.h"

#include <gtest/gtest.h>
#include <set>

namespace safelight::synthesis {
namespace {

Stratum of_jpeg(uint32_t width, uint32_t height, std::optional<int> quality) {
  return stratum_of({width, height, 3}, {Storage::jpeg, quality});
}

TEST(Stratum, TheLongerSideSeparatesSizes) {
  EXPECT_EQ(of_jpeg(999, 400, 90).size, SizeBand::small);
  EXPECT_EQ(of_jpeg(1000, 400, 90).size, SizeBand::large);
  EXPECT_EQ(of_jpeg(400, 1000, 90).size, SizeBand::large);
}

TEST(Stratum, QualitySeparatesCompression) {
  EXPECT_EQ(of_jpeg(64, 64, 85).compression, CompressionBand::light);
  EXPECT_EQ(of_jpeg(64, 64, 84).compression, CompressionBand::medium);
  EXPECT_EQ(of_jpeg(64, 64, 60).compression, CompressionBand::medium);
  EXPECT_EQ(of_jpeg(64, 64, 59).compression, CompressionBand::strong);
  EXPECT_EQ(of_jpeg(64, 64, std::nullopt).compression, CompressionBand::unknown);
}

TEST(Stratum, LosslessIsLightAndOtherLossyIsUnknown) {
  EXPECT_EQ(stratum_of({64, 64, 1}, {Storage::lossless, {}}).compression, CompressionBand::light);
  EXPECT_EQ(stratum_of({64, 64, 1}, {Storage::other_lossy, {}}).compression,
            CompressionBand::unknown);
}

TEST(Stratum, EveryNameIsItsOwnAndLeadsBack) {
  std::set<std::string> names;
  std::set<std::string> words;
  for (const Stratum& stratum : all_strata()) {
    EXPECT_EQ(stratum_from_text(to_text(stratum)), stratum);
    names.insert(to_text(stratum));
    words.insert(describe(stratum));
  }
  EXPECT_EQ(names.size(), all_strata().size());
  EXPECT_EQ(words.size(), all_strata().size());
  EXPECT_EQ(stratum_from_text("large/none"), std::nullopt);
  EXPECT_EQ(stratum_from_text(""), std::nullopt);
}

}  // namespace
}  // namespace safelight::synthesis
