#include "safelight/lists/internal/spool_file.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "safelight/base/fault.h"

namespace safelight::lists {
namespace {

constexpr size_t kBufferBytes = 1u << 18;

}  // namespace

Descriptor memory_only_file() {
  Descriptor descriptor(::memfd_create("list", MFD_CLOEXEC));
  if (!descriptor.is_open()) throw Fault::from_errno("cannot make a file in memory", errno);
  return descriptor;
}

SpoolFile SpoolFile::create(const ListPlace& place) {
  if (place.key) return SpoolFile(memory_only_file());
  const std::filesystem::path& folder = place.folder;
  int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
    std::string name = (folder / ".spool-XXXXXX").string();
    fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(name.c_str());
  }
  if (fd < 0) throw Fault::from_errno("cannot make a temporary file in " + folder.string(), errno);
  return SpoolFile(Descriptor(fd));
}

void SpoolFile::append(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > kBufferBytes) flush();
  if (bytes.size() >= kBufferBytes) {
    write(bytes);
  } else {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  }
}

void SpoolFile::flush() {
  write(buffer_);
  buffer_.clear();
}

void SpoolFile::write(std::span<const std::byte> bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::write(descriptor_.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Fault::from_errno("cannot write a temporary file", errno);
    done += static_cast<size_t>(count);
  }
  written_bytes_ += done;
}

void SpoolFile::read_at(uint64_t offset_bytes, std::span<std::byte> out) const {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t count = ::pread(descriptor_.get(), out.data() + done, out.size() - done,
                                  static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Fault::from_errno("cannot read a temporary file", errno);
    if (count == 0) throw Fault("a temporary file is shorter than what was written");
    done += static_cast<size_t>(count);
  }
}

FileMapping SpoolFile::map() {
  flush();
  Result<FileMapping> mapping = FileMapping::map(descriptor_.get());
  if (!mapping) throw Fault("cannot map a temporary file");
  return std::move(*mapping);
}

}  // namespace safelight::lists
