#include "safelight/bytes/private_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

bool write_whole(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

void make_private_file(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  const Descriptor descriptor(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor.is_open()) throw Fault::from_errno("cannot make " + file.string(), errno);
  if (!write_whole(descriptor.get(), bytes) || ::fsync(descriptor.get()) != 0) {
    const int error = errno;
    ::unlink(file.c_str());
    throw Fault::from_errno("cannot write " + file.string(), error);
  }
}

bool is_private(const FileSource& file) {
  struct stat status {};
  return ::fstat(file.descriptor(), &status) == 0 && (status.st_mode & 0077) == 0;
}

}  // namespace safelight
