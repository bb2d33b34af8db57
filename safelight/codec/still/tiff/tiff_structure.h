#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// Directories of one file that are walked, members or not.
inline constexpr size_t kMaxTiffDirectories = 1024;

/// A picture besides the first: a directory, or a JPEG file that a directory points to.
struct TiffMember {
  Member member;                        ///< Without its index.
  uint64_t directory_offset_bytes = 0;  ///< Of the directory to decode, where it is no file.
};

/// What the directories of a TIFF file say, without decoding anything.
struct TiffStructure {
  uint64_t first_directory_offset_bytes = 0;
  uint32_t width = 0;  ///< Of the first directory's picture.
  uint32_t height = 0;
  uint64_t size_offset_bytes = 0;  ///< Where the width stands.
  uint8_t orientation = 1;
  std::vector<TiffMember> members;  ///< At most Limits::max_picture_members.
  uint64_t more_members = 0;        ///< Beyond the limit, as far as directories were walked.
  std::optional<Error> damage;      ///< Why the walk ended early.
};

/// Walks the directories: the chain from the first, and the sub-directories of each (tag 330).
/// Errors: truncated or malformed up to the size of the first picture.
/// Source: TIFF 6.0; TIFF Technical Note 1 (trees); EXIF 2.3 section 4.5.5 (JPEG thumbnails).
Result<TiffStructure> read_tiff_structure(std::span<const std::byte> file, const Limits& limits);

}  // namespace safelight::codec
