#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "safelight/base/log.h"

/// Where a database may lie, and who may read it. `what` says in faults what is kept: "case".
namespace safelight::database {

enum class FileSystemKind : uint8_t {
  local,
  fuse,     ///< Local or not, nobody can tell.
  network,  ///< Locks and shared memory cannot be relied on between machines.
};

/// What statfs's `f_type` says. Source: statfs(2) and linux/magic.h.
FileSystemKind file_system_kind(uint64_t magic);

/// Throws Fault if `directory` is on a network file system; warns if it is on FUSE.
void require_local(const std::filesystem::path& directory, std::string_view what, LogSink& log);

/// Makes an empty database file with mode 0600 whatever the umask, if there is none.
void prepare_database(const std::filesystem::path& file, std::string_view what);

/// Sets owner-only modes on the database `file`, on what SQLite keeps beside it and on the
/// directory around it, where they are wider.
void tighten_modes(const std::filesystem::path& file);

/// Makes a new directory and the new files in it survive a power loss.
void sync_directory(const std::filesystem::path& directory, std::string_view what);

}  // namespace safelight::database
