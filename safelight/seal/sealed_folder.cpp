#include "safelight/seal/sealed_folder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/bytes/new_file.h"
#include "safelight/bytes/private_folder.h"
#include "safelight/seal/sealed_file.h"

namespace safelight {
namespace {

/// What NewFile adds to the name of a file that it has not finished.
constexpr size_t kTemporaryBytes = 7;

Result<FileSource> opened(const std::filesystem::path& path) {
  auto file = FileSource::open(AT_FDCWD, path.c_str());
  if (!file && file.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::not_found, "sealed-folder.file"};
  }
  return file;
}

}  // namespace

SealedFolder::SealedFolder(std::filesystem::path folder,
                           const std::function<bool(std::string_view name)>& is_name)
    : folder_(std::move(folder)) {
  make_private_folder(folder_);
  for (const std::string& name : names()) {
    const size_t dot = name.rfind('.');
    const bool is_temporary = dot != std::string::npos && name.size() - dot == kTemporaryBytes;
    if (is_temporary && is_name(name.substr(0, dot))) remove(name);
  }
}

void SealedFolder::write(const std::string& name, std::span<const std::byte> plain,
                         const SealKey& key) const {
  const Descriptor sealed(::memfd_create("sealed", MFD_CLOEXEC));
  if (!sealed.is_open()) throw Fault::from_errno("cannot make a memory file", errno);
  seal(plain, key, random_seal_salt(), sealed.get(), 1);
  const auto mapping = FileMapping::map(sealed.get());
  if (!mapping) throw Fault("cannot map a sealed file");
  NewFile out(folder_ / name);
  out.write(mapping->bytes());
  out.commit();
}

Result<SecretBytes> SealedFolder::read(const std::string& name, const SealKey& key) const {
  SAFELIGHT_TRY(const FileSource file, opened(folder_ / name));
  return unseal(file, key, 1);
}

bool SealedFolder::has(const std::string& name) const {
  return ::access((folder_ / name).c_str(), F_OK) == 0;
}

uint64_t SealedFolder::size_bytes(const std::string& name) const {
  const auto file = opened(folder_ / name);
  return file ? file->size_bytes() : 0;
}

std::vector<std::string> SealedFolder::names() const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator each(folder_, error), end; !error && each != end;
       each.increment(error)) {
    names.push_back(each->path().filename().string());
  }
  if (error) throw Fault("cannot read a folder of sealed files: " + error.message());
  std::ranges::sort(names);
  return names;
}

void SealedFolder::overwrite(const std::string& name) const {
  const Descriptor file(
      ::open((folder_ / name).c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_DSYNC));
  if (!file.is_open()) throw Fault::from_errno("cannot overwrite a sealed file", errno);
  const std::vector<std::byte> zeros(size_bytes(name));
  if (::pwrite(file.get(), zeros.data(), zeros.size(), 0) != static_cast<ssize_t>(zeros.size()) ||
      ::fsync(file.get()) != 0) {
    throw Fault::from_errno("cannot overwrite a sealed file", errno);
  }
}

bool SealedFolder::is_overwritten(const std::string& name) const {
  const auto file = opened(folder_ / name);
  if (!file) return false;
  std::array<std::byte, 32> begin{};
  const auto count = file->read_at(0, begin);
  return count && std::ranges::all_of(begin, [](std::byte byte) { return byte == std::byte{0}; });
}

void SealedFolder::remove(const std::string& name) const {
  if (::unlink((folder_ / name).c_str()) != 0 && errno != ENOENT) {
    throw Fault::from_errno("cannot remove a sealed file", errno);
  }
  const Descriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.get()) != 0) {
    throw Fault::from_errno("cannot remove a sealed file", errno);
  }
}

}  // namespace safelight
