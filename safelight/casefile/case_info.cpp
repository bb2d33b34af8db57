#include "safelight/casefile/case_info.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/hash/digests.h"

namespace safelight::casefile {

std::string random_case_id() {
  std::array<uint8_t, 16> bytes{};
  // Up to 256 bytes come whole (getrandom(2)).
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Fault::from_errno("cannot get random bytes", errno);
  }
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  const std::string digits = to_hex(bytes);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
    text += digits[i];
  }
  return text;
}

Result<SourceDescription> describe_source(const std::string& path) {
  const Descriptor source(open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!source.is_open()) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    return Error{absent ? ErrorCode::not_found : ErrorCode::unreadable, "source.open"};
  }
  struct stat status {};
  struct statfs system {};
  if (fstat(source.get(), &status) != 0 || fstatfs(source.get(), &system) != 0) {
    return Error{ErrorCode::unreadable, "source.status"};
  }
  SourceDescription description;
  if (S_ISDIR(status.st_mode)) {
    description.kind = SourceKind::folder;
  } else if (S_ISREG(status.st_mode)) {
    description.kind = SourceKind::file;
  } else {
    return Error{ErrorCode::unsupported, "source.kind"};
  }
  description.given_path = path;
  std::array<uint8_t, sizeof(system.f_fsid)> id{};
  std::memcpy(id.data(), &system.f_fsid, id.size());
  // Where the file system has no id of its own (zeros), the inode alone would name too much.
  if (id != decltype(id){}) description.file_system_id = to_hex(id);
  description.inode = status.st_ino;
  return description;
}

std::string_view to_text(SourceKind kind) {
  switch (kind) {
    case SourceKind::folder:
      return "folder";
    case SourceKind::file:
      return "file";
    case SourceKind::uploads:
      break;
  }
  return "uploads";
}

}  // namespace safelight::casefile
