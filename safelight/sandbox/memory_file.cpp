#include "safelight/sandbox/memory_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/sandbox/internal/unsealed_file.h"

namespace safelight::sandbox {
namespace {

/// MFD_NOEXEC_SEAL of Linux 6.3, which the headers of Debian 12 do not have: the file can never be
/// made executable.
constexpr unsigned kNeverExecutable = 0x8;
constexpr int kFixedSize = F_SEAL_SHRINK | F_SEAL_GROW;
constexpr int kAllSeals = kFixedSize | F_SEAL_WRITE | F_SEAL_SEAL;

Descriptor create_memory_file() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int fd = ::memfd_create("safelight", kFlags | kNeverExecutable);
  if (fd < 0 && errno == EINVAL) fd = ::memfd_create("safelight", kFlags);
  if (fd < 0) throw Fault::from_errno("cannot create a memory file", errno);
  return Descriptor(fd);
}

}  // namespace

UnsealedFile UnsealedFile::create(uint64_t size_bytes) {
  Descriptor descriptor = create_memory_file();
  if (::ftruncate(descriptor.get(), static_cast<off_t>(size_bytes)) != 0 ||
      ::fcntl(descriptor.get(), F_ADD_SEALS, kFixedSize) != 0)
    throw Fault::from_errno("cannot size a memory file", errno);
  return UnsealedFile(std::move(descriptor), size_bytes);
}

std::optional<MemoryFile> UnsealedFile::seal() && {
  const int fd = descriptor_.get();
  if (::fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL) != 0) return std::nullopt;
  struct stat status {};
  if ((::fcntl(fd, F_GET_SEALS) & kAllSeals) != kAllSeals || ::fstat(fd, &status) != 0 ||
      static_cast<uint64_t>(status.st_size) != size_bytes_)
    return std::nullopt;
  return MemoryFile(std::move(descriptor_), size_bytes_);
}

MemoryFile MemoryFile::copy_of(std::span<const std::byte> bytes) {
  MemoryFileWriter writer;
  writer.append(bytes);
  return std::move(writer).seal();
}

MemoryFileWriter::MemoryFileWriter() : descriptor_(create_memory_file()) {}

void MemoryFileWriter::append(std::span<const std::byte> bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::write(descriptor_.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno != EINTR) throw Fault::from_errno("cannot fill a memory file", errno);
    if (count > 0) done += static_cast<size_t>(count);
  }
  size_bytes_ += bytes.size();
}

MemoryFile MemoryFileWriter::seal() && {
  if (::fcntl(descriptor_.get(), F_ADD_SEALS, kAllSeals) != 0)
    throw Fault::from_errno("cannot seal a memory file", errno);
  return MemoryFile(std::move(descriptor_), size_bytes_);
}

bool is_read_only_file(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0 || (flags & O_PATH) != 0) return false;
  if ((flags & O_ACCMODE) == O_RDONLY) return true;
  const int seals = ::fcntl(descriptor, F_GET_SEALS);
  return seals >= 0 && (seals & F_SEAL_WRITE) != 0;
}

}  // namespace safelight::sandbox
