#include "safelight/intake/folder_walk.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/intake/internal/name_batch.h"

namespace safelight {
namespace {

using intake_internal::NameBatch;

// Folders on the way down whose descriptors stay open; the others are opened again on the way back.
constexpr size_t kOpenLevels = 16;

std::optional<int64_t> to_ns(const statx_timestamp& time) {
  int64_t ns = 0;
  if (__builtin_mul_overflow(static_cast<int64_t>(time.tv_sec), int64_t{1'000'000'000}, &ns) ||
      __builtin_add_overflow(ns, static_cast<int64_t>(time.tv_nsec), &ns))
    return std::nullopt;
  return ns;
}

EntryKind kind_of(unsigned mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return EntryKind::file;
    case S_IFDIR:
      return EntryKind::folder;
    case S_IFLNK:
      return EntryKind::link;
    case S_IFCHR:
    case S_IFBLK:
      return EntryKind::device;
    case S_IFIFO:
      return EntryKind::fifo;
    case S_IFSOCK:
      return EntryKind::socket;
    default:
      return EntryKind::unknown;
  }
}

/// The input's error that errno stands for; throws Fault where it is the environment's.
Error error_from_errno(int reason, std::string_view rule) {
  switch (reason) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      throw Fault::from_errno("cannot open a file or folder", reason);
    case ENOENT:
      return {ErrorCode::not_found, rule};
    case ELOOP:
    case ENOTDIR:
      return {ErrorCode::changed, rule};
    default:
      return {ErrorCode::unreadable, rule};
  }
}

Result<Descriptor> open_folder(int parent_fd, const char* name) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  int fd = ::openat(parent_fd, name, kFlags | O_NOATIME);
  if (fd < 0 && errno == EPERM) fd = ::openat(parent_fd, name, kFlags);
  if (fd < 0) return error_from_errno(errno, "walk.open-folder");
  return Descriptor(fd);
}

/// A descriptor only to step through, which needs no permission to read.
Result<Descriptor> step_into(int parent_fd, const char* name) {
  const int fd = ::openat(parent_fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return error_from_errno(errno, "walk.open-folder");
  return Descriptor(fd);
}

Result<FolderIdentity> identity_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return Error{ErrorCode::unreadable, "walk.stat-folder"};
  return FolderIdentity{status.st_dev, status.st_ino};
}

/// Fills all of `entry` but its path from the inode of `name`.
void look(int parent_fd, const char* name, uint64_t root_device, WalkEntry& entry) {
  struct statx status {};
  if (::statx(parent_fd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
              STATX_BASIC_STATS | STATX_BTIME, &status) != 0) {
    entry.error = error_from_errno(errno, "walk.stat");
    return;
  }
  entry.kind = kind_of(status.stx_mode);
  const auto time = [&](unsigned bit, const statx_timestamp& value) {
    return (status.stx_mask & bit) != 0 ? to_ns(value) : std::nullopt;
  };
  entry.times = {.modified_ns = time(STATX_MTIME, status.stx_mtime),
                 .changed_ns = time(STATX_CTIME, status.stx_ctime),
                 .accessed_ns = time(STATX_ATIME, status.stx_atime),
                 .created_ns = time(STATX_BTIME, status.stx_btime)};
  entry.state = {.device = makedev(status.stx_dev_major, status.stx_dev_minor),
                 .inode = status.stx_ino,
                 .size_bytes = status.stx_size,
                 .modified_ns = entry.times.modified_ns.value_or(0),
                 .changed_ns = entry.times.changed_ns.value_or(0)};
  entry.on_other_file_system = entry.state.device != root_device;
  if (entry.kind == EntryKind::link) {
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlinkat(parent_fd, name, target.data(), target.size());
    if (size < 0) {
      entry.error = error_from_errno(errno, "walk.read-link");
    } else {
      entry.link_target = target.substr(0, static_cast<size_t>(size));
    }
  }
}

/// Walks down `path` from `from`, following no link.
Result<Descriptor> step_down(int from, std::string_view path) {
  SAFELIGHT_TRY(Descriptor at, step_into(from, "."));
  if (path.empty()) return at;
  while (true) {
    const size_t slash = path.find('/');
    const std::string step(path.substr(0, slash));
    if (step.empty() || step == "." || step == ".." || step.find('\0') != std::string::npos)
      return Error{ErrorCode::malformed, "walk.path-step"};
    SAFELIGHT_TRY(at, step_into(at.get(), step.c_str()));
    if (slash == std::string_view::npos) return at;
    path.remove_prefix(slash + 1);
  }
}

struct Root {
  std::string resolved_path;
  Descriptor folder;      ///< The folder, or the one that holds the single file.
  std::string file_name;  ///< Of a single file; "" for a folder.
};

Result<Root> open_root(const std::string& path) {
  struct Free {
    void operator()(char* text) const { std::free(text); }
  };
  const std::unique_ptr<char, Free> resolved(::realpath(path.c_str(), nullptr));
  if (!resolved) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    return Error{absent ? ErrorCode::not_found : ErrorCode::unreadable, "walk.source"};
  }
  Root root;
  root.resolved_path = resolved.get();
  struct stat status {};
  if (::lstat(resolved.get(), &status) != 0) return Error{ErrorCode::unreadable, "walk.source"};
  if (S_ISDIR(status.st_mode)) {
    SAFELIGHT_TRY(root.folder, open_folder(AT_FDCWD, resolved.get()));
  } else if (S_ISREG(status.st_mode)) {
    const size_t slash = root.resolved_path.rfind('/');
    root.file_name = root.resolved_path.substr(slash + 1);
    SAFELIGHT_TRY(root.folder,
                  step_into(AT_FDCWD, root.resolved_path.substr(0, slash + 1).c_str()));
  } else {
    return Error{ErrorCode::unsupported, "walk.source-kind"};
  }
  return root;
}

}  // namespace

struct FolderWalk::State {
  /// One folder on the way from the root to the present entry.
  struct Level {
    Descriptor folder;  ///< Closed while the walk is far below.
    FolderIdentity identity;
    size_t path_bytes = 0;  ///< Of `State::path` that are this folder's path and its '/'.
    std::optional<NameBatch> names;
    bool all_names_read = false;
    std::string last;  ///< The name taken last, "" before the first.
  };

  WalkOptions options;
  Root root;
  FolderIdentity root_identity;
  bool single_file_done = false;
  std::string path;  ///< Of the deepest level, with a '/' at its end unless it is empty.
  std::vector<Level> levels;
  // The entry yielded last: its folder stays open until the next call.
  int last_folder_fd = -1;
  std::string last_name;
  FileState last_state;

  /// An entry for the deepest folder itself.
  WalkEntry folder_entry(const Error& error) const {
    WalkEntry entry;
    entry.path = path.substr(0, path.empty() ? 0 : path.size() - 1);
    entry.kind = EntryKind::folder;
    entry.state.device = levels.back().identity.device;
    entry.state.inode = levels.back().identity.inode;
    entry.on_other_file_system = entry.state.device != root_identity.device;
    entry.error = error;
    return entry;
  }

  /// Drops names that are held for upper folders until what is held fits; they are read again on
  /// the way back.
  void shed_names() {
    size_t held = 0;
    for (const auto& level : levels) held += level.names ? level.names->held_bytes() : 0;
    for (size_t i = 0; i + 1 < levels.size() && held > 2 * options.max_held_name_bytes; ++i) {
      if (!levels[i].names) continue;
      held -= levels[i].names->held_bytes();
      levels[i].names.reset();
      levels[i].all_names_read = false;
    }
  }

  void push(Descriptor folder, const FolderIdentity& identity) {
    Level level;
    level.folder = std::move(folder);
    level.identity = identity;
    level.path_bytes = path.size();
    levels.push_back(std::move(level));
    if (levels.size() > kOpenLevels) levels[levels.size() - 1 - kOpenLevels].folder = Descriptor();
  }

  /// Goes back to the folder above, opening it again if it was closed.
  void pop() {
    const Descriptor below = std::move(levels.back().folder);
    levels.pop_back();
    if (levels.empty()) return;
    path.resize(levels.back().path_bytes);
    Level& level = levels.back();
    if (level.folder.is_open()) return;
    const auto is_it = [&](const Result<Descriptor>& folder) {
      if (!folder) return false;
      const auto identity = identity_of(folder->get());
      return identity && *identity == level.identity;
    };
    if (below.is_open()) {
      auto folder = open_folder(below.get(), "..");
      if (is_it(folder)) {
        level.folder = std::move(*folder);
        return;
      }
    }
    // The folder below was moved meanwhile: come from the root again.
    const std::string_view steps(path.data(), path.empty() ? 0 : path.size() - 1);
    const auto way = step_down(root.folder.get(), steps);
    if (!way) return;
    auto folder = open_folder(way->get(), ".");
    if (is_it(folder)) level.folder = std::move(*folder);
  }

  /// Enters the folder `name` of the deepest level, or says in `entry` why not.
  bool enter(const char* name, WalkEntry& entry) {
    const auto refuse = [&](const Error& error) {
      entry.error = error;
      return false;
    };
    if (levels.size() > options.max_depth) return refuse({ErrorCode::limit_exceeded, "max_depth"});
    auto folder = open_folder(levels.back().folder.get(), name);
    if (!folder) return refuse(folder.error());
    const auto identity = identity_of(folder->get());
    if (!identity) return refuse(identity.error());
    const auto& own = options.own_folders;
    if (std::find(own.begin(), own.end(), *identity) != own.end())
      return refuse({ErrorCode::unsupported, "walk.own-folder"});
    entry.on_other_file_system = identity->device != root_identity.device;
    if (entry.on_other_file_system && options.mounts == Mounts::stay)
      return refuse({ErrorCode::unsupported, "walk.other-file-system"});
    // A folder mounted below itself would go on for ever.
    const bool loop = std::any_of(levels.begin(), levels.end(),
                                  [&](const Level& l) { return l.identity == *identity; });
    if (loop) return refuse({ErrorCode::unsupported, "walk.loop"});
    path.append(name);
    path.push_back('/');
    push(std::move(*folder), *identity);
    return true;
  }

  /// Reads the next names of the deepest level.
  std::optional<Error> read_more_names() {
    Level& level = levels.back();
    level.names.emplace(options.max_held_name_bytes);
    const auto error = intake_internal::read_names(
        level.folder.get(), level.last.empty() ? nullptr : &level.last, *level.names);
    level.all_names_read = !level.names->has_more();
    shed_names();
    return error;
  }

  std::optional<WalkEntry> next() {
    last_name.clear();
    if (!root.file_name.empty()) {
      if (std::exchange(single_file_done, true)) return std::nullopt;
      return look_at(root.folder.get(), root.file_name);
    }
    while (!levels.empty()) {
      Level& level = levels.back();
      if (!level.folder.is_open()) {
        auto entry = folder_entry({ErrorCode::changed, "walk.folder-moved"});
        pop();
        return entry;
      }
      const auto name = level.names ? level.names->take() : std::nullopt;
      if (!name) {
        if (level.all_names_read) {
          pop();
        } else if (const auto error = read_more_names()) {
          return folder_entry(*error);
        }
        continue;
      }
      level.last = *name;
      WalkEntry entry = look_at(level.folder.get(), level.last);
      if (entry.kind == EntryKind::folder && !entry.error && enter(last_name.c_str(), entry))
        continue;
      return entry;
    }
    return std::nullopt;
  }

  WalkEntry look_at(int folder_fd, const std::string& name) {
    WalkEntry entry;
    entry.path = path + name;
    look(folder_fd, name.c_str(), root_identity.device, entry);
    last_folder_fd = folder_fd;
    last_name = name;
    last_state = entry.state;
    return entry;
  }
};

FolderWalk::FolderWalk(std::unique_ptr<State> state) : state_(std::move(state)) {}
FolderWalk::FolderWalk(FolderWalk&&) noexcept = default;
FolderWalk& FolderWalk::operator=(FolderWalk&&) noexcept = default;
FolderWalk::~FolderWalk() = default;

Result<FolderWalk> FolderWalk::open(const std::string& path, const WalkOptions& options) {
  auto state = std::make_unique<State>();
  state->options = options;
  SAFELIGHT_TRY(state->root, open_root(path));
  SAFELIGHT_TRY(state->root_identity, identity_of(state->root.folder.get()));
  if (state->root.file_name.empty()) {
    SAFELIGHT_TRY(Descriptor folder, open_folder(state->root.folder.get(), "."));
    state->push(std::move(folder), state->root_identity);
  }
  return FolderWalk(std::move(state));
}

std::optional<WalkEntry> FolderWalk::next() { return state_->next(); }

Result<FileSource> FolderWalk::open_last() const {
  if (state_->last_name.empty()) return Error{ErrorCode::not_found, "walk.no-entry"};
  SAFELIGHT_TRY(FileSource file,
                FileSource::open(state_->last_folder_fd, state_->last_name.c_str()));
  if (file.state().device != state_->last_state.device ||
      file.state().inode != state_->last_state.inode)
    return Error{ErrorCode::changed, "walk.replaced"};
  return file;
}

bool FolderWalk::is_single_file() const { return !state_->root.file_name.empty(); }

const std::string& FolderWalk::resolved_path() const { return state_->root.resolved_path; }

Result<FileSource> open_below(const std::string& root_path, std::string_view path) {
  SAFELIGHT_TRY(const Root root, open_root(root_path));
  const size_t slash = path.rfind('/');
  const std::string name(slash == std::string_view::npos ? path : path.substr(slash + 1));
  if (name.empty() || name == "." || name == ".." || name.find('\0') != std::string::npos)
    return Error{ErrorCode::malformed, "walk.path-step"};
  if (!root.file_name.empty()) {
    if (path != root.file_name) return Error{ErrorCode::not_found, "walk.path"};
    return FileSource::open(root.folder.get(), name.c_str());
  }
  SAFELIGHT_TRY(
      const Descriptor folder,
      step_down(root.folder.get(), path.substr(0, slash == std::string_view::npos ? 0 : slash)));
  return FileSource::open(folder.get(), name.c_str());
}

Result<FolderIdentity> identity_of_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return error_from_errno(errno, "walk.open-folder");
  const Descriptor folder(fd);
  return identity_of(folder.get());
}

std::string_view to_text(EntryKind kind) {
  switch (kind) {
    case EntryKind::file:
      return "file";
    case EntryKind::folder:
      return "folder";
    case EntryKind::link:
      return "link";
    case EntryKind::device:
      return "device";
    case EntryKind::fifo:
      return "fifo";
    case EntryKind::socket:
      return "socket";
    case EntryKind::unknown:
      break;
  }
  return "unknown";
}

}  // namespace safelight
