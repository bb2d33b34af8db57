#include <cstdlib>
#include <string_view>

#include "safelight/synthesis/cues/cue_detector.h"

/// A model that is read is written as it stood, and makes a detector only where it fits the panel.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  using namespace safelight::synthesis;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto model = parse_cue_model(text);
  if (!model) {
    if (model.error().offset_bytes > size || CueDetector::create(text)) std::abort();
    return 0;
  }
  if (to_text(*model) != text) std::abort();
  const auto detector = CueDetector::create(text);
  if (detector && detector->model() != *model) std::abort();
  return 0;
}
