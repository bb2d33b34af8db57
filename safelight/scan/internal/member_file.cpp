#include "safelight/scan/internal/member_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "safelight/base/fault.h"

namespace safelight::scan {
namespace {

Descriptor new_memory_file() {
  Descriptor file(::memfd_create("safelight-member", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file.is_open()) throw Fault::from_errno("cannot make a memory file for a member", errno);
  return file;
}

}  // namespace

void MemberFile::append(std::span<const std::byte> bytes) {
  const size_t missing_head = std::min(bytes.size(), codec::kSniffBytes - head_.size());
  head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(missing_head));
  size_bytes_ += bytes.size();
  if (size_bytes_ > max_bytes_) {
    file_ = Descriptor();
    return;
  }
  if (!file_.is_open()) file_ = new_memory_file();
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Fault::from_errno("cannot keep a member in memory", errno);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
}

std::optional<FileSource> MemberFile::seal() && {
  if (size_bytes_ > max_bytes_) return std::nullopt;
  if (!file_.is_open()) file_ = new_memory_file();
  if (::fcntl(file_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) !=
      0) {
    throw Fault::from_errno("cannot seal a memory file", errno);
  }
  auto source = FileSource::from_descriptor(std::move(file_));
  if (!source) return std::nullopt;
  return std::move(*source);
}

}  // namespace safelight::scan
