#include <archive.h>
#include <archive_entry.h>

#include "tools/demo/encode.h"

#include "safelight/base/fault.h"

namespace safelight::demo {
namespace {

constexpr time_t kTime = 1'700'000'000;  // the same in every run

class Writer {
 public:
  explicit Writer(archive* handle) : handle_(handle) {
    if (handle_ == nullptr) throw Fault("libarchive has no memory");
  }
  ~Writer() { archive_write_free(handle_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  [[nodiscard]] archive* get() const { return handle_; }

  void check(la_ssize_t status) const {
    if (status < ARCHIVE_OK)
      throw Fault(std::string("cannot write an archive: ") + archive_error_string(handle_));
  }

 private:
  archive* handle_;
};

Bytes write_all(const Writer& writer, std::span<const PackedFile> files) {
  size_t space = 64 * 1024;
  for (const auto& file : files) space += 2 * file.content.size() + 4096;
  Bytes bytes(space);
  size_t used = 0;
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  writer.check(archive_write_open_memory(writer.get(), bytes.data(), bytes.size(), &used));
  for (const auto& file : files) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_copy_pathname(entry, file.name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(file.content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, kTime, 0);
    const int status = archive_write_header(writer.get(), entry);
    archive_entry_free(entry);
    writer.check(status);
    writer.check(archive_write_data(writer.get(), file.content.data(), file.content.size()));
  }
  writer.check(archive_write_close(writer.get()));
  bytes.resize(used);
  return bytes;
}

}  // namespace

Bytes to_zip(std::span<const PackedFile> files, const std::string& password) {
  const Writer writer(archive_write_new());
  writer.check(archive_write_set_format_zip(writer.get()));
  if (!password.empty()) {
    writer.check(archive_write_set_options(writer.get(), "zip:encryption=aes256"));
    writer.check(archive_write_set_passphrase(writer.get(), password.c_str()));
  }
  return write_all(writer, files);
}

Bytes to_tar_gz(std::span<const PackedFile> files) {
  const Writer writer(archive_write_new());
  writer.check(archive_write_set_format_ustar(writer.get()));
  writer.check(archive_write_add_filter_gzip(writer.get()));
  writer.check(archive_write_set_options(writer.get(), "gzip:!timestamp"));
  return write_all(writer, files);
}

}  // namespace safelight::demo
