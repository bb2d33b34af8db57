#include "safelight/sandbox/confine.h"

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

#include "safelight/sandbox/internal/landlock.h"
#include "safelight/sandbox/internal/namespaces.h"
#include "safelight/sandbox/internal/privileges.h"
#include "safelight/sandbox/internal/resource_limits.h"
#include "safelight/sandbox/internal/sanitizer.h"
#include "safelight/sandbox/internal/system_calls.h"

namespace safelight::sandbox {

Report confine(const Policy& policy, uint32_t cpu_seconds) {
  const MechanismSet without = policy.without;
  Report report;
  report.sanitizer_build = kSanitizerBuild;
  // A working folder would keep the evidence's file system busy.
  static_cast<void>(::chdir("/"));
  // Each step takes away what an earlier one needed, so the order matters: namespaces, user,
  // capabilities, Landlock (which forbids mounting), limits, system calls.
  // Root has no need of a user namespace to get the others, which many systems forbid.
  if (::geteuid() == 0) report.in_force = enter_namespaces(without);
  leave_root();
  if (!without.has(Mechanism::user_namespace) && enter_user_namespace())
    report.in_force.add(Mechanism::user_namespace);
  report.in_force = report.in_force | enter_namespaces(without | report.in_force);
  const auto own =
      report.in_force.has(Mechanism::user_namespace) ? OwnUserNamespace::yes : OwnUserNamespace::no;
  drop_capabilities(without);
  report.landlock_abi = landlock_abi();
  report.in_force = report.in_force | deny_with_landlock(report.landlock_abi, without);
  report.in_force = report.in_force | set_limits(policy, cpu_seconds, own);
  report.in_force = report.in_force | privileges_in_force();
  // Both are reset by changes of user and of capabilities, so they come after them.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (!without.has(Mechanism::not_dumpable) && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    report.in_force.add(Mechanism::not_dumpable);
  if (!without.has(Mechanism::seccomp) && filter_system_calls())
    report.in_force.add(Mechanism::seccomp);
  return report;
}

}  // namespace safelight::sandbox
