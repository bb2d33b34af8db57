#pragma once

#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Moves the process, which must have one thread, into a user namespace of its own in which nobody
/// is mapped; it then has all capabilities inside, for the caller to drop. False where that is
/// refused.
bool enter_user_namespace();

/// Moves the process into network, IPC, UTS and mount namespaces of its own, the last with an empty
/// root directory: those of them that are not in `without` and that this user and machine allow.
MechanismSet enter_namespaces(MechanismSet without);

}  // namespace safelight::sandbox
