#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace safelight::synthesis {

/// What a file shows without a look at what its pixels show: what a detector must not live on.
struct FileFacts {
  uint32_t width = 0;  ///< At least 1, as is the height.
  uint32_t height = 0;
  uint64_t file_bytes = 0;
  std::string format;               ///< By content, such as "jpeg".
  std::optional<int> jpeg_quality;  ///< As Encoding::jpeg_quality.
  bool has_metadata = false;        ///< EXIF, XMP, IPTC or text.
};

}  // namespace safelight::synthesis
