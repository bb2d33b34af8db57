#include "safelight/sandbox/confine.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/base/sanitizers.h"
#include "safelight/bytes/file.h"
#include "safelight/sandbox/internal/landlock.h"
#include "safelight/sandbox/internal/namespaces.h"
#include "safelight/sandbox/internal/privileges.h"
#include "safelight/sandbox/internal/resource_limits.h"
#include "safelight/sandbox/internal/system_calls.h"

namespace safelight::sandbox {
namespace {

/// What a process keeps: files, and the user who owns them.
struct Kept {
  FilesKept files = FilesKept::none;
  User user;
  std::vector<LandlockRule> rules;
};

/// Each step takes away what an earlier one needed, so the order matters: namespaces, user,
/// capabilities, Landlock (which forbids mounting), limits, system calls.
Report confine_but(const Kept& kept, const Policy& policy, uint32_t cpu_seconds) {
  MechanismSet without = policy.without;
  // An empty root has no folder to keep.
  if (kept.files == FilesKept::one_folder) without.add(Mechanism::mount_namespace);
  Report report;
  report.files_kept = kept.files;
  report.sanitizer_build = kSanitizerBuild;
  // Root has no need of a user namespace to get the others, which many systems forbid.
  if (::geteuid() == 0) report.in_force = enter_namespaces(without);
  report.in_force = report.in_force | leave_root(kept.user);
  if (!without.has(Mechanism::user_namespace) && enter_user_namespace())
    report.in_force.add(Mechanism::user_namespace);
  report.in_force = report.in_force | enter_namespaces(without | report.in_force);
  const auto own =
      report.in_force.has(Mechanism::user_namespace) ? OwnUserNamespace::yes : OwnUserNamespace::no;
  drop_capabilities(without);
  report.landlock_abi = landlock_abi();
  report.in_force = report.in_force | deny_with_landlock(report.landlock_abi, without, kept.rules);
  report.in_force = report.in_force | set_limits(policy, cpu_seconds, own, kept.files);
  report.in_force = report.in_force | privileges_in_force();
  // Both are reset by changes of user and of capabilities, so they come after them.
  if (kept.files == FilesKept::none) ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (!without.has(Mechanism::not_dumpable) && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    report.in_force.add(Mechanism::not_dumpable);
  if (!without.has(Mechanism::seccomp) && filter_system_calls(kept.files))
    report.in_force.add(Mechanism::seccomp);
  return report;
}

/// Root may lock any memory, but by a capability, which goes.
void keep_right_to_lock_memory() {
  constexpr rlimit kUnlimited = {RLIM_INFINITY, RLIM_INFINITY};
  if (::geteuid() == 0) static_cast<void>(::setrlimit(RLIMIT_MEMLOCK, &kUnlimited));
}

}  // namespace

Report confine(const Policy& policy, uint32_t cpu_seconds) {
  // A working folder would keep the evidence's file system busy.
  static_cast<void>(::chdir("/"));
  return confine_but({}, policy, cpu_seconds);
}

Report confine_to_folder(const FolderAccess& access, const Policy& policy, uint32_t cpu_seconds) {
  const Descriptor folder(::open(access.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (!folder.is_open() || ::fstat(folder.get(), &status) != 0)
    throw Fault::from_errno("cannot open the folder " + access.folder.string(), errno);
  Kept kept{FilesKept::one_folder, {status.st_uid, status.st_gid}, {}};
  kept.rules.push_back({folder.get(), LandlockRule::Allows::change_files});
  for (const int file : access.also_read)
    kept.rules.push_back({file, LandlockRule::Allows::read_file});
  keep_right_to_lock_memory();
  const Report report = confine_but(kept, policy, cpu_seconds);
  const std::string why = refusal(report, policy.degraded);
  if (!why.empty()) throw Fault("cannot confine this process: " + why);
  return report;
}

}  // namespace safelight::sandbox
