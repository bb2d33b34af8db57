#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/metadata/container/byte_range.h"

namespace safelight::marks {

/// Entries of one trailer that are read; real ones hold a dozen.
inline constexpr uint32_t kMaxTrailerEntries = 256;

/// A named block in the trailer that Samsung's phones put behind a JPEG picture, or in a box of
/// HEIF.
struct TrailerBlock {
  std::string_view name;
  metadata::ByteRange data;
};

/// The blocks of the trailer that ends the file and begins at or behind `begin_bytes`. None where
/// the file does not end in one, and none of a damaged one that lie elsewhere.
/// Source: ExifTool's Samsung.pm; the layout is in this module's README.md.
std::vector<TrailerBlock> samsung_trailer(std::span<const std::byte> file, uint64_t begin_bytes);

}  // namespace safelight::marks
