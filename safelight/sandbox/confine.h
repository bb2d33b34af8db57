#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// Confines the calling process for the rest of its life, with every mechanism that this machine
/// and this user have: what took effect is in the report, which the coordinator judges. Called
/// while there is one thread. Afterwards kWorkerSocket is good for sendmsg() and recvmsg(), threads
/// can be started, memory allocated, given descriptors read and mapped; root has become user and
/// group 65534; the process dies with the thread that started it. `cpu_seconds` is the first
/// RLIMIT_CPU. Links with libseccomp.
Report confine(const Policy& policy, uint32_t cpu_seconds);

/// The files that a process keeps which changes files itself.
struct FolderAccess {
  std::filesystem::path folder;  ///< Here, and below, files are read, made, renamed and removed.
  std::vector<int> also_read;    ///< Open files that may be opened anew, to read.
};

/// Confines the calling process for the rest of its life to the files of one folder: of the policy
/// count memory, threads, `degraded` and `without`. Called while there is one thread. Afterwards
/// the process has the descriptors that it had, and what confine() leaves but the socket; memory
/// files can be made and memory locked; root has become the owner of the folder, who may be root,
/// then without capabilities. Links with libseccomp. Throws Fault where the folder cannot be
/// opened, and where a property is not enforced which the policy does not let go.
Report confine_to_folder(const FolderAccess& access, const Policy& policy, uint32_t cpu_seconds);

}  // namespace safelight::sandbox
