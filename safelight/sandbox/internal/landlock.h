#pragma once

#include <cstdint>
#include <span>

#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// The newest Landlock rule sets that the running kernel knows, 0 where it knows none.
uint32_t landlock_abi();

/// What a rule set allows: to open a file for reading; or to list a folder, and to read, make,
/// change, rename and remove the files in it and below.
struct LandlockRule {
  enum class Allows : uint8_t { read_file, change_files };
  int descriptor;  ///< Of the file or folder, which may be open as a path alone.
  Allows allows;
};

/// Denies the calling thread, and all threads and processes it makes, everything that a rule set of
/// `abi` can deny, but what `rules` allow. Gives the mechanisms in force, of those not in
/// `without`; none if the kernel refuses. Needs no_new_privs.
/// Source: Linux Documentation/userspace-api/landlock.rst.
MechanismSet deny_with_landlock(uint32_t abi, MechanismSet without,
                                std::span<const LandlockRule> rules);

}  // namespace safelight::sandbox
