#pragma once

#include <cstdint>

#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// The newest Landlock rule sets that the running kernel knows, 0 where it knows none.
uint32_t landlock_abi();

/// Denies the calling thread, and all threads and processes it makes, everything that a rule set of
/// `abi` can deny. Gives the mechanisms in force, of those not in `without`; none if the kernel
/// refuses. Needs no_new_privs. Source: Linux Documentation/userspace-api/landlock.rst.
MechanismSet deny_with_landlock(uint32_t abi, MechanismSet without);

}  // namespace safelight::sandbox
