#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "safelight/metadata/byte_order.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/ifd.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// A maker's private part of EXIF, as far as it is read.
struct MakerNote {
  ByteRange place;          ///< Empty where there is none.
  std::string_view vendor;  ///< By its header, such as "Nikon"; empty where no header is known.
  /// Of Apple: what a still and its live-photo film share. Empty where absent.
  std::string content_identifier;
};

/// `make` is the camera's: notes of Canon and Samsung have no header, only a directory. Sets all
/// but the place. Source: ExifTool's documentation of maker notes.
MakerNote read_maker_note(std::span<const std::byte> note, std::string_view make, ByteOrder order,
                          const MetadataLimits& limits);

}  // namespace safelight::metadata
