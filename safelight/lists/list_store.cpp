#include "safelight/lists/list_store.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/evidence/origin.h"
#include "safelight/lists/internal/list_writer.h"
#include "safelight/lists/list_log.h"

namespace safelight {
namespace {

constexpr std::string_view kSuffix = ".slist";
constexpr std::string_view kPendingSuffix = ".pending";
constexpr size_t kMaxNameBytes = 64;

/// Removes a file when it goes, whether it was renamed away or not.
class Removed {
 public:
  explicit Removed(std::filesystem::path path) : path_(std::move(path)) {}
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() { ::unlink(path_.c_str()); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void rename_over(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw Fault::from_errno("cannot rename " + from.string() + " to " + to.string(), errno);
  }
  lists::sync_folder(to.parent_path());
}

/// Names of the regular files in a folder, in any order.
std::vector<std::string> files_of(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator files(folder, error), end; !error && files != end;
       files.increment(error)) {
    std::error_code gone;
    if (files->is_regular_file(gone)) names.push_back(files->path().filename().string());
  }
  if (error) throw Fault::from_errno("cannot read the folder " + folder.string(), error.value());
  return names;
}

/// Removes what a change that was killed left behind: parts of lists, which are secrets. Only while
/// the log is locked.
void remove_leftovers(const std::filesystem::path& folder) {
  for (const std::string& name : files_of(folder)) {
    if (name.starts_with(lists::kPendingPrefix) || name.ends_with(kPendingSuffix)) {
      ::unlink((folder / name).c_str());
    }
  }
}

std::vector<std::pair<std::string, std::string>> fields_of(const CompiledListInfo& info) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"source_name", escape_name(info.source_name)},
      {"source_sha256", to_hex(info.source_sha256)},
      {"source_bytes", std::to_string(info.source_bytes)},
      {"format", info.format},
      {"header", escape_name(info.header)},
      {"pdq_mode", std::string(to_text(info.pdq_mode))},
      {"entries", std::to_string(info.entries)},
      {"md5", std::to_string(info.md5)},
      {"sha1", std::to_string(info.sha1)},
      {"sha256", std::to_string(info.sha256)},
      {"pdq", std::to_string(info.pdq)},
      {"photodna_not_matchable", std::to_string(info.photodna)},
      {"merged", std::to_string(info.merged)},
      {"refused", std::to_string(info.refused)},
      {"dropped_empty_file", std::to_string(info.dropped_empty_file)},
      {"dropped_placeholder", std::to_string(info.dropped_placeholder)},
      {"dropped_low_quality", std::to_string(info.dropped_low_quality)},
      {"default_disposition", std::string(to_text(info.default_disposition))},
  };
  for (const auto& [code, disposition] : info.mapping.codes()) {
    fields.emplace_back("map:" + escape_name(code), to_text(disposition));
  }
  return fields;
}

}  // namespace

Result<void> check_list_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
                    });
  if (!good) return Error{ErrorCode::malformed, "list.name"};
  return {};
}

ListStore ListStore::open(const std::filesystem::path& folder) {
  const auto parent = folder.parent_path();
  std::error_code error;
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Fault::from_errno("cannot make the folder of lists " + folder.string(), errno);
  }
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    throw Fault(folder.string() + " is no folder");
  }
  // Lists are secrets. A folder that others may read is closed to them.
  if ((status.st_mode & 0077) != 0 && ::chmod(folder.c_str(), 0700) != 0) {
    throw Fault::from_errno("cannot close " + folder.string() + " to others", errno);
  }
  return ListStore(folder);
}

std::filesystem::path ListStore::log_path() const { return folder_ / "lists.log"; }

std::filesystem::path ListStore::path_of(std::string_view name) const {
  return folder_ / (std::string(name) + std::string(kSuffix));
}

std::vector<std::string> ListStore::names() const {
  std::vector<std::string> names;
  for (const std::string& name : files_of(folder_)) {
    if (!name.ends_with(kSuffix)) continue;
    std::string list = name.substr(0, name.size() - kSuffix.size());
    if (check_list_name(list)) names.push_back(std::move(list));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<CompiledList> ListStore::load(std::string_view name) const {
  SAFELIGHT_CHECK(check_list_name(name));
  return CompiledList::open(path_of(name), name);
}

Result<CompileReport> ListStore::import(std::string_view name, const FileSource& source,
                                        std::string_view source_name, const CompileOptions& options,
                                        std::string_view when) {
  SAFELIGHT_CHECK(check_list_name(name));
  SAFELIGHT_TRY(ListLogWriter log, ListLogWriter::open(log_path(), when));
  remove_leftovers(folder_);
  const Removed pending(folder_ / ("." + std::string(name) + std::string(kPendingSuffix)));
  SAFELIGHT_TRY(CompileReport report, compile_list(source, source_name, options, pending.path()));
  ListLogRecord record;
  record.when = when;
  record.action = "import";
  record.list = name;
  record.content_id = to_hex(report.info.content_id);
  record.fields = fields_of(report.info);
  if (std::filesystem::exists(path_of(name))) {
    record.action = "replace";
    // One that no longer reads is replaced like any other.
    const Result<CompiledList> old = load(name);
    record.fields.emplace_back("replaced_content_id",
                               old ? to_hex(old->content_id()) : "unreadable");
  }
  // The log first: a crash in between leaves a record of a change that check() shows as not done,
  // never a change without its record.
  log.append(std::move(record));
  rename_over(pending.path(), path_of(name));
  return report;
}

Result<CompiledListInfo> ListStore::remap(std::string_view name, const CategoryMapping& mapping,
                                          Disposition default_disposition, std::string_view when) {
  SAFELIGHT_TRY(ListLogWriter log, ListLogWriter::open(log_path(), when));
  SAFELIGHT_TRY(const CompiledList old, load(name));
  remove_leftovers(folder_);
  const Removed pending(folder_ / ("." + std::string(name) + std::string(kPendingSuffix)));
  SAFELIGHT_TRY(CompiledListInfo info,
                remap_list(old, mapping, default_disposition, pending.path()));
  ListLogRecord record;
  record.when = when;
  record.action = "remap";
  record.list = name;
  record.content_id = to_hex(info.content_id);
  record.fields = fields_of(info);
  record.fields.emplace_back("replaced_content_id", to_hex(old.content_id()));
  log.append(std::move(record));
  rename_over(pending.path(), path_of(name));
  return info;
}

Result<void> ListStore::drop(std::string_view name, std::string_view when) {
  SAFELIGHT_CHECK(check_list_name(name));
  SAFELIGHT_TRY(ListLogWriter log, ListLogWriter::open(log_path(), when));
  if (!std::filesystem::exists(path_of(name))) return Error{ErrorCode::not_found, "list.name"};
  const Result<CompiledList> old = load(name);
  ListLogRecord record;
  record.when = when;
  record.action = "drop";
  record.list = name;
  record.content_id = old ? to_hex(old->content_id()) : "unreadable";
  log.append(std::move(record));
  if (::unlink(path_of(name).c_str()) != 0) {
    throw Fault::from_errno("cannot remove " + path_of(name).string(), errno);
  }
  lists::sync_folder(folder_);
  return {};
}

Result<std::vector<ListDiscrepancy>> ListStore::check() const {
  SAFELIGHT_TRY(const std::vector<ListLogRecord> records, verify_list_log(log_path()));
  std::map<std::string, std::string> logged;
  for (const ListLogRecord& record : records) {
    if (record.action == "mend") continue;
    logged[record.list] = record.action == "drop" ? std::string() : record.content_id;
  }
  std::map<std::string, std::string> present;
  for (const std::string& name : names()) {
    const Result<CompiledList> list = load(name);
    present[name] = list && list->verify() ? to_hex(list->content_id()) : "damaged";
  }
  std::vector<ListDiscrepancy> discrepancies;
  for (const auto& [name, id] : logged) {
    const auto found = present.find(name);
    const std::string present_id = found == present.end() ? std::string() : found->second;
    if (present_id != id) discrepancies.push_back({name, id, present_id});
  }
  for (const auto& [name, id] : present) {
    if (!logged.contains(name)) discrepancies.push_back({name, {}, id});
  }
  std::sort(discrepancies.begin(), discrepancies.end());
  return discrepancies;
}

}  // namespace safelight
