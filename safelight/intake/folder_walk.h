#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/error.h"
#include "safelight/base/result.h"
#include "safelight/bytes/file.h"

namespace safelight {

/// What an entry of a folder is, by its inode.
enum class EntryKind : uint8_t {
  file,
  folder,  ///< Yielded only with an error: one that was not, or not wholly, entered.
  link,    ///< Symbolic; recorded with its target, never followed.
  device,  ///< Block or character device; never opened.
  fifo,
  socket,
  unknown,  ///< It could not be looked at; its error says why.
};

std::string_view to_text(EntryKind kind);

/// Times of an inode, in nanoseconds since 1970, UTC. Absent where the file system keeps none.
struct EntryTimes {
  std::optional<int64_t> modified_ns;
  std::optional<int64_t> changed_ns;  ///< Of the inode.
  std::optional<int64_t> accessed_ns;
  std::optional<int64_t> created_ns;
};

/// One thing found in a folder.
struct WalkEntry {
  std::string path;  ///< Below the source's root, raw bytes joined by '/': not necessarily UTF-8.
                     ///< "" is the root itself, which is yielded only with an error.
  EntryKind kind = EntryKind::unknown;
  FileState state;                    ///< As far as it could be looked at; else all zero.
  EntryTimes times;                   ///< Likewise.
  std::string link_target;            ///< Raw bytes, for a link that could be read.
  bool on_other_file_system = false;  ///< Another device than the root's: a mount was crossed.
  std::optional<Error> error;         ///< Why it was not, or not wholly, looked at.
};

/// Whether a walk enters folders on which another file system is mounted.
enum class Mounts : uint8_t { cross, stay };

/// A folder by its identity.
struct FolderIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  friend bool operator==(const FolderIdentity&, const FolderIdentity&) = default;
};

struct WalkOptions {
  Mounts mounts = Mounts::cross;
  uint32_t max_depth = 4096;  ///< Folders inside folders.
  /// Bytes of names held for one folder; a larger one is read in several passes.
  size_t max_held_name_bytes = 32u << 20;
  /// Folders that are not evidence, such as the case that is being written; not entered.
  std::vector<FolderIdentity> own_folders = {};
};

/// Walks all that lies below a folder, or yields a single file, without following a link and
/// without writing (access times are left alone where that is allowed). Entries come in one order
/// whatever the file system: names bytewise ascending, a folder's content at its place. Memory and
/// open descriptors do not grow with the number of entries or the depth. Nothing is dropped: what
/// cannot be looked at (unreadable, vanished, too deep) is yielded with an error.
class FolderWalk {
 public:
  /// `path` is what the examiner named: links in it, and it alone, are followed.
  /// Errors: not_found; unreadable; unsupported if it is neither a folder nor a regular file.
  static Result<FolderWalk> open(const std::string& path, const WalkOptions& options = {});
  FolderWalk(FolderWalk&&) noexcept;
  FolderWalk& operator=(FolderWalk&&) noexcept;
  ~FolderWalk();

  /// The next entry, or nothing at the end.
  [[nodiscard]] std::optional<WalkEntry> next();

  /// Opens the file that next() yielded last, relative to the descriptor of its folder. The result
  /// does not depend on the walk any more.
  /// Errors: as FileSource::open; changed if another file stands there now.
  [[nodiscard]] Result<FileSource> open_last() const;

  /// Whether the source is one file, not a folder.
  [[nodiscard]] bool is_single_file() const;
  /// The source with all links resolved: an attribute of the source, not part of any identity.
  [[nodiscard]] const std::string& resolved_path() const;

 private:
  struct State;
  explicit FolderWalk(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Opens a file by its raw path below a folder, step by step, following no link; the path may be
/// longer than the system's limit. `root` is a folder, or the file itself if `path` is its name, as
/// FolderWalk yields it. Errors: as FileSource::open; malformed for a step that is "", "." or "..".
Result<FileSource> open_below(const std::string& root, std::string_view path);

/// The identity of a folder, for WalkOptions::own_folders. Errors: not_found; unreadable.
Result<FolderIdentity> identity_of_folder(const std::string& path);

}  // namespace safelight
