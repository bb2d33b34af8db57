#include "safelight/database/place.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight::database {
namespace {

constexpr uint64_t kFuseMagic = 0x65735546;
constexpr std::array<uint64_t, 12> kNetworkMagics = {
    0x6969,      // NFS
    0x517b,      // SMB
    0xff534d42,  // CIFS
    0xfe534d42,  // SMB2
    0x01021997,  // 9p
    0x564c,      // NCP
    0x73757245,  // Coda
    0x5346414f,  // AFS
    0x6b414653,  // kAFS
    0x00c36400,  // Ceph
    0x0bd00bd0,  // Lustre
    0x786f4256,  // VirtualBox shared folder
};

constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& path) {
  throw Fault::from_errno(action + " " + path.string(), errno);
}

}  // namespace

FileSystemKind file_system_kind(uint64_t magic) {
  if (magic == kFuseMagic) return FileSystemKind::fuse;
  for (const uint64_t network : kNetworkMagics) {
    if (magic == network) return FileSystemKind::network;
  }
  return FileSystemKind::local;
}

void require_local(const std::filesystem::path& directory, std::string_view what, LogSink& log) {
  struct statfs status {};
  if (statfs(directory.c_str(), &status) != 0)
    fail("cannot use the " + std::string(what) + " directory", directory);
  // The field is signed on some architectures; the magics have 32 bits.
  switch (file_system_kind(static_cast<uint32_t>(status.f_type))) {
    case FileSystemKind::network:
      throw Fault("the " + std::string(what) + " directory " + directory.string() +
                  " is on a network file system, where it could be damaged: use a local disk");
    case FileSystemKind::fuse:
      log.log(Severity::warning,
              "the " + std::string(what) +
                  " directory is on a FUSE file system: make sure that it is a local one");
      break;
    case FileSystemKind::local:
      break;
  }
}

void prepare_database(const std::filesystem::path& file, std::string_view what) {
  const Descriptor database(
      open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!database.is_open()) fail("cannot make the " + std::string(what) + " file", file);
  if (fchmod(database.get(), kFileMode) != 0)
    fail("cannot protect the " + std::string(what) + " file", file);
}

void tighten_modes(const std::filesystem::path& file) {
  const auto tighten = [](const std::filesystem::path& path, mode_t wanted) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0 || S_ISLNK(status.st_mode)) return;
    if ((status.st_mode & 0777 & ~wanted) == 0) return;
    if (chmod(path.c_str(), wanted) != 0) fail("cannot protect", path);
  };
  tighten(file.parent_path(), kDirectoryMode);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    tighten(file.string() + suffix, kFileMode);
  }
}

void sync_directory(const std::filesystem::path& directory, std::string_view what) {
  for (const auto& path : {directory, std::filesystem::absolute(directory).parent_path()}) {
    const Descriptor open_directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!open_directory.is_open() || fsync(open_directory.get()) != 0) {
      fail("cannot make the " + std::string(what) + " durable in", path);
    }
  }
}

}  // namespace safelight::database
