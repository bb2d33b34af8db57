#include "safelight/sandbox/testing/attacks.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <map>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace safelight::sandbox {
namespace {

constexpr const char* kFileOfEveryUser = "/etc/passwd";
constexpr long kOpenat2 = 437;
constexpr long kIoUringSetup = 425;

/// True where the call worked; errno tells otherwise.
using Attack = std::function<bool(IncomingRequest&)>;

bool is_open(long fd) { return fd >= 0; }

bool connect_to(uint32_t address, int type) {
  const int fd = ::socket(AF_INET, type | SOCK_NONBLOCK, 0);
  if (fd < 0) return false;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(53);
  to.sin_addr.s_addr = htonl(address);
  // Refused or under way: the packet has left.
  return ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0 || errno == EINPROGRESS ||
         errno == ECONNREFUSED;
}

bool make_process(long (*make)()) {
  const long id = make();
  if (id == 0) ::_exit(0);
  return id > 0;
}

bool exec() {
  std::array<char*, 1> nothing = {nullptr};
  ::execve("/bin/true", nothing.data(), nothing.data());
  return false;
}

bool exec_descriptor(IncomingRequest& request) {
  std::array<char*, 1> nothing = {nullptr};
  const int fd = request.descriptors.empty() ? 0 : request.descriptors.front().get();
  ::syscall(SYS_execveat, fd, "", nothing.data(), nothing.data(), AT_EMPTY_PATH);
  return false;
}

bool write_to_input(IncomingRequest& request) {
  const char byte = 'x';
  return ::write(request.descriptors.at(0).get(), &byte, 1) == 1;
}

bool map_input_for_writing(IncomingRequest& request) {
  return ::mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, request.descriptors.at(0).get(),
                0) != MAP_FAILED;
}

bool reopen_input_for_writing(IncomingRequest& request) {
  const std::string path = "/proc/self/fd/" + std::to_string(request.descriptors.at(0).get());
  return is_open(::open(path.c_str(), O_RDWR | O_CLOEXEC));
}

bool abstract_socket() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return false;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::strcpy(to.sun_path + 1, "safelight");
  return ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
}

bool read_parent_memory() {
  uint64_t word = 0;
  const iovec here = {&word, sizeof(word)};
  const iovec there = {&word, sizeof(word)};
  return ::process_vm_readv(::getppid(), &here, 1, &there, 1, 0) >= 0;
}

bool executable_memory() {
  void* const page =
      ::mmap(nullptr, 4'096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page != MAP_FAILED && ::mprotect(page, 4'096, PROT_READ | PROT_EXEC) == 0;
}

bool raise_limits() {
  const rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  return ::setrlimit(RLIMIT_CPU, &all) == 0 && ::setrlimit(RLIMIT_DATA, &all) == 0;
}

/// Fills memory files by write(), which no limit on address space counts.
bool memory_files() {
  std::array<char, 65'536> bytes{};
  uint64_t written = 0;
  while (written < (8ull << 30)) {
    const int fd = ::memfd_create("x", 0);
    if (fd < 0) return false;
    for (int i = 0; i < 1'024; ++i) {
      const ssize_t count = ::write(fd, bytes.data(), bytes.size());
      if (count < 0) return false;
      written += static_cast<uint64_t>(count);
    }
  }
  return true;
}

const std::map<std::string_view, Attack>& attacks() {
  static const std::map<std::string_view, Attack> table = {
      {"open", [](auto&) { return is_open(::syscall(SYS_open, kFileOfEveryUser, O_RDONLY)); }},
      {"openat", [](auto&) { return is_open(::open(kFileOfEveryUser, O_RDONLY)); }},
      {"openat2",
       [](auto&) {
         std::array<uint64_t, 3> how{};
         return is_open(::syscall(kOpenat2, AT_FDCWD, kFileOfEveryUser, how.data(), sizeof(how)));
       }},
      {"open-root", [](auto&) { return is_open(::open("/", O_RDONLY | O_DIRECTORY)); }},
      {"create", [](auto&) { return is_open(::open("/tmp/x", O_RDWR | O_CREAT, 0600)); }},
      {"unlink", [](auto&) { return ::unlink(kFileOfEveryUser) == 0; }},
      {"stat",
       [](auto&) {
         struct stat status {};
         return ::syscall(SYS_stat, kFileOfEveryUser, &status) == 0;
       }},
      {"socket", [](auto&) { return is_open(::socket(AF_INET, SOCK_STREAM, 0)); }},
      {"connect", [](auto&) { return connect_to(0x7f000001, SOCK_STREAM); }},
      {"connect-udp", [](auto&) { return connect_to(0x08080808, SOCK_DGRAM); }},
      {"abstract-socket", [](auto&) { return abstract_socket(); }},
      {"fork", [](auto&) { return make_process([] { return ::syscall(SYS_fork); }); }},
      {"vfork", [](auto&) { return make_process([]() -> long { return ::vfork(); }); }},
      {"clone",
       [](auto&) {
         return make_process([] { return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); });
       }},
      {"clone3",
       [](auto&) {
         return make_process([] {
           std::array<uint64_t, 8> how{};
           return ::syscall(SYS_clone3, how.data(), sizeof(how));
         });
       }},
      {"exec", [](auto&) { return exec(); }},
      {"exec-descriptor", exec_descriptor},
      {"write-input", write_to_input},
      {"map-input-writable", map_input_for_writing},
      {"reopen-input", reopen_input_for_writing},
      {"kill-parent", [](auto&) { return ::kill(::getppid(), SIGKILL) == 0; }},
      {"tgkill-parent",
       [](auto&) { return ::syscall(SYS_tgkill, ::getppid(), ::getppid(), SIGKILL) == 0; }},
      {"ptrace", [](auto&) { return ::ptrace(PTRACE_ATTACH, ::getppid(), 0, 0) == 0; }},
      {"read-parent-memory", [](auto&) { return read_parent_memory(); }},
      {"io-uring",
       [](auto&) {
         std::array<uint64_t, 32> parameters{};
         return is_open(::syscall(kIoUringSetup, 1, parameters.data()));
       }},
      {"executable-memory", [](auto&) { return executable_memory(); }},
      {"raise-limits", [](auto&) { return raise_limits(); }},
      {"outlive-parent", [](auto&) { return ::prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) == 0; }},
      {"dumpable", [](auto&) { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }},
      {"become-root", [](auto&) { return ::setresuid(0, 0, 0) == 0; }},
      {"new-namespace", [](auto&) { return ::unshare(CLONE_NEWUSER) == 0; }},
      {"memory-files", [](auto&) { return memory_files(); }},
  };
  return table;
}

}  // namespace

std::string attack(std::string_view name, IncomingRequest& request) {
  const auto found = attacks().find(name);
  if (found == attacks().end()) return "no such attack";
  errno = 0;
  if (found->second(request)) return "done";
  return "failed: " + std::string(::strerrorname_np(errno));
}

}  // namespace safelight::sandbox
