#pragma once

#include <cstdint>

#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Confines the calling process for the rest of its life, with every mechanism that this machine
/// and this user have, best effort: what took effect is in the report, which the caller must judge.
/// Called while there is one thread; `socket` stays usable for sendmsg and recvmsg. Root becomes
/// user and group 65534. Links with libseccomp: for worker programs alone.
Report confine(const Policy& policy, int socket);

}  // namespace safelight::sandbox
