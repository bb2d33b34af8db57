#include "apps/safelight/own_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/safelight/session.h"

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight::app {
namespace {

using Clock = std::chrono::steady_clock;

/// More is read and forgotten.
constexpr size_t kMaxOutputBytes = 64 << 10;

/// What posix_spawn() is told of a process.
class Spawn {
 public:
  Spawn() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  void read_from(int descriptor) {
    if (descriptor >= 0) {
      posix_spawn_file_actions_adddup2(&actions_, descriptor, STDIN_FILENO);
    } else {
      posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
  }
  void write_to(int descriptor, Heard heard) {
    if (heard == Heard::output) {
      posix_spawn_file_actions_adddup2(&actions_, descriptor, STDOUT_FILENO);
    } else {
      posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
      posix_spawn_file_actions_adddup2(&actions_, descriptor, STDERR_FILENO);
    }
  }
  /// Throws Fault.
  [[nodiscard]] pid_t start(const std::vector<std::string>& command) const {
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int failed =
        posix_spawn(&child, command[0].c_str(), &actions_, &attributes_, arguments.data(), environ);
    if (failed != 0) throw Fault::from_errno("cannot start " + command[0], failed);
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// How often it is asked whether to stop.
constexpr std::chrono::milliseconds kGlance{100};

/// Reads until nobody writes any more. False where that takes too long, or is to stop.
bool read_to_end(int descriptor, std::optional<Clock::time_point> until,
                 const std::stop_token& stop, std::string& output) {
  std::array<char, 4096> buffer{};
  while (true) {
    auto wait = kGlance;
    if (until) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now());
      if (left.count() <= 0) return false;
      wait = std::min(wait, left);
    }
    if (stop.stop_requested()) return false;
    pollfd watched{descriptor, POLLIN, 0};
    const int ready = poll(&watched, 1, static_cast<int>(wait.count()));
    if (ready < 0 && errno != EINTR) throw Fault::from_errno("cannot wait for a process", errno);
    if (ready <= 0) continue;
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    const size_t room = kMaxOutputBytes - output.size();
    output.append(buffer.data(), std::min(static_cast<size_t>(count), room));
  }
}

}  // namespace

serve::ProgramEnd run_own_program(const OwnProgram& program) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Fault::from_errno("cannot make a pipe", errno);
  const Descriptor from_child(ends[0]);
  Descriptor to_us(ends[1]);
  if (program.standard_input >= 0 && lseek(program.standard_input, 0, SEEK_SET) < 0) {
    throw Fault::from_errno("cannot read a file from its beginning", errno);
  }
  std::vector<std::string> command = {(program_folder() / "safelight").string()};
  command.insert(command.end(), program.arguments.begin(), program.arguments.end());
  Spawn spawn;
  spawn.read_from(program.standard_input);
  spawn.write_to(to_us.get(), program.heard);
  const pid_t child = spawn.start(command);
  to_us = {};
  const auto until =
      program.patience ? std::optional(Clock::now() + *program.patience) : std::nullopt;
  serve::ProgramEnd end;
  const bool is_over = read_to_end(from_child.get(), until, program.stop, end.output);
  if (!is_over) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (is_over && WIFEXITED(status)) end.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  return end;
}

}  // namespace safelight::app
