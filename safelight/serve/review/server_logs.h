#pragma once

#include <filesystem>
#include <mutex>

#include "safelight/audit/log_file.h"
#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/serve/api/server_log.h"
#include "safelight/serve/room/case_room.h"

namespace safelight::serve {

/// The server's log in a file of its own, `server.log` in a team's folder: docs/formats/audit.md.
class FileServerLog final : public ServerLog {
 public:
  /// Throws Fault as audit::LogFile::open() does. `clock` and `log` outlive it.
  FileServerLog(const std::filesystem::path& folder, const Clock& clock, LogSink& log);
  void add(std::string_view kind, const Actor& actor, const audit::Details& details) override;
  void for_each(const std::function<void(const audit::Record&)>& use) const override;
  [[nodiscard]] std::optional<LogHead> head() const override;

 private:
  const std::filesystem::path path_;
  mutable std::mutex mutex_;
  audit::LogFile file_;
};

/// Of a server of one examiner, which has one case: what is done goes into the case's own log.
class CaseServerLog final : public ServerLog {
 public:
  void use(CaseRoom& room) { room_ = &room; }
  void add(std::string_view kind, const Actor& actor, const audit::Details& details) override;
  /// None: they are the case's, and read as such.
  void for_each(const std::function<void(const audit::Record&)>& use) const override;
  [[nodiscard]] std::optional<LogHead> head() const override { return std::nullopt; }

 private:
  CaseRoom* room_ = nullptr;
};

}  // namespace safelight::serve
