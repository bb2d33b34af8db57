#include "safelight/provenance/c2pa/source_types.h"

#include <algorithm>
#include <array>
#include <utility>

namespace safelight::c2pa {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kTypes = {{
    {"digitalCapture", "captured by a camera"},
    {"computationalCapture", "captured by a camera that combines several exposures"},
    {"negativeFilm", "scanned from negative film"},
    {"positiveFilm", "scanned from positive film"},
    {"print", "scanned from a print"},
    {"minorHumanEdits", "captured, with minor edits by a person"},
    {"humanEdits", "edited by a person"},
    {"compositeWithTrainedAlgorithmicMedia", "edited with a trained model, or partly made by one"},
    {"algorithmicallyEnhanced", "enhanced by an algorithm"},
    {"softwareImage", "made with software"},
    {"digitalArt", "drawn with software"},
    {"digitalCreation", "made by a person with software"},
    {"dataDrivenMedia", "drawn from data"},
    {"trainedAlgorithmicMedia", "made by a trained model"},
    {"algorithmicMedia", "made by an algorithm without training data"},
    {"screenCapture", "captured from a screen"},
    {"virtualRecording", "recorded from a virtual world"},
    {"composite", "put together of several elements"},
    {"compositeCapture", "put together of captured elements"},
    {"compositeSynthetic", "put together with synthetic elements"},
    {"empty", "an empty canvas"},
    {"trainedAlgorithmicData", "data made by a trained model"},
}};

constexpr std::array<std::string_view, 5> kPrefixes = {
    "http://cv.iptc.org/newscodes/digitalsourcetype/",
    "https://cv.iptc.org/newscodes/digitalsourcetype/", "http://c2pa.org/digitalsourcetype/",
    "https://c2pa.org/digitalsourcetype/", "digsrctype:"};

}  // namespace

std::string_view source_type_code(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '/')) text.remove_suffix(1);
  for (const std::string_view prefix : kPrefixes) {
    if (text.starts_with(prefix)) {
      text.remove_prefix(prefix.size());
      break;
    }
  }
  return source_type_words(text).empty() ? std::string_view() : text;
}

std::string_view source_type_words(std::string_view code) {
  const auto found = std::ranges::find(kTypes, code, &decltype(kTypes)::value_type::first);
  return found != kTypes.end() ? found->second : std::string_view();
}

}  // namespace safelight::c2pa
