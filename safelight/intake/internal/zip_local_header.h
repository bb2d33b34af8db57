#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"
#include "safelight/intake/archive_reader.h"

namespace safelight::intake_internal {

/// What the local file header of a zip member says and libarchive does not hand on: the name as its
/// bytes stand there, and which clock its time is of.
struct ZipLocalHeader {
  uint64_t offset_bytes = 0;
  std::string name;
  bool name_is_utf8 = false;  ///< By the general purpose flag, bit 11.
  std::optional<int64_t> modified_ns;
  TimeZoneKnown zone = TimeZoneKnown::none;
};

/// Parses the header at the start of `bytes`, which stands at `offset_bytes` of the archive.
/// Errors: truncated; malformed for a wrong signature. Extra fields that are cut short are passed
/// over. Source: APPNOTE.TXT 6.3.10, 4.3.7, 4.5.5 (NTFS); Info-ZIP's proginfo/extrafld.txt ("UT").
Result<ZipLocalHeader> parse_zip_local_header(std::span<const std::byte> bytes,
                                              uint64_t offset_bytes);

/// The header that ends at `end_offset_bytes`. `name` is the member's name as libarchive gives it,
/// null where it has none: of several headers that could end there, the one with that name is
/// taken, else the nearest. Nothing where there is none, or it cannot be read.
std::optional<ZipLocalHeader> find_zip_local_header(const ByteSource& source,
                                                    uint64_t end_offset_bytes, const char* name);

}  // namespace safelight::intake_internal
