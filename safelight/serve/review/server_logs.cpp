#include "safelight/serve/review/server_logs.h"

#include "safelight/audit/details.h"

namespace safelight::serve {
namespace {

constexpr const char* kFileName = "server.log";

audit::Details all_of(const Actor& actor, const audit::Details& details) {
  return audit::details_of({actor.person, "", actor.address, details});
}

}  // namespace

FileServerLog::FileServerLog(const std::filesystem::path& folder, const Clock& clock, LogSink& log)
    : file_(audit::LogFile::open(folder / kFileName, "server:" + casefile::random_case_id(), clock,
                                 log)) {}

void FileServerLog::add(std::string_view kind, const Actor& actor, const audit::Details& details) {
  const std::lock_guard lock(mutex_);
  file_.append(kind, all_of(actor, details));
}

audit::TreeHead FileServerLog::head() const {
  const std::lock_guard lock(mutex_);
  return file_.head();
}

void CaseServerLog::add(std::string_view kind, const Actor& actor, const audit::Details& details) {
  if (room_ != nullptr) room_->note(kind, all_of(actor, details));
}

}  // namespace safelight::serve
