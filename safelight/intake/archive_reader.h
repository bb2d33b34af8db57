#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"
#include "safelight/intake/archive_member.h"

namespace safelight {

/// What the receiver of a member wants of it.
enum class MemberAction : uint8_t {
  read,  ///< Its content.
  skip,  ///< Nothing; end() follows.
  stop,  ///< To end the reading of the archive here; no end() follows.
};

/// Receives the members of an archive, one after another, in the order of the archive.
class MemberSink {
 public:
  virtual ~MemberSink() = default;
  virtual MemberAction begin(const ArchiveMember& member) = 0;
  /// The next bytes of its content, never empty; only for files that are read.
  virtual void data(std::span<const std::byte> bytes) = 0;
  /// The member is done: in full, or up to the error. Errors:
  /// limit_exceeded (its name is the rule): cut there; encrypted: no password given opens it;
  /// truncated, malformed, unsupported, integrity_mismatch: what data() gave may be wrong or short.
  virtual void end(const ArchiveMember& member, const Result<void>& result) = 0;
};

struct ArchiveOptions {
  Limits limits;
  std::vector<std::string> passwords;  ///< Tried in turn on encrypted members of zip archives.
  /// Expanded bytes that no archive is refused for, whatever its ratio: a blank picture shrinks far
  /// better than Limits::max_expansion_ratio.
  uint64_t free_expansion_bytes = 32u << 20;
};

struct ArchiveSummary {
  ArchiveFormat format = ArchiveFormat::zip;
  uint64_t members = 0;         ///< Yielded, of every kind.
  uint64_t expanded_bytes = 0;  ///< Of all members, what was skipped over by reading included.
  uint64_t failed_members = 0;  ///< Whose end() had an error.
  bool stopped_by_sink = false;
  /// Why members may be missing after the last one yielded: truncated, malformed, encrypted (the
  /// list of members itself), limit_exceeded (members, total bytes, expansion ratio), unreadable.
  std::optional<Error> incomplete;
};

/// Reads an archive through libarchive with an explicit list of formats and without any external
/// program, from memory that does not grow with the archive (but with what its compression asks
/// for: run it in a confined worker). Members inside members are not opened: a zip in a zip is one
/// member. Passwords are never part of an error.
/// Errors, only where not one member could be listed: malformed for what is no archive; truncated;
/// encrypted; unsupported, among them RAR volumes; unreadable and changed from `source`.
Result<ArchiveSummary> read_archive(const ByteSource& source, const ArchiveOptions& options,
                                    MemberSink& sink);

/// Does beforehand what the libraries would otherwise do with the file system at the first archive
/// (locale, character conversion, time zone, which it sets to UTC for the whole process). A worker
/// calls it before it is confined and before it has threads; from then on reading an archive opens
/// and looks at no file.
void prepare_archive_reading();

}  // namespace safelight
