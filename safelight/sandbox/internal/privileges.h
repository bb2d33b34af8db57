#pragma once

#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Root becomes user and group 65534 without further groups; anybody else stays who they are.
/// Needs to come before a user namespace, in which nobody is mapped. What fails shows in
/// `privileges_in_force()`.
void leave_root();

/// Empties every capability set and sets no_new_privs, each unless it is in `without`.
void drop_capabilities(MechanismSet without);

/// Of no_new_privileges, empty_capabilities and unprivileged_user, what is true now.
MechanismSet privileges_in_force();

}  // namespace safelight::sandbox
