#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/intake/archive_reader.h"

namespace safelight::intake_internal {

/// A compression around a whole file.
enum class Compression { none, gzip, bzip2, xz, zstd, lz4 };

/// What the first bytes say of an archive.
struct ArchiveSignature {
  ArchiveFormat format = ArchiveFormat::tar;  ///< tar where nothing else fits: it has no magic.
  Compression compression = Compression::none;
  bool stores_name = false;  ///< For gzip: the header names the file.
};

/// How many first bytes recognise() needs at most.
inline constexpr size_t kSignatureBytes = 64;

/// Errors: unsupported for a volume of a RAR set; encrypted for a RAR whose headers are.
/// Sources: APPNOTE.TXT 4.3; 7zFormat.txt; RAR 4 technote; RAR 5.0 archive format; RFC 1952, 8878;
/// the formats of xz and lz4 frames.
Result<ArchiveSignature> recognise(std::span<const std::byte> head);

}  // namespace safelight::intake_internal
