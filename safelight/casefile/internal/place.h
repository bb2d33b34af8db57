#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight::casefile {

/// What a case is called in faults.
inline constexpr std::string_view kWhat = "case";
inline constexpr std::string_view kDatabaseName = "case.db";
inline constexpr std::string_view kWriterLockName = "case.lock";
inline constexpr std::string_view kReviewLockName = "case.review.lock";
inline constexpr std::string_view kTriageLockName = "case.triage.lock";

/// Throws Fault if there is no case in `directory`.
void require_case(const std::filesystem::path& directory);

/// Takes a lock of the case in `directory`, for as long as the descriptor is open in this process
/// (it is closed on exec); nothing if another has it. Throws Fault.
std::optional<Descriptor> try_lock(const std::filesystem::path& directory, std::string_view name);
/// That another program has a lock: the case is being `used`, such as "written to".
Fault in_use(const std::filesystem::path& directory, std::string_view used);
/// As try_lock(), but throws in_use().
Descriptor take_lock(const std::filesystem::path& directory, std::string_view name,
                     std::string_view used);

/// Whether somebody has that lock. Another who tries to take it in the same instant is refused.
bool is_locked(const std::filesystem::path& directory, std::string_view name);

/// Makes `directory` with mode 0700 whatever the umask, or takes an empty one over. Throws Fault if
/// something stands there that is not a case that was never completed.
void prepare_directory(const std::filesystem::path& directory);

}  // namespace safelight::casefile
