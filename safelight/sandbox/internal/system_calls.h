#pragma once

namespace safelight::sandbox {

/// Loads the seccomp filter for all threads of the process: what a decoder needs is allowed, what
/// libraries try and can do without fails with an error, anything else kills the process. False if
/// the kernel has no filters. Needs no_new_privs.
bool filter_system_calls();

}  // namespace safelight::sandbox
