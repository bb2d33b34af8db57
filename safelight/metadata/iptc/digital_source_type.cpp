#include "safelight/metadata/iptc/digital_source_type.h"

#include <array>

namespace safelight::metadata {
namespace {

struct Entry {
  std::string_view code;
  SourceGroup group;
};

/// In the order of DigitalSourceType.
constexpr std::array kEntries = std::to_array<Entry>({
    {"digitalCapture", SourceGroup::capture},
    {"computationalCapture", SourceGroup::capture},
    {"negativeFilm", SourceGroup::capture},
    {"positiveFilm", SourceGroup::capture},
    {"print", SourceGroup::capture},
    {"minorHumanEdits", SourceGroup::edited},
    {"humanEdits", SourceGroup::edited},
    {"compositeWithTrainedAlgorithmicMedia", SourceGroup::contains_generated},
    {"algorithmicallyEnhanced", SourceGroup::edited},
    {"softwareImage", SourceGroup::synthetic_without_ai},
    {"digitalArt", SourceGroup::synthetic_without_ai},
    {"digitalCreation", SourceGroup::synthetic_without_ai},
    {"dataDrivenMedia", SourceGroup::synthetic_without_ai},
    {"trainedAlgorithmicMedia", SourceGroup::fully_generated},
    {"algorithmicMedia", SourceGroup::synthetic_without_ai},
    {"screenCapture", SourceGroup::synthetic_without_ai},
    {"virtualRecording", SourceGroup::synthetic_without_ai},
    {"composite", SourceGroup::edited},
    {"compositeCapture", SourceGroup::edited},
    {"compositeSynthetic", SourceGroup::contains_generated},
    {"empty", SourceGroup::none},
    {"trainedAlgorithmicData", SourceGroup::none},
});
static_assert(kEntries.size() ==
              static_cast<size_t>(DigitalSourceType::trained_algorithmic_data) + 1);

constexpr size_t kFirstOfC2pa = static_cast<size_t>(DigitalSourceType::empty);

/// Cuts `prefix` off the start of `text`, and says whether it stood there.
bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<DigitalSourceType> parse_digital_source_type(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);

  size_t begin = 0;
  size_t end = kEntries.size();
  if (take_prefix(text, "http://") || take_prefix(text, "https://")) {
    if (take_prefix(text, "cv.iptc.org/newscodes/digitalsourcetype/")) {
      end = kFirstOfC2pa;
    } else if (take_prefix(text, "c2pa.org/digitalsourcetype/")) {
      begin = kFirstOfC2pa;
    } else {
      return std::nullopt;
    }
    if (text.ends_with('/')) text.remove_suffix(1);
  } else if (take_prefix(text, "digsrctype:")) {
    end = kFirstOfC2pa;
  }
  for (size_t i = begin; i < end; ++i) {
    if (kEntries[i].code == text) return static_cast<DigitalSourceType>(i);
  }
  return std::nullopt;
}

std::string_view to_text(DigitalSourceType type) {
  return kEntries[static_cast<size_t>(type)].code;
}

SourceGroup group_of(DigitalSourceType type) { return kEntries[static_cast<size_t>(type)].group; }

}  // namespace safelight::metadata
