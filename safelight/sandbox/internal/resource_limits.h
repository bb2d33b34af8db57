#pragma once

#include <cstdint>

#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Whether the process may count its threads apart from the user's other processes.
enum class OwnUserNamespace : uint8_t { no, yes };

/// Sets the resource limits of the policy: data and address space (but in a sanitizer build), no
/// core dump, threads, and `cpu_seconds` as the soft limit of processor time; where no files are
/// kept, also a file size of 0, descriptors and no locked memory. Gives those that took effect.
MechanismSet set_limits(const Policy& policy, uint32_t cpu_seconds, OwnUserNamespace own,
                        FilesKept files);

}  // namespace safelight::sandbox
