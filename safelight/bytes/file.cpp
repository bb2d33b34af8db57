#include "safelight/bytes/file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace safelight {
namespace {

/// 0 for a time that nanoseconds do not reach, which a file system may well hold.
int64_t to_ns(const timespec& time) {
  int64_t ns = 0;
  if (__builtin_mul_overflow(int64_t{time.tv_sec}, int64_t{1'000'000'000}, &ns) ||
      __builtin_add_overflow(ns, int64_t{time.tv_nsec}, &ns))
    return 0;
  return ns;
}

FileState state_of(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size_bytes = static_cast<uint64_t>(status.st_size),
          .modified_ns = to_ns(status.st_mtim),
          .changed_ns = to_ns(status.st_ctim)};
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<FileSource> FileSource::open(int directory_fd, const char* name) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  int fd = ::openat(directory_fd, name, kFlags | O_NOATIME);
  // O_NOATIME is refused to those who do not own the file.
  if (fd < 0 && errno == EPERM) fd = ::openat(directory_fd, name, kFlags);
  if (fd < 0) {
    if (errno == ENOENT) return Error{ErrorCode::not_found, "file.open"};
    if (errno == ELOOP) return Error{ErrorCode::unsupported, "file.link"};
    return Error{ErrorCode::unreadable, "file.open"};
  }
  return from_descriptor(Descriptor(fd));
}

Result<FileSource> FileSource::from_descriptor(Descriptor descriptor) {
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) return Error{ErrorCode::unreadable, "file.stat"};
  if (!S_ISREG(status.st_mode)) return Error{ErrorCode::unsupported, "file.not-regular"};
  return FileSource(std::move(descriptor), state_of(status));
}

Result<size_t> FileSource::read_at(uint64_t offset_bytes, std::span<std::byte> out) const {
  size_t done = 0;
  while (done < out.size() && offset_bytes + done < size_bytes()) {
    const ssize_t count = ::pread(descriptor_.get(), out.data() + done, out.size() - done,
                                  static_cast<off_t>(offset_bytes + done));
    if (count < 0) {
      if (errno == EINTR) continue;
      return Error::at(ErrorCode::unreadable, "file.read", offset_bytes + done);
    }
    if (count == 0)
      return Error::at(ErrorCode::changed, "file.shorter-than-at-open", offset_bytes + done);
    done += static_cast<size_t>(count);
  }
  return done;
}

Result<void> FileSource::check_unchanged() const {
  struct stat status {};
  if (::fstat(descriptor_.get(), &status) != 0) return Error{ErrorCode::unreadable, "file.stat"};
  if (state_of(status) != state_) return Error{ErrorCode::changed, "file.changed-while-read"};
  return {};
}

Result<FileMapping> FileMapping::map(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return Error{ErrorCode::unreadable, "file.stat"};
  const auto size = static_cast<size_t>(status.st_size);
  if (size == 0) return FileMapping();
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (address == MAP_FAILED) {
    const bool no_space = errno == ENOMEM;
    return Error{no_space ? ErrorCode::limit_exceeded : ErrorCode::unreadable, "file.map"};
  }
  return FileMapping({static_cast<const std::byte*>(address), size});
}

FileMapping::FileMapping(FileMapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

FileMapping& FileMapping::operator=(FileMapping&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

Result<std::span<const std::byte>> FileMapping::part(uint64_t offset_bytes,
                                                     uint64_t length_bytes) const {
  if (offset_bytes > bytes_.size() || length_bytes > bytes_.size() - offset_bytes)
    return Error{ErrorCode::changed, "file.part"};
  return bytes_.subspan(offset_bytes, length_bytes);
}

FileMapping::~FileMapping() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace safelight
