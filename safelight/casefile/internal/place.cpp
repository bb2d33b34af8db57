#include "safelight/casefile/internal/place.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace safelight::casefile {
namespace {

constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& path) {
  throw Fault::from_errno(action + " " + path.string(), errno);
}

}  // namespace

void require_case(const std::filesystem::path& directory) {
  if (!std::filesystem::is_regular_file(directory / kDatabaseName)) {
    throw Fault("there is no case in " + directory.string());
  }
}

std::optional<Descriptor> try_lock(const std::filesystem::path& directory, std::string_view name) {
  const auto path = directory / name;
  Descriptor lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!lock.is_open()) fail("cannot open the lock of the case", path);
  if (fchmod(lock.get(), kFileMode) != 0) fail("cannot protect the lock of the case", path);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail("cannot lock the case", path);
    return std::nullopt;
  }
  return lock;
}

Fault in_use(const std::filesystem::path& directory, std::string_view used) {
  return Fault("the case " + directory.string() + " is being " + std::string(used) +
               " by another program");
}

Descriptor take_lock(const std::filesystem::path& directory, std::string_view name,
                     std::string_view used) {
  auto lock = try_lock(directory, name);
  if (!lock) throw in_use(directory, used);
  return std::move(*lock);
}

bool is_locked(const std::filesystem::path& directory, std::string_view name) {
  const auto path = directory / name;
  const Descriptor lock(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return lock.is_open() && flock(lock.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void prepare_directory(const std::filesystem::path& directory) {
  std::error_code status;
  const auto parent = std::filesystem::absolute(directory).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, status);
  if (mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
    fail("cannot make the case directory", directory);
  }
  if (!std::filesystem::is_directory(directory, status)) {
    throw Fault(directory.string() + " is no directory");
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory, status)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("case.")) {
      throw Fault("the directory " + directory.string() +
                  " is not empty: a case needs one of its own");
    }
  }
  if (status)
    throw Fault("cannot read the directory " + directory.string() + ": " + status.message());
  if (chmod(directory.c_str(), kDirectoryMode) != 0) {
    fail("cannot protect the case directory", directory);
  }
}

}  // namespace safelight::casefile
