#include "safelight/bytes/private_folder.h"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>

#include "safelight/base/fault.h"

namespace safelight {

void make_private_folder(const std::filesystem::path& folder) {
  const auto parent = folder.parent_path();
  std::error_code error;
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Fault::from_errno("cannot make the folder " + folder.string(), errno);
  }
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    throw Fault(folder.string() + " is no folder");
  }
  if ((status.st_mode & 0077) != 0 && ::chmod(folder.c_str(), 0700) != 0) {
    throw Fault::from_errno("cannot close " + folder.string() + " to others", errno);
  }
}

}  // namespace safelight
