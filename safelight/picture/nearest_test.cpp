#include "safelight/picture/nearest.h"

#include <cmath>
#include <gtest/gtest.h>

namespace safelight {
namespace {

TEST(NearestGrid, KeepsAPictureOfAtMost512) {
  const auto grid = NearestGrid::for_shape(512, 300);
  EXPECT_EQ(grid.columns.size(), 512u);
  EXPECT_EQ(grid.rows.size(), 300u);
  EXPECT_EQ(grid.rows[299], 299u);
}

TEST(NearestGrid, BringsBothSidesTo512WhereOneIsLarger) {
  const auto grid = NearestGrid::for_shape(4000, 100);
  ASSERT_EQ(grid.columns.size(), 512u);
  ASSERT_EQ(grid.rows.size(), 512u);
  EXPECT_EQ(grid.rows[511], 99u);
}

TEST(NearestGrid, AgreesWithTheReferenceFormulaInDouble) {
  for (const uint32_t side : {1u, 2u, 511u, 513u, 777u, 4032u, 65'535u}) {
    const auto grid = NearestGrid::for_shape(side, 65'535);
    for (uint32_t i = 0; i < kNearestSide; ++i) {
      EXPECT_EQ(grid.columns[i],
                static_cast<uint32_t>(std::floor(static_cast<double>(i) * side / 512)));
    }
  }
}

TEST(NearestSink, TakesRowsInPiecesOfAnySize) {
  const PictureShape shape{700, 600, 3};
  std::vector<uint8_t> samples(shape.height * shape.row_bytes());
  for (size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<uint8_t>(i * 2654435761u >> 13);
  NearestSink whole;
  whole.begin(shape);
  whole.rows(0, samples);
  NearestSink pieces;
  pieces.begin(shape);
  for (uint32_t y = 0; y < shape.height; y += 7) {
    const size_t count = std::min<size_t>(7, shape.height - y);
    pieces.rows(y, std::span(samples).subspan(y * shape.row_bytes(), count * shape.row_bytes()));
  }
  EXPECT_EQ(whole.picture().samples, pieces.picture().samples);
  const auto grid = NearestGrid::for_shape(700, 600);
  EXPECT_EQ(whole.picture().row(300)[3 * 200 + 1],
            samples[grid.rows[300] * shape.row_bytes() + 3 * grid.columns[200] + 1]);
}

}  // namespace
}  // namespace safelight
