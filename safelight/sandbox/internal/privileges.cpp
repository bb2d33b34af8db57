#include "safelight/sandbox/internal/privileges.h"

#include <array>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace safelight::sandbox {
namespace {

/// Linux 6 has 41 capabilities; the kernel refuses numbers that it does not know.
constexpr unsigned long kCapabilityNumbers = 64;

using CapabilitySets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

}  // namespace

MechanismSet leave_root(const User& user) {
  if (::geteuid() == 0) {
    static_cast<void>(::setgroups(0, nullptr));
    if (::setresgid(user.group, user.group, user.group) == 0)
      static_cast<void>(::setresuid(user.user, user.user, user.user));
  }
  if (::getuid() == 0 || ::geteuid() == 0) return {};
  return {Mechanism::unprivileged_user};
}

void drop_capabilities(MechanismSet without) {
  if (!without.has(Mechanism::empty_capabilities)) {
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (unsigned long i = 0; i < kCapabilityNumbers; ++i) ::prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const CapabilitySets none{};
    ::syscall(SYS_capset, &header, none.data());
  }
  if (!without.has(Mechanism::no_new_privileges)) ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

MechanismSet privileges_in_force() {
  MechanismSet set;
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  CapabilitySets sets{};
  if (::syscall(SYS_capget, &header, sets.data()) == 0) {
    uint32_t any = 0;
    for (const auto& part : sets) any |= part.effective | part.permitted | part.inheritable;
    if (any == 0) set.add(Mechanism::empty_capabilities);
  }
  if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) set.add(Mechanism::no_new_privileges);
  return set;
}

}  // namespace safelight::sandbox
