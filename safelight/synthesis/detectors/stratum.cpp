#include "safelight/synthesis/detectors/stratum.h"

#include <algorithm>

namespace safelight::synthesis {
namespace {

constexpr int kLightFrom = 85;
constexpr int kMediumFrom = 60;

CompressionBand band_of(const Encoding& encoding) {
  if (encoding.storage == Storage::lossless) return CompressionBand::light;
  if (encoding.storage != Storage::jpeg || !encoding.jpeg_quality) return CompressionBand::unknown;
  if (*encoding.jpeg_quality >= kLightFrom) return CompressionBand::light;
  return *encoding.jpeg_quality >= kMediumFrom ? CompressionBand::medium : CompressionBand::strong;
}

std::string_view name_of(SizeBand band) { return band == SizeBand::large ? "large" : "small"; }

std::string_view name_of(CompressionBand band) {
  switch (band) {
    case CompressionBand::light:
      return "light";
    case CompressionBand::medium:
      return "medium";
    case CompressionBand::strong:
      return "strong";
    case CompressionBand::unknown:
      break;
  }
  return "unknown";
}

std::string words_of(SizeBand band) {
  return "longer side " + std::string(band == SizeBand::large ? "" : "under ") +
         std::to_string(kLargeSide) + " px" + (band == SizeBand::large ? " or more" : "");
}

std::string words_of(CompressionBand band) {
  const std::string light = std::to_string(kLightFrom);
  const std::string medium = std::to_string(kMediumFrom);
  switch (band) {
    case CompressionBand::light:
      return "lossless or JPEG quality " + light + " or more";
    case CompressionBand::medium:
      return "JPEG quality " + medium + " to " + std::to_string(kLightFrom - 1);
    case CompressionBand::strong:
      return "JPEG quality under " + medium;
    case CompressionBand::unknown:
      break;
  }
  return "compressed to an unknown degree";
}

}  // namespace

Stratum stratum_of(const PictureShape& shape, const Encoding& encoding) {
  const bool large = std::max(shape.width, shape.height) >= kLargeSide;
  return {large ? SizeBand::large : SizeBand::small, band_of(encoding)};
}

std::string to_text(const Stratum& stratum) {
  return std::string(name_of(stratum.size)) + "/" + std::string(name_of(stratum.compression));
}

std::optional<Stratum> stratum_from_text(std::string_view text) {
  const auto strata = all_strata();
  const auto* found = std::find_if(strata.begin(), strata.end(), [&](const Stratum& stratum) {
    return to_text(stratum) == text;
  });
  return found == strata.end() ? std::nullopt : std::optional(*found);
}

std::string describe(const Stratum& stratum) {
  return words_of(stratum.size) + ", " + words_of(stratum.compression);
}

std::array<Stratum, 8> all_strata() {
  std::array<Stratum, 8> out;
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = {static_cast<SizeBand>(i / 4), static_cast<CompressionBand>(i % 4)};
  }
  return out;
}

}  // namespace safelight::synthesis
