#pragma once

#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Whom root becomes.
struct User {
  unsigned user = 65'534;  ///< The user nobody and the group nogroup of Debian.
  unsigned group = 65'534;
};

/// Root becomes `user` without further groups; anybody else stays who they are. Needs to come
/// before a user namespace, in which nobody is mapped. Gives unprivileged_user unless the process
/// is root still.
MechanismSet leave_root(const User& user);

/// Empties every capability set and sets no_new_privs, each unless it is in `without`.
void drop_capabilities(MechanismSet without);

/// Of no_new_privileges and empty_capabilities, what is true now.
MechanismSet privileges_in_force();

}  // namespace safelight::sandbox
