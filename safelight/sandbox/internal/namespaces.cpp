#include "safelight/sandbox/internal/namespaces.h"

#include <array>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace safelight::sandbox {
namespace {

struct Kind {
  int flag;
  Mechanism mechanism;
};
constexpr std::array<Kind, 4> kKinds = {{
    {CLONE_NEWNET, Mechanism::network_namespace},
    {CLONE_NEWIPC, Mechanism::ipc_namespace},
    {CLONE_NEWUTS, Mechanism::uts_namespace},
    {CLONE_NEWNS, Mechanism::mount_namespace},
}};

/// Folders that every system has; one becomes the place of the new root.
constexpr std::array<const char*, 4> kMountPoints = {"/tmp", "/proc", "/usr", "/dev"};

/// Puts an empty, read-only root in the place of the present one.
bool empty_the_root() {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  for (const char* place : kMountPoints) {
    if (::mount("none", place, "tmpfs", kFlags, "size=4k,nr_inodes=1,mode=555") != 0) continue;
    if (::chdir(place) != 0) return false;
    // Both at ".": the old root lies on top of the new one, and goes.
    const bool pivoted =
        ::syscall(SYS_pivot_root, ".", ".") == 0 && ::umount2(".", MNT_DETACH) == 0;
    // The root of an initramfs cannot be pivoted. Without capabilities, which go next, nobody
    // leaves a chroot without a descriptor from outside.
    if (!pivoted && ::chroot(".") != 0) return false;
    ::mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | kFlags, nullptr);
    return ::chdir("/") == 0;
  }
  return false;
}

}  // namespace

bool enter_user_namespace() { return ::unshare(CLONE_NEWUSER) == 0; }

MechanismSet enter_namespaces(MechanismSet without) {
  MechanismSet entered;
  for (const Kind& kind : kKinds) {
    if (!without.has(kind.mechanism) && ::unshare(kind.flag) == 0) entered.add(kind.mechanism);
  }
  if (entered.has(Mechanism::mount_namespace) && !empty_the_root())
    entered = entered - MechanismSet{Mechanism::mount_namespace};
  return entered;
}

}  // namespace safelight::sandbox
