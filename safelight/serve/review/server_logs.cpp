#include "safelight/serve/review/server_logs.h"

#include <fcntl.h>

#include "safelight/audit/details.h"
#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight::serve {
namespace {

constexpr const char* kFileName = "server.log";

audit::Details all_of(const Actor& actor, const audit::Details& details) {
  return audit::details_of({actor.person, "", actor.address, details});
}

}  // namespace

FileServerLog::FileServerLog(const std::filesystem::path& folder, const Clock& clock, LogSink& log)
    : path_(folder / kFileName),
      file_(audit::LogFile::open(path_, "server:" + casefile::random_case_id(), clock, log)) {}

void FileServerLog::add(std::string_view kind, const Actor& actor, const audit::Details& details) {
  const std::lock_guard lock(mutex_);
  file_.append(kind, all_of(actor, details));
}

void FileServerLog::for_each(const std::function<void(const audit::Record&)>& use) const {
  const auto fail = [&](const Error& error) {
    throw Fault("cannot read " + path_.string() + ": " + std::string(error.rule));
  };
  // Nothing is appended meanwhile.
  const std::lock_guard lock(mutex_);
  const auto source = FileSource::open(AT_FDCWD, path_.c_str());
  if (!source) fail(source.error());
  auto reader = audit::LogFileReader::open(*source);
  if (!reader) fail(reader.error());
  while (true) {
    const auto bytes = reader->next();
    if (!bytes) fail(bytes.error());
    if (!*bytes) return;
    const auto record = audit::decode_record(**bytes);
    if (!record) fail(record.error());
    use(*record);
  }
}

std::optional<LogHead> FileServerLog::head() const {
  const std::lock_guard lock(mutex_);
  return LogHead{file_.log_name(), file_.head()};
}

void CaseServerLog::add(std::string_view kind, const Actor& actor, const audit::Details& details) {
  if (room_ != nullptr) room_->note(kind, all_of(actor, details));
}

void CaseServerLog::for_each(const std::function<void(const audit::Record&)>& /*use*/) const {}

}  // namespace safelight::serve
