#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::sandbox {

/// What confinement promises of a worker.
enum class Property : uint8_t {
  no_file_system,  ///< It opens nothing: it has the descriptors that it was given. With one folder
                   ///< kept, it opens nothing but what lies there.
  no_network,
  no_exec,
  no_new_process,  ///< Threads are allowed.
  no_privileges,   ///< No capability, no root, no way to win either.
  bounded_memory,
  bounded_time,
  no_core_dump,  ///< What it holds reaches no file by a crash and no other process by ptrace.
};
inline constexpr size_t kPropertyCount = 8;

/// What can enforce a property.
enum class Mechanism : uint8_t {
  seccomp,            ///< Allow-list of system calls; any other ends the worker.
  landlock_files,     ///< Landlock rule set without any path but that of the folder kept.
  landlock_network,   ///< Landlock, TCP (ABI 4 and later).
  landlock_scope,     ///< Landlock, signals and abstract sockets (ABI 6 and later).
  user_namespace,     ///< Own user namespace, without any user mapped.
  network_namespace,  ///< Own network namespace, without any interface up.
  ipc_namespace,
  uts_namespace,
  mount_namespace,     ///< Own mount namespace with an empty, read-only root.
  memory_rlimit,       ///< RLIMIT_DATA and RLIMIT_AS.
  cpu_rlimit,          ///< RLIMIT_CPU, moved on by the coordinator with each request.
  wall_clock,          ///< The coordinator kills the worker at the end of the request's time.
  file_size_rlimit,    ///< RLIMIT_FSIZE of 0.
  core_rlimit,         ///< RLIMIT_CORE of 0.
  process_rlimit,      ///< RLIMIT_NPROC, where the worker has a user namespace of its own.
  not_dumpable,        ///< PR_SET_DUMPABLE 0.
  no_new_privileges,   ///< PR_SET_NO_NEW_PRIVS.
  empty_capabilities,  ///< All capability sets empty.
  unprivileged_user,   ///< Runs as another user than root.
};
inline constexpr size_t kMechanismCount = 19;

/// A set of mechanisms.
class MechanismSet {
 public:
  constexpr MechanismSet() = default;
  constexpr MechanismSet(std::initializer_list<Mechanism> mechanisms) {
    for (const Mechanism mechanism : mechanisms) add(mechanism);
  }
  static constexpr MechanismSet from_bits(uint32_t bits) {
    MechanismSet set;
    set.bits_ = bits & ((1u << kMechanismCount) - 1);
    return set;
  }

  constexpr void add(Mechanism mechanism) { bits_ |= 1u << static_cast<unsigned>(mechanism); }
  [[nodiscard]] constexpr bool has(Mechanism mechanism) const {
    return (bits_ >> static_cast<unsigned>(mechanism) & 1) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr uint32_t bits() const { return bits_; }
  friend constexpr MechanismSet operator&(MechanismSet a, MechanismSet b) {
    return from_bits(a.bits_ & b.bits_);
  }
  friend constexpr MechanismSet operator|(MechanismSet a, MechanismSet b) {
    return from_bits(a.bits_ | b.bits_);
  }
  /// Those of `a` that are not in `b`.
  friend constexpr MechanismSet operator-(MechanismSet a, MechanismSet b) {
    return from_bits(a.bits_ & ~b.bits_);
  }
  friend bool operator==(MechanismSet, MechanismSet) = default;

 private:
  uint32_t bits_ = 0;
};

/// What a confined process keeps of the file system.
enum class FilesKept : uint8_t { none, one_folder };

/// How a process came to be confined: what took effect on this machine, for this user.
struct Report {
  MechanismSet in_force;
  uint32_t landlock_abi = 0;  ///< 0 where the kernel has none.
  /// A sanitizer of the compiler needs the address space and some system calls: the worker is
  /// confined less than a release one, and memory is not bounded.
  bool sanitizer_build = false;
  /// A worker keeps none, so that the protocol has no word for it.
  FilesKept files_kept = FilesKept::none;

  /// The mechanisms in force that enforce `property`; none where they do not suffice.
  [[nodiscard]] MechanismSet enforcing(Property property) const;
  /// The properties that nothing enforces.
  [[nodiscard]] std::vector<Property> missing() const;

  friend bool operator==(const Report&, const Report&) = default;
};

/// Names as they are shown: "no file system", "Landlock file rules".
std::string_view to_text(Property property);
std::string_view to_text(Mechanism mechanism);

/// One line a property: "no network: enforced by seccomp, network namespace", or "...: not
/// enforced"; then one with what else is in force, and one with the Landlock ABI.
std::vector<std::string> describe(const Report& report);

}  // namespace safelight::sandbox
