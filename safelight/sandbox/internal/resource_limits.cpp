#include "safelight/sandbox/internal/resource_limits.h"

#include <algorithm>
#include <cstdio>
#include <sys/resource.h>
#include <sys/utsname.h>

#include "safelight/base/checked.h"
#include "safelight/base/sanitizers.h"
#include "safelight/sandbox/serve.h"

namespace safelight::sandbox {
namespace {

/// Sets the soft and the hard limit, or as much of them as the present hard limit allows.
bool set_limit(__rlimit_resource resource, rlim_t value) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return false;
  limit.rlim_max = std::min(limit.rlim_max, value);
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(resource, &limit) == 0;
}

/// The soft limit alone: the coordinator, whose user may be no better than ours, must be able to
/// raise it again.
bool set_soft_limit(__rlimit_resource resource, rlim_t value) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return false;
  limit.rlim_cur = std::min(limit.rlim_max, value);
  return ::setrlimit(resource, &limit) == 0;
}

/// From Linux 5.14 a user namespace has counters of its own; before, RLIMIT_NPROC would count all
/// that the user runs, and threads would fail that did no harm.
bool counts_processes_by_namespace() {
  utsname name{};
  int major = 0;
  int minor = 0;
  if (::uname(&name) != 0 || std::sscanf(name.release, "%d.%d", &major, &minor) != 2) return false;
  return major > 5 || (major == 5 && minor >= 14);
}

}  // namespace

MechanismSet set_limits(const Policy& policy, uint32_t cpu_seconds, OwnUserNamespace own,
                        FilesKept files) {
  MechanismSet set;
  const auto limit = [&](Mechanism mechanism, auto&& apply) {
    if (!policy.without.has(mechanism) && apply()) set.add(mechanism);
  };
  limit(Mechanism::core_rlimit, [] { return set_limit(RLIMIT_CORE, 0); });
  limit(Mechanism::cpu_rlimit, [&] { return set_soft_limit(RLIMIT_CPU, cpu_seconds); });
  if (own == OwnUserNamespace::yes && counts_processes_by_namespace()) {
    limit(Mechanism::process_rlimit, [&] { return set_limit(RLIMIT_NPROC, policy.max_threads); });
  }
  if (!kSanitizerBuild) {
    limit(Mechanism::memory_rlimit, [&] {
      const auto address_space = checked_add(policy.memory_bytes, policy.mapped_bytes);
      return address_space && set_limit(RLIMIT_DATA, policy.memory_bytes) &&
             set_limit(RLIMIT_AS, *address_space);
    });
  }
  static_cast<void>(set_limit(RLIMIT_MSGQUEUE, 0));
  if (files != FilesKept::none) return set;
  limit(Mechanism::file_size_rlimit, [] { return set_limit(RLIMIT_FSIZE, 0); });
  // The standard three, the socket, a request's own, memory files between arrival and mapping, and
  // what a library duplicates.
  constexpr rlim_t kOwnDescriptors = kWorkerSocket + 1 + 16;
  static_cast<void>(set_limit(RLIMIT_NOFILE, kOwnDescriptors + policy.max_descriptors));
  static_cast<void>(set_limit(RLIMIT_MEMLOCK, 0));
  return set;
}

}  // namespace safelight::sandbox
