#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/limits.h"
#include "safelight/base/log.h"
#include "safelight/sandbox/policy.h"
#include "safelight/scan/examiner.h"

namespace safelight::app {

/// How a command ended, as the process's exit status.
enum class Exit : int {
  done = 0,
  incomplete = 1,   ///< Done, but some items were not or only partly examined.
  usage = 2,        ///< The command line, or a file named on it, cannot be used.
  environment = 3,  ///< The machine would not do it: disk full, no permission, a missing program.
};

/// A command that cannot be carried out as it was given.
class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& what) : std::runtime_error(what) {}
};

/// A command that was interrupted, by Ctrl-C or a request to end, before it did what it was to do.
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(const std::string& what) : std::runtime_error(what) {}
};

/// Writes a line for each message to standard error.
class StandardErrorLog final : public LogSink {
 public:
  void log(Severity severity, std::string_view message) override;
};

/// What every command works with.
struct Session {
  SystemClock clock;
  StandardErrorLog log;
  std::filesystem::path list_store;     ///< As --list-store says, or the user's own.
  std::filesystem::path list_key_file;  ///< As --list-key says; empty where lists are not sealed.
  bool allow_degraded_sandbox = false;
  Exit exit = Exit::done;

  [[nodiscard]] sandbox::Degraded degraded() const {
    return allow_degraded_sandbox ? sandbox::Degraded::allow : sandbox::Degraded::refuse;
  }
};

/// Where the programs of this build lie: the folder of the running one.
std::filesystem::path program_folder();

/// `$SAFELIGHT_LISTS`, or lists/ in the user's data folder.
std::filesystem::path default_list_store();

/// `$SAFELIGHT_TRUST`, or trust/ in the user's data folder.
std::filesystem::path default_trust_folder();

/// `reference`, `full`, or both, separated by a comma. Throws UsageError.
scan::PdqModes parse_modes(const std::string& text);

scan::ExaminerOptions examiner_options(const Session& session);

/// Lines of a file of passwords, one a line. Throws UsageError.
std::vector<std::string> read_passwords(const std::filesystem::path& file);

/// "truncated (png.crc) at byte 77".
std::string to_sentence(const Error& error);

}  // namespace safelight::app
