#include "safelight/serve/originals/export_folder.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/bytes/new_file.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::serve {
namespace {

constexpr size_t kBufferBytes = 256 << 10;
constexpr mode_t kFolderMode = 0700;

}  // namespace

ExportFolder::ExportFolder(std::filesystem::path folder)
    : folder_(std::move(folder)), unfinished_(folder_.string() + std::string(kUnfinished)) {
  const auto parent = folder_.parent_path();
  std::error_code ignored;  // Then the folder cannot be made, either.
  std::filesystem::create_directories(parent, ignored);
  if (std::filesystem::symlink_status(folder_, ignored).type() !=
      std::filesystem::file_type::not_found) {
    throw Fault("there is a folder " + folder_.string() + " already");
  }
  // It is there only where this made it, and stays when the power fails.
  if (::mkdir(unfinished_.c_str(), kFolderMode) != 0) {
    throw Fault::from_errno("cannot make the folder " + unfinished_.string(), errno);
  }
  above_ = Descriptor(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!above_.is_open() || ::fsync(above_.get()) != 0) {
    throw Fault::from_errno("cannot make the folder " + unfinished_.string(), errno);
  }
}

Result<ExportedOriginal> ExportFolder::write(
    const scan::OpenedItem& opened, const std::function<void(const ExportedOriginal&)>& on_record,
    const std::stop_token& stop) {
  const scan::Extent& extent = opened.picture.extent;
  const SubSource original(opened.file, extent.offset_bytes, extent.length_bytes);
  NewFile out(unfinished_ / to_hex(opened.sha256), "an original in " + unfinished_.string());
  Sha256Stream stream;
  std::vector<std::byte> buffer(kBufferBytes);
  for (uint64_t offset = 0; offset < original.size_bytes();) {
    if (stop.stop_requested()) return Error{ErrorCode::timed_out, "original.stopped"};
    SAFELIGHT_TRY(const size_t count, original.read_at(offset, buffer));
    const auto bytes = std::span<const std::byte>(buffer).first(count);
    stream.update(bytes);
    out.write(bytes);
    offset += count;
  }
  if (stream.finish() != opened.sha256) return Error{ErrorCode::changed, "original.digest"};
  const ExportedOriginal done{opened.sha256, original.size_bytes(), opened.picture.member};
  on_record(done);
  out.commit();
  return done;
}

void ExportFolder::write_manifest(std::string_view text) {
  NewFile out(unfinished_ / kManifestName);
  out.write(text);
  out.commit();
}

void ExportFolder::finish() {
  if (::rename(unfinished_.c_str(), folder_.c_str()) != 0 || ::fsync(above_.get()) != 0) {
    throw Fault::from_errno("cannot name the folder " + folder_.string(), errno);
  }
}

}  // namespace safelight::serve
