#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "safelight/base/error.h"
#include "safelight/bytes/file.h"
#include "safelight/sandbox/policy.h"

namespace safelight::sandbox {

/// The exit status by which a worker says that an allocation outside a request's own thread failed.
inline constexpr int kExitOverMemory = 86;

/// A running worker program and our end of its socket. Killed and reaped when it goes.
class Process {
 public:
  /// Runs `program` with one open descriptor beyond the standard three (kWorkerSocket), a session
  /// of its own (so that a terminal's Ctrl-C does not reach it) and an environment of a few
  /// harmless variables. Throws Fault if it cannot be run.
  static Process spawn(const std::filesystem::path& program,
                       const std::vector<std::string>& arguments, StandardError standard_error);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] pid_t id() const { return id_; }

  /// Processor time used so far; nothing if the process has gone.
  [[nodiscard]] std::optional<double> cpu_seconds() const;
  /// Sets RLIMIT_CPU (soft) of the process; false if this user may not.
  [[nodiscard]] bool set_cpu_limit(uint32_t seconds) const;

  /// Kills the process, if it still runs, and reaps it. Gives what it died of, as an Error: the
  /// signal or the exit status where it was dying already.
  Error end();
  /// What it wrote to a captured standard error and is still in the pipe.
  [[nodiscard]] std::string read_standard_error() const;

 private:
  Process(pid_t id, Descriptor socket, Descriptor standard_error)
      : id_(id), socket_(std::move(socket)), standard_error_(std::move(standard_error)) {}

  pid_t id_ = -1;
  Descriptor socket_;
  Descriptor standard_error_;
};

/// The Error for a status of waitpid().
Error error_of_status(int status);

}  // namespace safelight::sandbox
