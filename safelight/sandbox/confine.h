#pragma once

#include <cstdint>

#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Confines the calling process for the rest of its life, with every mechanism that this machine
/// and this user have: what took effect is in the report, which the coordinator judges. Called
/// while there is one thread. Afterwards kWorkerSocket is good for sendmsg() and recvmsg(), threads
/// can be started, memory allocated, given descriptors read and mapped; root has become user and
/// group 65534; the process dies with the thread that started it. `cpu_seconds` is the first
/// RLIMIT_CPU. Links with libseccomp: for worker programs alone.
Report confine(const Policy& policy, uint32_t cpu_seconds);

}  // namespace safelight::sandbox
