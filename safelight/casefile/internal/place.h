#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "safelight/base/log.h"
#include "safelight/bytes/file.h"

namespace safelight::casefile {

inline constexpr std::string_view kDatabaseName = "case.db";
inline constexpr std::string_view kWriterLockName = "case.lock";
inline constexpr std::string_view kReviewLockName = "case.review.lock";

enum class FileSystemKind : uint8_t {
  local,
  fuse,     ///< Local or not, nobody can tell.
  network,  ///< Locks and shared memory cannot be relied on between machines.
};

/// What statfs's `f_type` says. Source: statfs(2) and linux/magic.h.
FileSystemKind file_system_kind(uint64_t magic);

/// Throws Fault if `directory` is on a network file system; warns if it is on FUSE.
void require_local(const std::filesystem::path& directory, LogSink& log);

/// Throws Fault if there is no case in `directory`.
void require_case(const std::filesystem::path& directory);

/// Takes a lock of the case in `directory`, for as long as the descriptor is open in this process
/// (it is closed on exec). Throws Fault if another has it, saying that the case is being `used`,
/// such as "written to".
Descriptor take_lock(const std::filesystem::path& directory, std::string_view name,
                     std::string_view used);

/// Makes `directory` with mode 0700 whatever the umask, or takes an empty one over. Throws Fault if
/// something stands there that is not a case that was never completed.
void prepare_directory(const std::filesystem::path& directory);

/// Makes an empty database file with mode 0600 whatever the umask, if there is none.
void prepare_database(const std::filesystem::path& file);

/// Sets owner-only modes on the case's directory and database, where they are wider.
void tighten_modes(const std::filesystem::path& directory);

/// Makes a new directory and the new files in it survive a power loss.
void sync_directory(const std::filesystem::path& directory);

}  // namespace safelight::casefile
