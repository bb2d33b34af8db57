#pragma once

#include <cstdint>
#include <string_view>

namespace safelight {

/// How far evidence of a content's origin was looked for. Each includes the one before.
enum class OriginScope : uint8_t {
  none,      ///< Not at all.
  metadata,  ///< In what the file says about itself: metadata and signed manifests.
  pixels,    ///< Also in the pixels of its main picture.
};

std::string_view to_text(OriginScope scope);

}  // namespace safelight
