#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"
#include "safelight/intake/internal/archive_signature.h"

struct archive;
struct archive_entry;

namespace safelight::intake_internal {

/// Which readers stand ready: all that the signature allows, or the one that takes the expanded
/// stream of a compressed file as a single member.
enum class Readers { by_signature, single_member };

/// One pass of libarchive over a source: opened for the formats of one signature and no others,
/// without external programs.
class ArchiveHandle {
 public:
  /// `source` must outlive it.
  ArchiveHandle(const ByteSource& source, const ArchiveSignature& signature, Readers readers,
                const std::vector<std::string>& passwords);
  ~ArchiveHandle();
  ArchiveHandle(const ArchiveHandle&) = delete;
  ArchiveHandle& operator=(const ArchiveHandle&) = delete;

  /// Whether it could be opened. Errors: as error(); unsupported where a reader is missing.
  [[nodiscard]] const Result<void>& opened() const { return opened_; }

  [[nodiscard]] archive* get() const { return archive_; }

  /// The error of the call that failed last, at the bytes consumed so far.
  [[nodiscard]] Error error() const;

  /// Bytes that the format's reader has consumed, of the expanded stream where one is expanded.
  [[nodiscard]] uint64_t position_bytes() const;

 private:
  Result<void> open(const ArchiveSignature& signature, Readers readers,
                    const std::vector<std::string>& passwords);
  Result<void> enable(const ArchiveSignature& signature, Readers readers);

  static ptrdiff_t on_read(archive* handle, void* self, const void** out);
  static int64_t on_skip(archive* handle, void* self, int64_t request);
  static int64_t on_seek(archive* handle, void* self, int64_t offset, int whence);

  archive* archive_;
  const ByteSource& source_;
  uint64_t offset_bytes_ = 0;
  std::vector<std::byte> buffer_;
  std::optional<Error> source_error_;
  Result<void> opened_;
};

/// Sets the locale in which libarchive keeps names for the present thread, until it goes: for tar,
/// "C" leaves every name as its bytes are; the UTF-16 names of 7z and RAR need C.UTF-8.
class NameLocale {
 public:
  explicit NameLocale(ArchiveFormat format);
  ~NameLocale();
  NameLocale(const NameLocale&) = delete;
  NameLocale& operator=(const NameLocale&) = delete;

  /// Loads the locales and the character conversion, and sets the process's time zone to UTC.
  static void prepare();

 private:
  void* previous_;
};

}  // namespace safelight::intake_internal
