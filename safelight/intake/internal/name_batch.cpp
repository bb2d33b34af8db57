#include "safelight/intake/internal/name_batch.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight::intake_internal {

void NameBatch::add(std::string_view name) {
  if (bound_ && name > *bound_) {
    has_more_ = true;
    return;
  }
  starts_.push_back(static_cast<uint32_t>(text_.size()));
  text_.append(name);
  text_.push_back('\0');
  if (text_.size() + starts_.size() * sizeof(starts_[0]) > max_bytes_ && starts_.size() > 1)
    keep_lesser_half();
}

void NameBatch::keep_lesser_half() {
  const auto less = [this](uint32_t a, uint32_t b) { return at(a) < at(b); };
  const size_t kept = (starts_.size() + 1) / 2;
  std::nth_element(starts_.begin(), starts_.begin() + static_cast<ptrdiff_t>(kept - 1),
                   starts_.end(), less);
  bound_ = std::string(at(starts_[kept - 1]));
  starts_.resize(kept);
  std::string text;
  text.reserve(text_.size());
  for (auto& start : starts_) {
    const std::string_view name = at(start);
    start = static_cast<uint32_t>(text.size());
    text.append(name);
    text.push_back('\0');
  }
  text_ = std::move(text);
  has_more_ = true;
}

void NameBatch::finish() {
  std::sort(starts_.begin(), starts_.end(),
            [this](uint32_t a, uint32_t b) { return at(a) < at(b); });
  text_.shrink_to_fit();
  starts_.shrink_to_fit();
  next_ = 0;
}

std::optional<std::string_view> NameBatch::take() {
  if (next_ == starts_.size()) return std::nullopt;
  return at(starts_[next_++]);
}

std::optional<Error> read_names(int folder_fd, const std::string* after, NameBatch& batch) {
  // A new open file description: the position of `folder_fd` stays its own.
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int fd = ::openat(folder_fd, ".", kFlags | O_NOATIME);
  if (fd < 0 && errno == EPERM) fd = ::openat(folder_fd, ".", kFlags);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
      throw Fault::from_errno("cannot open a folder", errno);
    batch.finish();
    return Error{ErrorCode::unreadable, "walk.read-folder"};
  }
  struct Close {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, Close> folder(::fdopendir(fd));
  if (!folder) {
    const int reason = errno;
    ::close(fd);
    throw Fault::from_errno("cannot read a folder", reason);
  }
  std::optional<Error> error;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) {
      if (errno != 0) error = Error{ErrorCode::unreadable, "walk.read-folder"};
      break;
    }
    const std::string_view name(entry->d_name);
    if (name == "." || name == ".." || (after != nullptr && name <= *after)) continue;
    batch.add(name);
  }
  batch.finish();
  return error;
}

}  // namespace safelight::intake_internal
