#include "safelight/serve/list_api/staged_files.h"

#include <algorithm>
#include <array>
#include <fcntl.h>

#include "safelight/base/fault.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/sandbox/memory_file.h"

namespace safelight::serve {
namespace {

constexpr size_t kIdBytes = 16;

bool is_id(std::string_view text) {
  return text.size() == 2 * kIdBytes && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

StagedFiles::StagedFiles(const std::filesystem::path& state_folder, RandomSource& random,
                         const Clock& clock)
    : folder_(state_folder / "staged"),
      key_file_(state_folder / "staged.key"),
      random_(random),
      clock_(clock) {}

bool StagedFiles::is_there() const { return std::filesystem::exists(key_file_); }

SealKey StagedFiles::key() const {
  const auto key = SealKey::read(key_file_);
  if (!key) throw Fault("cannot use the key of staged files: " + std::string(key.error().rule));
  return *key;
}

const SealedFolder& StagedFiles::files() const {
  // Once: it removes what is half written, and from then on that is somebody's who writes now.
  std::call_once(opened_, [this] { files_.emplace(folder_, is_id); });
  return *files_;
}

Result<StagedFile> StagedFiles::keep(std::span<const std::byte> bytes) {
  if (bytes.empty()) return Error{ErrorCode::malformed, "staged.empty"};
  const std::lock_guard lock(mutex_);
  if (!is_there()) SealKey::make_file(key_file_);
  const SealedFolder& folder = files();
  if (folder.names().size() >= kMaxStagedFiles) {
    return Error{ErrorCode::limit_exceeded, "max_staged_files"};
  }
  std::array<uint8_t, kIdBytes> id{};
  random_.fill(std::as_writable_bytes(std::span(id)));
  StagedFile out{to_hex(id), bytes.size(), sha256_of(bytes)};
  folder.write(out.id, bytes, key());
  return out;
}

Result<SecretBytes> StagedFiles::read(std::string_view id) const {
  if (!is_id(id) || !is_there()) return Error{ErrorCode::not_found, "staged.file"};
  auto bytes = files().read(std::string(id), key());
  if (!bytes && bytes.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::not_found, "staged.file"};
  }
  return bytes;
}

Result<StagedFile> StagedFiles::find(std::string_view id) const {
  SAFELIGHT_TRY(const SecretBytes bytes, read(id));
  return StagedFile{std::string(id), bytes.bytes().size(), sha256_of(bytes.bytes())};
}

Result<FileSource> StagedFiles::open(std::string_view id, const Sha256& sha256) const {
  SAFELIGHT_TRY(const SecretBytes bytes, read(id));
  if (sha256_of(bytes.bytes()) != sha256) return Error{ErrorCode::changed, "staged.digest"};
  return FileSource::from_descriptor(sandbox::MemoryFile::copy_of(bytes.bytes()).release());
}

void StagedFiles::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (is_id(id) && is_there()) files().remove(std::string(id));
}

void StagedFiles::remove_old(int64_t age_ns,
                             const std::function<bool(std::string_view id)>& wanted) {
  const std::lock_guard lock(mutex_);
  if (!is_there()) return;
  const SealedFolder& folder = files();
  for (const std::string& name : folder.names()) {
    if (!is_id(name) || wanted(name)) continue;
    const auto file = FileSource::open(AT_FDCWD, (folder_ / name).c_str());
    if (file && clock_.now_ns() - file->state().modified_ns >= age_ns) folder.remove(name);
  }
}

}  // namespace safelight::serve
