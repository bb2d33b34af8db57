#pragma once

#include <cstddef>
#include <span>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/format.h"
#include "safelight/picture/picture.h"
#include "safelight/synthesis/detectors/stratum.h"

namespace safelight::synthesis {

/// All pixels of a file's main picture, and how it is stored.
struct PictureAsStored {
  Picture picture;
  Encoding encoding;
};

/// Decodes the main picture of `file` in full. Its encoding is lossless where the file says so:
/// PNG, GIF, BMP, WebP and TIFF by what they hold; JPEG XL counts as lossy. Errors: those of
/// codec::decode_still(), those for which part of a picture is missing among them.
Result<PictureAsStored> read_picture(codec::Format format, std::span<const std::byte> file,
                                     const Limits& limits);

}  // namespace safelight::synthesis
