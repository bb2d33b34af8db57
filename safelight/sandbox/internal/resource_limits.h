#pragma once

#include <cstdint>

#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Whether the process may count its threads apart from the user's other processes.
enum class OwnUserNamespace : uint8_t { no, yes };

/// Sets the resource limits of the policy: data and address space (but in a sanitizer build), a
/// file size of 0, no core dump, descriptors, threads, and `cpu_seconds` as the soft limit of
/// processor time. Gives those that took effect.
MechanismSet set_limits(const Policy& policy, uint32_t cpu_seconds, OwnUserNamespace own);

}  // namespace safelight::sandbox
