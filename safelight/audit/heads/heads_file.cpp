#include "safelight/audit/heads/heads_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_map>

#include "safelight/base/fault.h"
#include "safelight/base/time_text.h"
#include "safelight/bytes/file.h"

namespace safelight::audit {
namespace {

constexpr size_t kBlockBytes = 64 << 10;

/// Success if one of the keys verifies the head, or none is given.
Result<void> check_with_any(const SignedHead& head, std::span<const PublicKey> keys) {
  Result<void> found;
  for (const PublicKey& key : keys) {
    const Result<void> checked = check_signature(head, key);
    if (checked) return checked;
    // A key with the right name whose signature does not fit says more than no key.
    if (found || checked.error().code == ErrorCode::integrity_mismatch) found = checked;
  }
  return found;
}

/// Sorts lines into a reading.
class LineSorter {
 public:
  LineSorter(std::string_view log, std::span<const PublicKey> keys, const HeadsLimits& limits)
      : log_(log), keys_(keys), limits_(limits) {
    out_.signatures = keys.empty() ? Signatures::not_checked : Signatures::checked;
  }

  void add(std::string_view line) {
    ++line_;
    if (line.empty()) return;
    auto head = parse_head_line(line);
    if (!head) return add_bad(head.error());
    if (head->log != log_) {
      ++out_.other_logs;
      return;
    }
    if (const auto checked = check_with_any(*head, keys_); !checked) {
      return add_bad(checked.error());
    }
    compare(head->head);
    out_.heads.push_back({line_, *std::move(head)});
  }

  void add_without_end() {
    ++line_;
    add_bad({ErrorCode::truncated, "heads.last-line"});
  }

  HeadsReading take() && { return std::move(out_); }

 private:
  void add_bad(const Error& error) {
    ++out_.bad_line_count;
    if (out_.bad_lines.size() < limits_.max_bad_lines) out_.bad_lines.push_back({line_, error});
  }

  /// Notes what a head of this log is beside those before it.
  void compare(const TreeHead& head) {
    if (head.size < largest_ && out_.set_back.size() < limits_.max_forks) {
      out_.set_back.push_back(line_);
    }
    largest_ = std::max(largest_, head.size);
    const auto [first, is_new] = first_of_size_.try_emplace(head.size, out_.heads.size());
    if (is_new) return;
    const HeadOfLine& before = out_.heads[first->second];
    if (before.signed_head.head.root == head.root) return;
    ++out_.fork_count;
    if (out_.forks.size() < limits_.max_forks) {
      out_.forks.push_back({before.line, line_, head.size});
    }
  }

  std::string_view log_;
  std::span<const PublicKey> keys_;
  const HeadsLimits& limits_;
  HeadsReading out_;
  uint64_t line_ = 0;
  uint64_t largest_ = 0;
  std::unordered_map<uint64_t, size_t> first_of_size_;  ///< Index of the first head of that size.
};

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& file) {
  throw Fault::from_errno("cannot " + action + " the heads in " + file.string(), errno);
}

/// Locks a file to the end of its descriptor, where its file system has locks.
void lock(int descriptor, const std::filesystem::path& file) {
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS) return;
    if (errno != EINTR) fail("lock", file);
  }
}

/// Makes a new file's name survive a power loss.
void sync_folder_of(const std::filesystem::path& file) {
  const auto parent = std::filesystem::absolute(file).parent_path();
  const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.is_open()) ::fsync(folder.get());
}

}  // namespace

NotedHeads HeadsReading::noted() const {
  std::vector<NotedHead> out;
  out.reserve(heads.size());
  for (const HeadOfLine& head : heads) {
    out.push_back({head.signed_head.head, "the head of " + utc_text(head.signed_head.time_ns) +
                                              " (line " + std::to_string(head.line) + ")"});
  }
  return NotedHeads(std::move(out));
}

Result<HeadsReading> read_heads(const ByteSource& file, std::string_view log,
                                std::span<const PublicKey> keys, const HeadsLimits& limits) {
  if (file.size_bytes() > limits.max_file_bytes) {
    return Error{ErrorCode::limit_exceeded, "heads.max_file_bytes"};
  }
  LineSorter sorter(log, keys, limits);
  std::vector<std::byte> block(kBlockBytes);
  // One byte more than a line may have is kept of a longer one: enough to see that it is.
  std::string line;
  for (uint64_t offset = 0; offset < file.size_bytes();) {
    SAFELIGHT_TRY(const size_t count, file.read_at(offset, block));
    if (count == 0) break;
    offset += count;
    for (const std::byte byte : std::span(block).first(count)) {
      if (byte == std::byte{'\n'}) {
        sorter.add(line);
        line.clear();
      } else if (line.size() <= kMaxHeadLineBytes) {
        line.push_back(static_cast<char>(byte));
      }
    }
  }
  if (!line.empty()) sorter.add_without_end();
  return std::move(sorter).take();
}

void HeadsFile::append(std::string_view line) {
  constexpr int kFlags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const bool was_there = std::filesystem::exists(file_);
  const Descriptor descriptor(::open(file_.c_str(), kFlags | O_CREAT, 0600));
  struct stat status {};
  if (!descriptor.is_open()) fail("open", file_);
  if (::fstat(descriptor.get(), &status) != 0) fail("open", file_);
  if (!S_ISREG(status.st_mode)) throw Fault(file_.string() + " is no file to keep heads in");
  lock(descriptor.get(), file_);
  std::string text;
  // Behind the lock: another process may have written meanwhile.
  const off_t size = ::lseek(descriptor.get(), 0, SEEK_END);
  char last = '\n';
  if (size < 0 || (size > 0 && ::pread(descriptor.get(), &last, 1, size - 1) != 1)) {
    fail("read", file_);
  }
  if (last != '\n') text += '\n';
  text.append(line).append("\n");
  for (std::string_view left = text; !left.empty();) {
    const ssize_t written = ::write(descriptor.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", file_);
    left.remove_prefix(static_cast<size_t>(written));
  }
  if (::fsync(descriptor.get()) != 0) fail("sync", file_);
  if (!was_there) sync_folder_of(file_);
}

}  // namespace safelight::audit
