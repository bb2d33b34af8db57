#pragma once

#include <string>
#include <string_view>

#include "safelight/base/number_text.h"

namespace safelight::synthesis {

/// Such as "camera pictures (n = 1,200)".
inline std::string with_count(std::string_view text, size_t pictures) {
  return std::string(text) + " (n = " + grouped(pictures) + ")";
}

/// What most plots are of: "320 camera and 310 generated pictures".
inline std::string both_counts(size_t camera, size_t generated) {
  return grouped(camera) + " camera and " + grouped(generated) + " generated pictures";
}

}  // namespace safelight::synthesis
