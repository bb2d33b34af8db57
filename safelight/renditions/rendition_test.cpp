#include "safelight/renditions/rendition.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

namespace safelight {
namespace {

constexpr RenditionStyle kStyles[] = {RenditionStyle::drawing, RenditionStyle::blur,
                                      RenditionStyle::grey, RenditionStyle::colour};

Picture filled(uint32_t width, uint32_t height, uint32_t channels, uint8_t value) {
  Picture picture{{width, height, channels}, {}};
  picture.samples.assign(height * picture.shape.row_bytes(), value);
  return picture;
}

/// Stripes of full contrast, `cycles` of them across.
Picture stripes(uint32_t width, uint32_t height, uint32_t cycles) {
  Picture picture = filled(width, height, 1, 0);
  for (size_t i = 0; i < picture.samples.size(); ++i)
    picture.samples[i] = (i % width * 2 * cycles / width) % 2 == 0 ? 255 : 0;
  return picture;
}

int range_of(const Picture& picture) {
  const auto [low, high] = std::minmax_element(picture.samples.begin(), picture.samples.end());
  return *high - *low;
}

TEST(RenditionSize, KeepsTheAspectAndNeverEnlarges) {
  EXPECT_EQ(rendition_size({4000, 3000}, 192), (RenditionSize{192, 144}));
  EXPECT_EQ(rendition_size({3000, 4000}, 192), (RenditionSize{144, 192}));
  EXPECT_EQ(rendition_size({100, 50}, 192), (RenditionSize{100, 50}));
  EXPECT_EQ(rendition_size({192, 192}, 192), (RenditionSize{192, 192}));
  EXPECT_EQ(rendition_size({UINT32_MAX, 1}, 192), (RenditionSize{192, 1}));
  EXPECT_EQ(rendition_size({1, 65'535}, 192), (RenditionSize{1, 192}));
}

TEST(Rendition, OfAnyShapeIsWithinItsSize) {
  for (const RenditionSize size : {RenditionSize{1, 1}, {2, 1}, {3000, 1}, {1, 3000}, {300, 200}}) {
    for (const uint32_t channels : {1u, 3u}) {
      const Picture picture = filled(size.width, size.height, channels, 77);
      for (const RenditionStyle style : kStyles) {
        const Picture shown = render(picture, 1, style, 100);
        const RenditionSize expected = rendition_size(size, 100);
        const uint32_t kept = style == RenditionStyle::colour ? channels : 1;
        EXPECT_EQ(shown.shape, (PictureShape{expected.width, expected.height, kept}));
        EXPECT_EQ(shown.samples.size(), shown.shape.height * shown.shape.row_bytes());
      }
    }
  }
}

TEST(Rendition, OfOneTintIsThatTintAndADrawingOfItWhite) {
  for (const uint8_t value : std::array<uint8_t, 4>{0, 1, 128, 255}) {
    const Picture picture = filled(300, 200, 3, value);
    for (const RenditionStyle style : kStyles) {
      const Picture shown = render(picture, 1, style, kCoveredSide);
      const uint8_t expected = style == RenditionStyle::drawing ? 255 : value;
      EXPECT_EQ(std::count(shown.samples.begin(), shown.samples.end(), expected),
                static_cast<ptrdiff_t>(shown.samples.size()))
          << to_text(style);
    }
  }
}

TEST(Rendition, IsTurnedByEachOrientation) {
  // A letter with no symmetry: what EXIF's table says of rows and columns, written out.
  const Picture stored{{2, 3, 1}, {1, 2, 3, 4, 5, 6}};
  const std::array<Picture, 8> seen = {
      Picture{{2, 3, 1}, {1, 2, 3, 4, 5, 6}}, Picture{{2, 3, 1}, {2, 1, 4, 3, 6, 5}},
      Picture{{2, 3, 1}, {6, 5, 4, 3, 2, 1}}, Picture{{2, 3, 1}, {5, 6, 3, 4, 1, 2}},
      Picture{{3, 2, 1}, {1, 3, 5, 2, 4, 6}}, Picture{{3, 2, 1}, {5, 3, 1, 6, 4, 2}},
      Picture{{3, 2, 1}, {6, 4, 2, 5, 3, 1}}, Picture{{3, 2, 1}, {2, 4, 6, 1, 3, 5}}};
  for (uint8_t orientation = 1; orientation <= 8; ++orientation) {
    const Picture shown = render(stored, orientation, RenditionStyle::colour, 192);
    EXPECT_EQ(shown.shape, seen[orientation - 1].shape) << int{orientation};
    EXPECT_EQ(shown.samples, seen[orientation - 1].samples) << int{orientation};
  }
}

TEST(Rendition, ABlurLeavesNothingOfFinePatterns) {
  for (const RenditionSize size :
       {RenditionSize{192, 192}, {1600, 1600}, {1600, 1200}, {400, 40}}) {
    // Whole pixels a stripe in the small one: stripes of unequal width have a coarse pattern
    // besides.
    for (const uint32_t cycles : {16u, 24u, 48u}) {
      // In a strip the blur follows the longer side, over which there are more cycles.
      const uint32_t across = cycles * size.width / std::min(size.width, size.height);
      if (2 * across > size.width) continue;
      const Picture shown =
          render(stripes(size.width, size.height, across), 1, RenditionStyle::blur, kCoveredSide);
      Picture inner =
          shown;  // The edge repeats beyond itself, so half a stripe more is seen there.
      const uint32_t margin = shown.shape.width / 5;
      inner.samples.clear();
      for (uint32_t y = 0; y < shown.shape.height; ++y) {
        const auto row = shown.row(y).subspan(margin, shown.shape.width - 2 * margin);
        inner.samples.insert(inner.samples.end(), row.begin(), row.end());
      }
      EXPECT_LE(range_of(inner), 4) << size.width << 'x' << size.height << ' ' << cycles;
    }
  }
}

TEST(Rendition, ADrawingHasLinesAtEdgesAndNoneElsewhereHoweverDark) {
  for (const int bright : {250, 60}) {
    Picture picture = filled(192, 128, 1, 20);
    for (uint32_t y = 0; y < 128; ++y)
      std::fill_n(picture.samples.begin() + y * 192 + 96, 96, static_cast<uint8_t>(bright));
    const Picture shown = render(picture, 1, RenditionStyle::drawing, 192);
    const auto row = shown.row(64);
    EXPECT_LT(*std::min_element(row.begin() + 88, row.begin() + 104), 100) << bright;
    EXPECT_EQ(row[40], 255);
    EXPECT_EQ(row[150], 255);
  }
}

TEST(Rendition, ADrawingHasLinesBetweenColoursOfOneLightnessAndWhereContrastIsLow) {
  using Colours = std::array<std::array<uint8_t, 3>, 2>;
  for (const Colours& halves :
       {Colours{{{180, 80, 80}, {60, 141, 85}}}, Colours{{{105, 105, 105}, {132, 132, 132}}}}) {
    Picture picture = filled(192, 128, 3, 0);
    for (size_t i = 0; i < picture.samples.size(); ++i)
      picture.samples[i] = halves[i / 3 % 192 < 96 ? 0 : 1][i % 3];
    const Picture shown = render(picture, 1, RenditionStyle::drawing, 192);
    const auto row = shown.row(64);
    EXPECT_LT(*std::min_element(row.begin() + 88, row.begin() + 104), 245) << int{halves[0][0]};
    EXPECT_EQ(row[40], 255);
    EXPECT_EQ(row[150], 255);
  }
}

TEST(Rendition, CoveredOnesAreNeverLarge) {
  const Picture picture = filled(1000, 800, 1, 100);
  EXPECT_EQ(render(picture, 1, RenditionStyle::blur, 1000).shape.width, kMaxCoveredSide);
  EXPECT_EQ(render(picture, 1, RenditionStyle::drawing, 1000).shape.width, kMaxCoveredSide);
  EXPECT_EQ(render(picture, 1, RenditionStyle::grey, 1000).shape.width, 1000u);
}

TEST(Rendition, GreyWeighsColoursByTheirLuma) {
  const Picture picture{{3, 1, 3}, {255, 0, 0, 0, 255, 0, 0, 0, 255}};
  EXPECT_EQ(render(picture, 1, RenditionStyle::grey, 192).samples,
            (std::vector<uint8_t>{77, 149, 29}));
}

}  // namespace
}  // namespace safelight
