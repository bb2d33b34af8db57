#include "safelight/synthesis/cues/cue_panel.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "safelight/picture/grey.h"
#include "safelight/synthesis/cues/equalised.h"
#include "safelight/synthesis/cues/internal/colour_cues.h"
#include "safelight/synthesis/cues/internal/view_cues.h"
#include "safelight/traces/cfa.h"
#include "safelight/traces/looked_at.h"
#include "safelight/traces/luma.h"
#include "safelight/traces/resampling.h"

namespace safelight::synthesis {
namespace {

/// To be raised with every change of what a panel holds.
constexpr int kVersion = 1;

constexpr uint32_t kViewSide = 512;
/// The shorter side that the equalised view must have.
constexpr uint32_t kMinEqualisedSide = internal::kTileSide + 1;
// The middle of the middle is that of the whole.
static_assert((traces::kMaxSideLookedAt - kViewSide) % 16 == 0);

constexpr CueDefinition kDefinitions[] = {
    {"native.residual_variance", "strength of the finest detail and noise, at native size"},
    {"native.residual_kurtosis", "how much of the fine detail is in few places, at native size"},
    {"native.residual_red_green", "how alike the fine detail of red and green is, at native size"},
    {"native.residual_blue_green",
     "how alike the fine detail of blue and green is, at native size"},
    {"native.noise_floor", "noise of the smoothest parts, at native size"},
    {"native.texture_contrast", "detail of the richest parts over the smoothest, at native size"},
    {"native.noise_brightness", "whether noise grows with brightness, at native size"},
    {"native.gradient_kurtosis", "how rare strong edges are, at native size"},
    {"native.spectrum_slope", "how the spectrum of fine detail falls or rises, at native size"},
    {"native.spectrum_mid", "share of middle frequencies, at native size"},
    {"native.spectrum_high", "share of high frequencies, at native size"},
    {"native.peak_2", "spectral peak at a period of 2 pixels, at native size"},
    {"native.peak_4", "spectral peak at a period of 4 pixels, at native size"},
    {"native.peak_8", "spectral peak of the 8x8 grid (JPEG), at native size"},
    {"equalised.residual_variance", "strength of the finest detail and noise, at equalised size"},
    {"equalised.residual_kurtosis",
     "how much of the fine detail is in few places, at equalised size"},
    {"equalised.residual_red_green",
     "how alike the fine detail of red and green is, at equalised size"},
    {"equalised.residual_blue_green",
     "how alike the fine detail of blue and green is, at equalised size"},
    {"equalised.noise_floor", "noise of the smoothest parts, at equalised size"},
    {"equalised.texture_contrast",
     "detail of the richest parts over the smoothest, at equalised size"},
    {"equalised.noise_brightness", "whether noise grows with brightness, at equalised size"},
    {"equalised.gradient_kurtosis", "how rare strong edges are, at equalised size"},
    {"equalised.spectrum_slope",
     "how the spectrum of fine detail falls or rises, at equalised size"},
    {"equalised.spectrum_mid", "share of middle frequencies, at equalised size"},
    {"equalised.spectrum_high", "share of high frequencies, at equalised size"},
    {"equalised.peak_2", "spectral peak at a period of 2 pixels, at equalised size"},
    {"equalised.peak_4", "spectral peak at a period of 4 pixels, at equalised size"},
    {"trace.colour_filter", "checkerboard of a sensor's colour filter in green"},
    {"trace.resampling", "periodic interpolation, as after scaling"},
    {"trace.grid", "steps across the 8x8 grid of the file (JPEG)"},
    {"trace.shifted_grid", "steps across another 8x8 grid (an earlier JPEG, cropped since)"},
    {"colour.saturation", "mean saturation"},
    {"colour.red_blue", "how alike red and blue are"},
    {"colour.histogram_gaps", "unused levels of green, as after contrast was stretched"},
    {"colour.clipping", "share of samples at the ends of the scale"},
};

CuePanel not_assessable(std::string reason) { return {{}, std::move(reason)}; }

Picture cut(const Picture& picture, const traces::Region& region) {
  Picture out;
  out.shape = {region.width, region.height, picture.shape.channels};
  out.samples.reserve(out.shape.height * out.shape.row_bytes());
  for (uint32_t y = region.top; y < region.top + region.height; ++y) {
    const auto row =
        picture.row(y).subspan(size_t{region.left} * picture.shape.channels, out.shape.row_bytes());
    out.samples.insert(out.samples.end(), row.begin(), row.end());
  }
  return out;
}

std::vector<uint8_t> luma_of(const Picture& picture) {
  std::vector<uint8_t> luma(size_t{picture.shape.width} * picture.shape.height);
  for (uint32_t y = 0; y < picture.shape.height; ++y) {
    traces::luma_row(picture, y, 0,
                     std::span(luma).subspan(size_t{y} * picture.shape.width, picture.shape.width));
  }
  return luma;
}

/// To 9 significant digits: the last bits of a logarithm or a cosine may differ between machines
/// with one library, which chooses by processor.
double rounded(double value) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.8e", value);
  double out = 0;
  std::from_chars(text.data(), text.data() + size, out);
  return out;
}

/// A peak of the spectrum over that of the 8x8 grid, whose overtones lie at periods 4 and 2.
double over_grid(double peak, double grid) { return std::max(0.0, peak - std::max(0.0, grid)); }

void add_view(const internal::ViewCues& view, std::vector<double>& values) {
  const internal::SpectrumCues& spectrum = view.spectrum;
  values.insert(
      values.end(),
      {view.residual_variance, view.residual_kurtosis, view.residual_red_green,
       view.residual_blue_green, view.noise_floor, view.texture_contrast, view.noise_brightness,
       view.gradient_kurtosis, spectrum.slope, spectrum.mid_share, spectrum.high_share,
       over_grid(spectrum.peak_2, spectrum.peak_8), over_grid(spectrum.peak_4, spectrum.peak_8)});
}

}  // namespace

std::span<const CueDefinition> cue_definitions() { return kDefinitions; }

std::string cue_panel_description() {
  std::string text =
      "safelight cue panel, version " + std::to_string(kVersion) +
      "\nnative view: middle 512 x 512 at most, on the 8x8 grid\n"
      "equalised view: area mean to a longer side of 1024, middle 512 x 512 at most\n"
      "values: 9 significant digits\n";
  for (const CueDefinition& cue : kDefinitions) {
    text += cue.name;
    text += '\n';
  }
  return text;
}

CuePanel cue_panel(const Picture& middle, const PictureShape& whole) {
  const traces::Region region = traces::pixels_looked_at(whole);
  if (!traces::is_whole(middle) || middle.shape.channels != whole.channels ||
      middle.shape.width != region.width || middle.shape.height != region.height) {
    return not_assessable("the samples do not fit their shape");
  }
  if (std::min(whole.width, whole.height) < kMinCueSide) {
    return not_assessable("too small: the shorter side is under " + std::to_string(kMinCueSide) +
                          " pixels");
  }
  if (whole.channels != 3) return not_assessable("grey: the cues are about colour too");
  const Picture native = cut(middle, traces::middle(middle.shape, kViewSide));
  if (all_grey(native.samples)) return not_assessable("grey: the cues are about colour too");
  if (const std::string_view reason = internal::no_photograph(native); !reason.empty()) {
    return not_assessable(std::string(reason));
  }
  const bool scaled = equalised_shape(whole) != whole;
  Picture equal;
  if (scaled) {
    equal = equalised(middle, region, whole, kViewSide);
    if (std::min(equal.shape.width, equal.shape.height) < kMinEqualisedSide) {
      return not_assessable(
          "too large or too long: too little of the middle is left when the "
          "picture is scaled to a longer side of " +
          std::to_string(kEqualisedSide) + " pixels");
    }
  }
  const traces::Trace filter = traces::colour_filter_array(middle);
  const traces::Trace resampling = traces::resampling(middle);
  for (const traces::Trace& trace : {filter, resampling}) {
    if (trace.presence == traces::Presence::not_assessable) {
      return not_assessable(std::string(trace.reason));
    }
  }

  const std::vector<uint8_t> luma = luma_of(native);
  const internal::ViewCues native_cues = internal::view_cues(native, luma);
  const internal::ColourCues colour = internal::colour_cues(native, luma);
  std::vector<double> values;
  values.reserve(std::size(kDefinitions));
  add_view(native_cues, values);
  values.push_back(native_cues.spectrum.peak_8);
  add_view(scaled ? internal::view_cues(equal, luma_of(equal)) : native_cues, values);
  values.insert(values.end(),
                {std::log(filter.statistic + 0.1), std::log(resampling.statistic + 0.1),
                 colour.grid, colour.shifted_grid, colour.saturation, colour.red_blue,
                 colour.histogram_gaps, colour.clipping});
  assert(values.size() == std::size(kDefinitions));
  CuePanel panel;
  for (size_t i = 0; i < values.size(); ++i) {
    assert(std::isfinite(values[i]));
    panel.cues.push_back({std::string(kDefinitions[i].name), rounded(values[i])});
  }
  return panel;
}

CuePanel cue_panel(const Picture& whole) {
  if (!traces::is_whole(whole)) return not_assessable("the samples do not fit their shape");
  const traces::Region region = traces::pixels_looked_at(whole.shape);
  if (region.width == whole.shape.width && region.height == whole.shape.height) {
    return cue_panel(whole, whole.shape);
  }
  return cue_panel(cut(whole, region), whole.shape);
}

}  // namespace safelight::synthesis
