#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

inline constexpr uint16_t kPhotoshopIptc = 0x0404;
inline constexpr uint16_t kPhotoshopXmp = 0x0424;

struct PhotoshopResource {
  uint16_t id = 0;
  ByteRange data;
};

struct PhotoshopResources {
  std::vector<PhotoshopResource> resources;
  std::optional<Error> damage;  ///< Why the walk ended early.
};

/// The image resource blocks that stand at `place`, as in APP13 of a JPEG file or tag 34377 of a
/// TIFF file. Zero bytes behind the last are passed over. Damage: malformed for another signature;
/// truncated; limit_exceeded (rule "max_segments").
/// Source: Adobe Photoshop File Formats Specification, "Image Resource Blocks".
PhotoshopResources photoshop_resources(std::span<const std::byte> file, ByteRange place,
                                       const MetadataLimits& limits);

}  // namespace safelight::metadata
