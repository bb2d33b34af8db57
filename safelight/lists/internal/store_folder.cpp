#include "safelight/lists/internal/store_folder.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <set>
#include <sys/file.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/lists/internal/list_manifest.h"
#include "safelight/lists/internal/list_writer.h"

namespace safelight::lists {
namespace {

constexpr std::string_view kPendingSuffix = ".pending";
constexpr std::string_view kMergingSuffix = ".merging";

std::string hidden_name(std::string_view list, std::string_view suffix) {
  return "." + std::string(list) + std::string(suffix);
}

/// Whether that is the name of a file that a merge works on.
bool is_of_merge(std::string_view name) {
  return name.ends_with(kMergingSuffix) ||
         (name.starts_with(kPendingPrefix) && name.find(kMergingSuffix) != std::string_view::npos);
}

}  // namespace

std::string segment_name(std::string_view list, const Sha256& content_id) {
  return std::string(list) + "." + to_hex(content_id) + std::string(kSegmentSuffix);
}

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

std::filesystem::path pending_path(const std::filesystem::path& folder, std::string_view list) {
  return folder / hidden_name(list, kPendingSuffix);
}

std::filesystem::path merging_path(const std::filesystem::path& folder, std::string_view list) {
  return folder / hidden_name(list, kMergingSuffix);
}

void remove_leftovers(const std::filesystem::path& folder) {
  for (const std::string& name : files_of(folder)) {
    const bool left = name.starts_with(kPendingPrefix) || name.ends_with(kPendingSuffix);
    if (left && !is_of_merge(name)) ::unlink((folder / name).c_str());
  }
}

void remove_merge_leftovers(const std::filesystem::path& folder, std::string_view list) {
  const std::string own = hidden_name(list, kMergingSuffix);
  for (const std::string& name : files_of(folder)) {
    const bool partly = name.starts_with(std::string(kPendingPrefix) + own + "-");
    if (name == own || partly) ::unlink((folder / name).c_str());
  }
}

void remove_unreferenced(const std::filesystem::path& folder) {
  std::set<std::string> named;
  const std::vector<std::string> files = files_of(folder);
  for (const std::string& name : files) {
    if (!name.ends_with(kManifestSuffix)) continue;
    const auto manifest = read_manifest(folder / name);
    if (!manifest) return;
    const std::string list = name.substr(0, name.size() - kManifestSuffix.size());
    for (const ListManifest::Segment& segment : manifest->segments) {
      named.insert(segment_name(list, segment.content_id));
    }
  }
  for (const std::string& name : files) {
    if (name.ends_with(kSegmentSuffix) && !named.contains(name)) ::unlink((folder / name).c_str());
  }
}

void rename_over(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw Fault::from_errno("cannot rename " + from.string() + " to " + to.string(), errno);
  }
  sync_folder(to.parent_path());
}

std::optional<Descriptor> try_merge_lock(const std::filesystem::path& folder,
                                         std::string_view list) {
  const std::filesystem::path path = folder / hidden_name(list, ".merge-lock");
  Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.is_open()) throw Fault::from_errno("cannot open " + path.string(), errno);
  while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    if (errno != EINTR) throw Fault::from_errno("cannot lock " + path.string(), errno);
  }
  return lock;
}

Descriptor lock_out_changes(const std::filesystem::path& log) {
  Descriptor lock(::open(log.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!lock.is_open() && errno == ENOENT) return lock;
  if (!lock.is_open()) throw Fault::from_errno("cannot open " + log.string(), errno);
  while (::flock(lock.get(), LOCK_SH) != 0) {
    if (errno != EINTR) throw Fault::from_errno("cannot lock " + log.string(), errno);
  }
  return lock;
}

}  // namespace safelight::lists
