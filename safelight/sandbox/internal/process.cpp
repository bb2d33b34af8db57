#include "safelight/sandbox/internal/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <optional>
#include <spawn.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "safelight/base/fault.h"
#include "safelight/sandbox/serve.h"

namespace safelight::sandbox {
namespace {

/// Above kWorkerSocket and the standard three, so that moving descriptors to their places in the
/// child overwrites none of them.
constexpr int kFirstOwnDescriptor = 10;
constexpr size_t kMaxStandardErrorBytes = 65'536;
/// Asked for; the system's net.core.wmem_max bounds it. One packet must fit.
constexpr int kSendBufferBytes = 262'144;

/// What a worker gets to see of the environment. All else (paths, names, secrets) stays here.
constexpr std::array<const char*, 5> kPassedVariables = {
    "LD_LIBRARY_PATH", "SAFELIGHT_SIMD", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"};

[[noreturn]] void fail(const std::string& action, int error) {
  throw Fault::from_errno(action, error);
}

Descriptor move_up(Descriptor descriptor) {
  const int fd = ::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kFirstOwnDescriptor);
  if (fd < 0) fail("cannot duplicate a descriptor", errno);
  return Descriptor(fd);
}

std::vector<std::string> worker_environment() {
  std::vector<std::string> variables = {"LC_ALL=C.UTF-8", "TZ=UTC"};
  for (const char* name : kPassedVariables) {
    if (const char* value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
  }
  return variables;
}

/// The texts as a program gets them.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// The attributes and file actions of posix_spawn(), freed when they go.
class SpawnSettings {
 public:
  SpawnSettings() {
    check(::posix_spawn_file_actions_init(&actions_));
    check(::posix_spawnattr_init(&attributes_));
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    check(::posix_spawnattr_setsigmask(&attributes_, &none));
    check(::posix_spawnattr_setsigdefault(&attributes_, &all));
    check(::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID));
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  void open_null(int as) {
    check(::posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", O_RDWR, 0));
  }
  void move(int from, int as) { check(::posix_spawn_file_actions_adddup2(&actions_, from, as)); }
  void close_from(int first) {
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, first));
  }
  pid_t run(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = worker_environment();
    pid_t id = -1;
    const int error = ::posix_spawn(&id, program.c_str(), &actions_, &attributes_,
                                    pointers_to(words).data(), pointers_to(variables).data());
    if (error != 0) fail("cannot run " + program.string(), error);
    return id;
  }

 private:
  static void check(int error) {
    if (error != 0) fail("cannot prepare a worker process", error);
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::string_view rule_of_signal(int number) {
  switch (number) {
    case SIGABRT:
      return "worker.signal-abrt";
    case SIGBUS:
      return "worker.signal-bus";
    case SIGFPE:
      return "worker.signal-fpe";
    case SIGILL:
      return "worker.signal-ill";
    case SIGKILL:
      return "worker.signal-kill";
    case SIGSEGV:
      return "worker.signal-segv";
    case SIGSYS:
      return "worker.signal-sys";
    case SIGTERM:
      return "worker.signal-term";
    case SIGTRAP:
      return "worker.signal-trap";
    case SIGXFSZ:
      return "worker.signal-xfsz";
    default:
      return "worker.signal-other";
  }
}

}  // namespace

Error error_of_status(int status) {
  if (WIFSIGNALED(status)) {
    if (WTERMSIG(status) == SIGXCPU) return {ErrorCode::timed_out, "worker.cpu-time"};
    return {ErrorCode::worker_crashed, rule_of_signal(WTERMSIG(status))};
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kExitOverMemory)
    return {ErrorCode::worker_crashed, "worker.over-memory"};
  return {ErrorCode::worker_crashed, "worker.exited"};
}

Process Process::spawn(const std::filesystem::path& program,
                       const std::vector<std::string>& arguments, StandardError standard_error) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0)
    fail("cannot create a socket for a worker process", errno);
  Descriptor ours(pair[0]);
  Descriptor theirs = move_up(Descriptor(pair[1]));
  for (const int end : {ours.get(), theirs.get()})
    ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes, sizeof(kSendBufferBytes));

  SpawnSettings settings;
  settings.open_null(STDIN_FILENO);
  settings.open_null(STDOUT_FILENO);
  Descriptor read_end;
  Descriptor write_end;
  if (standard_error == StandardError::capture) {
    std::array<int, 2> pipe{};
    // Not blocking: what the pipe cannot hold is lost, and a worker never waits for a reader.
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) fail("cannot create a pipe", errno);
    read_end = Descriptor(pipe[0]);
    write_end = move_up(Descriptor(pipe[1]));
    settings.move(write_end.get(), STDERR_FILENO);
  } else {
    settings.open_null(STDERR_FILENO);
  }
  settings.move(theirs.get(), kWorkerSocket);
  settings.close_from(kWorkerSocket + 1);
  return Process(settings.run(program, arguments), std::move(ours), std::move(read_end));
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, -1)),
      socket_(std::move(other.socket_)),
      standard_error_(std::move(other.standard_error_)) {}

Process::~Process() {
  if (id_ > 0) static_cast<void>(end());
}

std::optional<double> Process::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(id_, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
    return std::nullopt;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

bool Process::set_cpu_limit(uint32_t seconds) const {
  const rlimit limit = {seconds, RLIM_INFINITY};
  return ::prlimit(id_, RLIMIT_CPU, &limit, nullptr) == 0;
}

Error Process::end() {
  // A process that is dying already keeps the status that it is dying with.
  ::kill(id_, SIGKILL);
  int status = 0;
  pid_t reaped = 0;
  do {
    reaped = ::waitpid(id_, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  id_ = -1;
  socket_ = Descriptor();
  if (reaped < 0) return {ErrorCode::worker_crashed, "worker.lost"};
  return error_of_status(status);
}

std::string Process::read_standard_error() const {
  std::string text(kMaxStandardErrorBytes, '\0');
  size_t done = 0;
  while (standard_error_.is_open() && done < text.size()) {
    const ssize_t count = ::read(standard_error_.get(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  text.resize(done);
  return text;
}

}  // namespace safelight::sandbox
