#include "safelight/sandbox/internal/system_calls.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <initializer_list>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

#include "safelight/base/sanitizers.h"
#include "safelight/sandbox/serve.h"

namespace safelight::sandbox {
namespace {

struct ReleaseFilter {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};

/// Collects rules. A system call that this architecture lacks is passed over: it cannot be made.
class Filter {
 public:
  Filter() : filter_(::seccomp_init(SCMP_ACT_KILL_PROCESS)) {}

  void allow(int call, std::vector<scmp_arg_cmp> conditions = {}) {
    add(SCMP_ACT_ALLOW, call, conditions);
  }
  void refuse(int call, int error, std::vector<scmp_arg_cmp> conditions = {}) {
    add(SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, conditions);
  }

  bool load() {
    if (!ok_) return false;
    // Every thread, should a library have started some; a tree instead of a list of comparisons.
    return ::seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
           ::seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
           ::seccomp_load(filter_.get()) == 0;
  }

 private:
  void add(uint32_t action, int call, const std::vector<scmp_arg_cmp>& conditions) {
    if (call < 0 || !filter_) return;
    ok_ = ::seccomp_rule_add_array(filter_.get(), action, call,
                                   static_cast<unsigned>(conditions.size()),
                                   conditions.data()) == 0 &&
          ok_;
  }

  std::unique_ptr<void, ReleaseFilter> filter_;
  bool ok_ = filter_ != nullptr;
};

scmp_arg_cmp equal(unsigned argument, uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp not_equal(unsigned argument, uint64_t value) {
  return {argument, SCMP_CMP_NE, value, 0};
}
/// The argument's bits under `mask` are `value`.
scmp_arg_cmp masked(unsigned argument, uint64_t mask, uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

void allow_reading(Filter& filter) {
  for (const int call : {SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv),
                         SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(dup),
                         SCMP_SYS(fadvise64), SCMP_SYS(poll), SCMP_SYS(ppoll)})
    filter.allow(call);
  // Questions alone: a descriptor's flags and seals are shared with the coordinator.
  for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC, F_GET_SEALS})
    filter.allow(SCMP_SYS(fcntl), {equal(1, static_cast<uint64_t>(command))});
}

/// What a worker does with the descriptors that it is given.
void allow_answers(Filter& filter) {
  // fstat() of glibc 2.36 is this call with an empty path.
  filter.allow(SCMP_SYS(newfstatat), {masked(3, AT_EMPTY_PATH, AT_EMPTY_PATH)});
  filter.refuse(SCMP_SYS(newfstatat), EACCES, {masked(3, AT_EMPTY_PATH, 0)});
  for (const int call : {SCMP_SYS(sendmsg), SCMP_SYS(recvmsg)})
    filter.allow(call, {equal(0, kWorkerSocket)});
  for (const int call : {SCMP_SYS(write), SCMP_SYS(writev)}) {
    if (kSanitizerBuild) {
      filter.allow(call);
      continue;
    }
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
      filter.allow(call, {equal(0, static_cast<uint64_t>(fd))});
    filter.refuse(call, EBADF, {{0, SCMP_CMP_GT, STDERR_FILENO, 0}});
    filter.refuse(call, EBADF, {equal(0, STDIN_FILENO)});
  }
}

/// What a process does with files of its own. Which ones is for Landlock to say; nothing here
/// changes by name what Landlock does not know: modes, owners, times, lengths.
void allow_files(Filter& filter) {
  for (const int call :
       {SCMP_SYS(open),      SCMP_SYS(openat),     SCMP_SYS(newfstatat), SCMP_SYS(stat),
        SCMP_SYS(lstat),     SCMP_SYS(access),     SCMP_SYS(faccessat),  SCMP_SYS(faccessat2),
        SCMP_SYS(readlink),  SCMP_SYS(getdents64), SCMP_SYS(rename),     SCMP_SYS(renameat),
        SCMP_SYS(renameat2), SCMP_SYS(unlink),     SCMP_SYS(unlinkat),   SCMP_SYS(write),
        SCMP_SYS(writev),    SCMP_SYS(pwrite64),   SCMP_SYS(ftruncate),  SCMP_SYS(fallocate),
        SCMP_SYS(fsync),     SCMP_SYS(fdatasync),  SCMP_SYS(flock),      SCMP_SYS(memfd_create),
        SCMP_SYS(mlock),     SCMP_SYS(mlock2),     SCMP_SYS(munlock)})
    filter.allow(call);
}

void allow_memory(Filter& filter) {
  for (const int call :
       {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(msync)})
    filter.allow(call);
  // Nothing executable; no memory that is shared with nobody, which RLIMIT_DATA would not count.
  constexpr uint64_t kSharedAnonymous = MAP_SHARED | MAP_ANONYMOUS;
  const scmp_arg_cmp not_executable = masked(2, PROT_EXEC, 0);
  const scmp_arg_cmp executable = masked(2, PROT_EXEC, PROT_EXEC);
  filter.allow(SCMP_SYS(mmap), {not_executable, masked(3, kSharedAnonymous, 0)});
  filter.allow(SCMP_SYS(mmap), {not_executable, masked(3, kSharedAnonymous, MAP_SHARED)});
  filter.allow(SCMP_SYS(mmap), {not_executable, masked(3, kSharedAnonymous, MAP_ANONYMOUS)});
  filter.refuse(SCMP_SYS(mmap), EACCES,
                {not_executable, masked(3, kSharedAnonymous, kSharedAnonymous)});
  filter.refuse(SCMP_SYS(mmap), EACCES, {executable});
  filter.allow(SCMP_SYS(mprotect), {not_executable});
  filter.refuse(SCMP_SYS(mprotect), EACCES, {executable});
}

void allow_threads_and_time(Filter& filter) {
  for (const int call : {SCMP_SYS(futex),
                         SCMP_SYS(set_robust_list),
                         SCMP_SYS(rseq),
                         SCMP_SYS(set_tid_address),
                         SCMP_SYS(exit),
                         SCMP_SYS(exit_group),
                         SCMP_SYS(sched_yield),
                         SCMP_SYS(sched_getaffinity),
                         SCMP_SYS(sched_getparam),
                         SCMP_SYS(sched_getscheduler),
                         SCMP_SYS(sched_get_priority_max),
                         SCMP_SYS(sched_get_priority_min),
                         SCMP_SYS(membarrier),
                         SCMP_SYS(getcpu),
                         SCMP_SYS(rt_sigaction),
                         SCMP_SYS(rt_sigprocmask),
                         SCMP_SYS(rt_sigreturn),
                         SCMP_SYS(sigaltstack),
                         SCMP_SYS(restart_syscall),
                         SCMP_SYS(clock_gettime),
                         SCMP_SYS(clock_getres),
                         SCMP_SYS(clock_nanosleep),
                         SCMP_SYS(nanosleep),
                         SCMP_SYS(gettimeofday),
                         SCMP_SYS(time),
                         SCMP_SYS(times),
                         SCMP_SYS(getrusage),
                         SCMP_SYS(getrandom),
                         SCMP_SYS(getpid),
                         SCMP_SYS(gettid),
                         SCMP_SYS(getppid),
                         SCMP_SYS(getuid),
                         SCMP_SYS(geteuid),
                         SCMP_SYS(getgid),
                         SCMP_SYS(getegid),
                         SCMP_SYS(uname),
                         SCMP_SYS(sysinfo),
                         SCMP_SYS(getrlimit)})
    filter.allow(call);
  // A thread, in the namespaces that the process has. glibc falls back to clone where clone3, whose
  // flags no filter can see, is unknown.
  constexpr uint64_t kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                   CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  filter.allow(SCMP_SYS(clone), {masked(0, CLONE_THREAD | kNamespaces, CLONE_THREAD)});
  filter.refuse(SCMP_SYS(clone3), ENOSYS);
  // Signals to itself (abort) alone.
  filter.allow(SCMP_SYS(tgkill), {equal(0, static_cast<uint64_t>(::getpid()))});
  filter.allow(SCMP_SYS(prctl), {equal(0, PR_SET_NAME)});
  filter.refuse(SCMP_SYS(prctl), EPERM, {not_equal(0, PR_SET_NAME)});
  filter.allow(SCMP_SYS(prlimit64), {equal(0, 0), equal(2, 0)});
}

/// What libraries try although they can do without: the number of processors, the time zone, memory
/// policies (libnuma), terminals.
void refuse_probes(Filter& filter) {
  for (const int call :
       {SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(statfs), SCMP_SYS(fstatfs)})
    filter.refuse(call, EACCES);
  for (const int call : {SCMP_SYS(sched_setaffinity), SCMP_SYS(sched_setscheduler),
                         SCMP_SYS(sched_setparam), SCMP_SYS(setpriority), SCMP_SYS(getpriority),
                         SCMP_SYS(get_mempolicy), SCMP_SYS(set_mempolicy), SCMP_SYS(mbind)})
    filter.refuse(call, EPERM);
  filter.refuse(SCMP_SYS(statx), ENOSYS);
  filter.refuse(SCMP_SYS(ioctl), ENOTTY);
  if (kSanitizerBuild) {
    for (const int call : {SCMP_SYS(pipe), SCMP_SYS(pipe2)}) filter.allow(call);
  }
}

/// The same, of files and of locked memory.
void refuse_files(Filter& filter) {
  for (const int call : {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat),
                         SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(stat), SCMP_SYS(lstat)})
    filter.refuse(call, EACCES);
  for (const int call : {SCMP_SYS(mlock), SCMP_SYS(munlock)}) filter.refuse(call, EPERM);
}

}  // namespace

bool filter_system_calls(FilesKept files) {
  Filter filter;
  allow_reading(filter);
  if (files == FilesKept::none) {
    allow_answers(filter);
    refuse_files(filter);
  } else {
    allow_files(filter);
  }
  allow_memory(filter);
  allow_threads_and_time(filter);
  refuse_probes(filter);
  return filter.load();
}

}  // namespace safelight::sandbox
