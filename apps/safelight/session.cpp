#include "apps/safelight/session.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace safelight::app {

void StandardErrorLog::log(Severity severity, std::string_view message) {
  const char* const label = severity == Severity::error     ? "error: "
                            : severity == Severity::warning ? "warning: "
                                                            : "";
  std::fprintf(stderr, "%s%.*s\n", label, static_cast<int>(message.size()), message.data());
}

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

namespace {

/// Where the environment says, or a folder of that name among the user's data.
std::filesystem::path user_folder(const char* variable, std::string_view name) {
  if (const char* named = std::getenv(variable); named != nullptr && *named != '\0') return named;
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return std::filesystem::path(data) / "safelight" / name;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home == nullptr ? "/" : home) / ".local/share/safelight" / name;
}

}  // namespace

std::filesystem::path default_list_store() { return user_folder("SAFELIGHT_LISTS", "lists"); }

std::filesystem::path default_trust_folder() { return user_folder("SAFELIGHT_TRUST", "trust"); }

scan::PdqModes parse_modes(const std::string& text) {
  scan::PdqModes modes{false, false};
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto mode = pdq_mode_from_text(part);
    if (!mode) throw UsageError("--pdq takes reference, full, or both with a comma between them");
    (*mode == PdqMode::reference ? modes.reference : modes.full) = true;
  }
  if (!modes.reference && !modes.full) throw UsageError("--pdq names no mode");
  return modes;
}

scan::ExaminerOptions examiner_options(const Session& session) {
  scan::ExaminerOptions options;
  options.worker_folder = program_folder();
  options.degraded = session.degraded();
  return options;
}

std::vector<std::string> read_passwords(const std::filesystem::path& file) {
  constexpr size_t kMaxBytes = 50'000;
  std::ifstream in(file);
  if (!in) throw UsageError("cannot read the passwords in " + file.string());
  std::vector<std::string> passwords;
  size_t bytes = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    bytes += line.size() + 4;
    passwords.push_back(std::move(line));
  }
  if (bytes > kMaxBytes)
    throw UsageError("too many passwords: they may come to 50,000 bytes together");
  return passwords;
}

std::string to_sentence(const Error& error) {
  std::string text = std::string(to_text(error.code)) + " (" + std::string(error.rule) + ")";
  if (error.offset_kind == OffsetKind::exact)
    text += " at byte " + std::to_string(error.offset_bytes);
  if (error.offset_kind == OffsetKind::approximate) {
    text += " after about " + std::to_string(error.offset_bytes) + " bytes";
  }
  return text;
}

}  // namespace safelight::app
