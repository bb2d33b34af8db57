#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "safelight/picture/picture.h"

namespace safelight::demo {

using Bytes = std::vector<std::byte>;

/// Pictures of 3 channels as files in memory. Each throws Fault where its library refuses.
Bytes to_jpeg(const Picture& picture, int quality);
Bytes to_png(const Picture& picture);
Bytes to_webp(const Picture& picture, float quality);
Bytes to_bmp(const Picture& picture);
/// One page a picture, compressed with Deflate.
Bytes to_tiff(std::span<const Picture> pages);
/// An animation of 10 frames a second, in a cube of 216 colours. All frames have the first's size.
Bytes to_gif(std::span<const Picture> frames);

struct PackedFile {
  std::string name;
  Bytes content;
};

/// A zip; encrypted with AES-256 where there is a password.
Bytes to_zip(std::span<const PackedFile> files, const std::string& password = "");
Bytes to_tar_gz(std::span<const PackedFile> files);

}  // namespace safelight::demo
