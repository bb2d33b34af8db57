#include "safelight/provenance/c2pa/source_types.h"

#include <array>

namespace safelight::c2pa {

std::string_view source_type_words(metadata::DigitalSourceType type) {
  // In the order of DigitalSourceType.
  constexpr auto kWords = std::to_array<std::string_view>({
      "captured by a camera",
      "captured by a camera that combines several exposures",
      "scanned from negative film",
      "scanned from positive film",
      "scanned from a print",
      "captured, with minor edits by a person",
      "edited by a person",
      "edited with a trained model, or partly made by one",
      "enhanced by an algorithm",
      "made with software",
      "drawn with software",
      "made by a person with software",
      "drawn from data",
      "made by a trained model",
      "made by an algorithm without training data",
      "captured from a screen",
      "recorded from a virtual world",
      "put together of several elements",
      "put together of captured elements",
      "put together with synthetic elements",
      "an empty canvas",
      "data made by a trained model",
  });
  static_assert(kWords.size() ==
                static_cast<size_t>(metadata::DigitalSourceType::trained_algorithmic_data) + 1);
  return kWords[static_cast<size_t>(type)];
}

}  // namespace safelight::c2pa
