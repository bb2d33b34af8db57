#pragma once

#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Loads the seccomp filter for all threads of the process: what a decoder needs is allowed, what
/// libraries try and can do without fails with an error, anything else kills the process. Where a
/// folder is kept, what opens, changes and removes files is allowed too, to be bounded by Landlock,
/// and no socket is. False if the kernel has no filters. Needs no_new_privs.
bool filter_system_calls(FilesKept files);

}  // namespace safelight::sandbox
