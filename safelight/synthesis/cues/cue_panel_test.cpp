#include "safelight/synthesis/cues/cue_panel.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "safelight/digest/digester.h"
#include "safelight/traces/charts_for_test.h"
#include "safelight/traces/jpeg_for_test.h"
#include "safelight/traces/looked_at.h"

namespace safelight::synthesis {
namespace {

using traces::crop;
using traces::textured_chart;

/// A chart whose channels differ, as those of a photograph do.
Picture chart(uint32_t width, uint32_t height, uint32_t seed = 1) {
  return textured_chart(width, height, seed);
}

double value(const CuePanel& panel, std::string_view name) {
  for (const Cue& cue : panel.cues) {
    if (cue.name == name) return cue.value;
  }
  ADD_FAILURE() << name << " " << panel.not_assessable;
  return 0;
}

void expect_panel(const CuePanel& panel) {
  EXPECT_EQ(panel.not_assessable, "");
  ASSERT_EQ(panel.cues.size(), cue_definitions().size());
  for (size_t i = 0; i < panel.cues.size(); ++i) {
    EXPECT_EQ(panel.cues[i].name, cue_definitions()[i].name);
    EXPECT_TRUE(std::isfinite(panel.cues[i].value)) << panel.cues[i].name;
  }
}

TEST(CuePanel, HasEveryCueAndEachIsFinite) {
  expect_panel(cue_panel(chart(700, 300)));
  expect_panel(cue_panel(chart(256, 256)));
  expect_panel(cue_panel(chart(1500, 1100)));
}

TEST(CuePanel, NamesEachCueOnce) {
  std::set<std::string_view> names;
  for (const CueDefinition& cue : cue_definitions()) {
    EXPECT_TRUE(names.insert(cue.name).second) << cue.name;
    EXPECT_FALSE(cue.meaning.empty());
    EXPECT_NE(cue_panel_description().find(cue.name), std::string::npos);
  }
}

TEST(CuePanel, IsTheSameOfThePictureAndOfItsMiddle) {
  for (const auto& [width, height] : {std::pair{2300u, 611u}, {600u, 2301u}}) {
    const Picture whole = chart(width, height);
    const traces::Region region = traces::pixels_looked_at(whole.shape);
    const Picture middle = crop(whole, region.left, region.top, region.width, region.height);
    const CuePanel panel = cue_panel(whole);
    expect_panel(panel);
    EXPECT_EQ(cue_panel(middle, whole.shape).cues, panel.cues);
  }
}

TEST(CuePanel, LooksAtTheMiddleOfTheMiddleOnTheGridOfTheWhole) {
  // What lies outside the middle 512 pixels is of no account at native size.
  Picture picture = chart(2301, 517);
  const CuePanel before = cue_panel(picture);
  const size_t row = picture.shape.row_bytes();
  for (size_t y = 0; y < 517; ++y) {
    std::fill_n(picture.samples.begin() + static_cast<std::ptrdiff_t>(y * row), 3 * 888, 7);
  }
  const CuePanel after = cue_panel(picture);
  for (size_t i = 0; i < 14; ++i) EXPECT_EQ(before.cues[i], after.cues[i]);
}

/// The values of a fixed chart. If this fails because a cue is measured otherwise, raise the
/// version in cue_panel.cpp and fit the model that is shipped again (tools/fit_cue_model).
TEST(CuePanel, IsWhatItsVersionSays) {
  std::string text;
  for (const auto& [width, height] : {std::pair{600u, 420u}, {1800u, 1500u}}) {
    const Picture picture =
        traces::decode_jpeg(traces::encode_jpeg(chart(width, height, 3), {.quality = 90}));
    for (const Cue& cue : cue_panel(picture).cues) {
      char line[100];
      std::snprintf(line, sizeof line, "%s %.8e\n", cue.name.c_str(), cue.value);
      text += line;
    }
  }
  Digester digester;
  const auto digest_of = [&](const std::string& of) {
    return to_hex(digest(digester, std::as_bytes(std::span(of))).sha256);
  };
  EXPECT_EQ(digest_of(text), "898f79656c5ce28655a000154cdf6e13b234cb8daefe691bd163c7b21d78a8ab")
      << text;
  EXPECT_EQ(digest_of(cue_panel_description()),
            "74e3d2bb3c1bf8dcdf26421409fdd664f07357b92a42a7c6a7c0d2d7ff4904ad")
      << cue_panel_description();
}

TEST(CuePanel, SaysWhyAPictureIsNotAssessable) {
  const auto reason = [](const Picture& picture) {
    const CuePanel panel = cue_panel(picture);
    EXPECT_TRUE(panel.cues.empty());
    return panel.not_assessable;
  };
  using testing::HasSubstr;
  EXPECT_THAT(reason(chart(900, 255)), HasSubstr("under 256 pixels"));
  EXPECT_THAT(reason(textured_chart(300, 300, 1, 1)), HasSubstr("grey"));
  Picture grey = chart(300, 300);
  for (size_t i = 0; i < grey.samples.size(); ++i) grey.samples[i] = grey.samples[i / 3 * 3];
  EXPECT_THAT(reason(grey), HasSubstr("grey"));
  Picture flat = chart(300, 300);
  for (size_t i = 0; i < flat.samples.size(); ++i) {
    flat.samples[i] = static_cast<uint8_t>(100 + i % 3 + i / 90000);
  }
  EXPECT_THAT(reason(flat), HasSubstr("flat"));
  Picture drawing = chart(300, 300);
  for (size_t i = 0; i < drawing.samples.size(); ++i) {
    drawing.samples[i] = static_cast<uint8_t>(i / 60 * 37 + i % 3);
  }
  EXPECT_THAT(reason(drawing), HasSubstr("most neighbouring pixels are equal"));
  Picture dithered = chart(300, 300);
  for (uint8_t& sample : dithered.samples) sample = static_cast<uint8_t>(sample / 64 * 80);
  EXPECT_THAT(reason(dithered), HasSubstr("few different colours"));
  EXPECT_THAT(reason(chart(3000, 300)), HasSubstr("too long"));
  Picture short_of_samples = chart(300, 300);
  short_of_samples.samples.pop_back();
  EXPECT_THAT(reason(short_of_samples), HasSubstr("do not fit"));
  EXPECT_THAT(cue_panel(chart(300, 300), {301, 300, 3}).not_assessable, HasSubstr("do not fit"));
  EXPECT_THAT(cue_panel(Picture{}, {}).not_assessable, HasSubstr("do not fit"));
}

TEST(CuePanel, SeesEnlargementByRepetition) {
  const Picture plain = chart(640, 640);
  Picture repeated = plain;
  for (uint32_t y = 0; y < 640; ++y) {
    for (size_t i = 0; i < plain.shape.row_bytes(); ++i) {
      const size_t from = i / 6 * 3 + i % 3;
      repeated.samples[y * plain.shape.row_bytes() + i] = plain.row(y / 2)[from];
    }
  }
  const double before = value(cue_panel(plain), "native.peak_2");
  // The residual is then 0 but at each second place: a comb of period 2.
  EXPECT_GT(value(cue_panel(repeated), "native.peak_2"), before + 1);
}

TEST(CuePanel, SeesThePeriodOfFourPixels) {
  Picture picture = chart(640, 640);
  const double before = value(cue_panel(picture), "native.peak_4");
  for (uint32_t y = 0; y < 640; ++y) {
    for (size_t x = y % 4; x < 640; x += 4) {
      for (size_t c = 0; c < 3; ++c) {
        uint8_t& sample = picture.samples[y * picture.shape.row_bytes() + 3 * x + c];
        sample = static_cast<uint8_t>(std::min(255, sample + 6));
      }
    }
  }
  EXPECT_GT(value(cue_panel(picture), "native.peak_4"), before + 1);
}

TEST(CuePanel, SeesTheGridOfJpegAndWhetherItIsAnother) {
  const Picture plain = chart(656, 656);
  const Picture saved = traces::decode_jpeg(traces::encode_jpeg(plain, {.quality = 40}));
  EXPECT_GT(value(cue_panel(saved), "trace.grid"), value(cue_panel(plain), "trace.grid") + 0.1);
  EXPECT_GT(value(cue_panel(saved), "native.peak_8"), value(cue_panel(plain), "native.peak_8") + 1);
  const Picture cut = crop(saved, 3, 5, 640, 640);
  EXPECT_LT(value(cue_panel(cut), "trace.grid"), 0.1);
  EXPECT_GT(value(cue_panel(cut), "trace.shifted_grid"),
            value(cue_panel(saved), "trace.shifted_grid") + 0.1);
}

TEST(CuePanel, SeesTheColourFilterAndScaling) {
  const Picture plain = chart(640, 640);
  EXPECT_GT(value(cue_panel(traces::with_interpolated_green(plain)), "trace.colour_filter"),
            value(cue_panel(plain), "trace.colour_filter") + 1);
  EXPECT_GT(value(cue_panel(traces::enlarged(chart(500, 500), 1.3)), "trace.resampling"),
            value(cue_panel(plain), "trace.resampling") + 0.5);
}

TEST(CuePanel, SeesColours) {
  Picture picture = chart(400, 400);
  const CuePanel before = cue_panel(picture);
  for (size_t i = 0; i < picture.samples.size(); i += 3) {
    picture.samples[i + 2] = picture.samples[i];
    picture.samples[i + 1] = static_cast<uint8_t>(picture.samples[i + 1] / 2 * 2);
    if (i % 30 == 0) picture.samples[i + 1] = 0;
  }
  const CuePanel after = cue_panel(picture);
  EXPECT_EQ(value(after, "colour.red_blue"), 1);
  EXPECT_NEAR(value(before, "colour.red_blue"), 0, 0.1);
  EXPECT_NEAR(value(after, "colour.histogram_gaps"), 0.5, 0.03);
  EXPECT_EQ(value(before, "colour.histogram_gaps"), 0);
  EXPECT_NEAR(value(after, "colour.clipping"), std::log(1.0 / 30 + 0.001), 0.05);
  EXPECT_LT(value(after, "colour.saturation"), value(before, "colour.saturation"));
}

}  // namespace
}  // namespace safelight::synthesis
