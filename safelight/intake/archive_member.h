#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/error.h"

namespace safelight {

/// What an archive is, by its first bytes.
enum class ArchiveFormat : uint8_t {
  zip,
  tar,              ///< Not compressed.
  seven_zip,        ///< 7z.
  rar,              ///< RAR 1.5 to 4.
  rar5,             ///< RAR 5.
  compressed_tar,   ///< tar inside gzip, bzip2, xz, zstd or lz4.
  compressed_file,  ///< gzip, bzip2, xz, zstd or lz4 of something else: one member.
};

std::string_view to_text(ArchiveFormat format);

enum class MemberKind : uint8_t {
  file,
  folder,
  link,   ///< Symbolic, or hard and without content of its own; recorded, never followed.
  other,  ///< Device, fifo, socket.
};

std::string_view to_text(MemberKind kind);

/// What is known of the zone of a member's time.
enum class TimeZoneKnown : uint8_t {
  none,   ///< There is no time.
  utc,    ///< The time is UTC.
  local,  ///< The clock of the machine that packed it, of unknown zone (DOS times).
};

/// What an archive says of one member.
struct ArchiveMember {
  uint64_t ordinal = 0;  ///< Counted from 0 over all members, folders and links included.
  /// Its path. zip, tar, gzip: the raw bytes stored. 7z and RAR: UTF-8 (of the UTF-16 stored, in
  /// composed form, for 7z and RAR 4). "" where there is none, as in bzip2.
  std::string name;
  MemberKind kind = MemberKind::file;
  std::optional<uint64_t> declared_size_bytes;  ///< As the archive says; often wrong on purpose.
  std::optional<int64_t> modified_ns;           ///< Since 1970, in the zone that `zone` says.
  TimeZoneKnown zone = TimeZoneKnown::none;
  std::string link_target;  ///< Raw bytes, for links.
  bool encrypted = false;
  /// The path is absolute, climbs out with "..", has a drive letter or holds a NUL.
  bool unsafe_path = false;
  bool name_cut = false;  ///< The name was longer than Limits::max_name_bytes and is cut there.
  /// Where its header begins: in the archive, or in the expanded stream of a compressed tar.
  uint64_t offset_bytes = 0;
  OffsetKind offset_kind = OffsetKind::none;
};

}  // namespace safelight
