#include "safelight/intake/internal/archive_handle.h"

#include <algorithm>
#include <archive.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iconv.h>
#include <locale.h>
#include <string_view>

#include "safelight/base/fault.h"

namespace safelight::intake_internal {
namespace {

constexpr size_t kReadBytes = 256 * 1024;

/// libarchive says what is wrong in words alone: its numbers tell only that a format is broken.
/// The words decide between our codes; what has none of them is malformed.
Error error_from_text(std::string_view text, int number) {
  const auto says = [&](std::string_view word) { return text.find(word) != text.npos; };
  if (number == ENOMEM) return {ErrorCode::limit_exceeded, "archive.memory"};
  if (says("ncrypt") || says("assphrase") || says("Crypto"))
    return {ErrorCode::encrypted, "archive.password"};
  if (says("runcated") || says("end of file") || says("end-of-file"))
    return {ErrorCode::truncated, "archive.truncated"};
  if (says("nsupported") || says("not supported") || says("nrecognized compression") ||
      says("not available"))
    return {ErrorCode::unsupported, "archive.method"};
  if (says("CRC") || says("hecksum") || says("uthentication code") || says("BLAKE2"))
    return {ErrorCode::integrity_mismatch, "archive.checksum"};
  if (says("nrecognized archive format")) return {ErrorCode::malformed, "archive.signature"};
  return {ErrorCode::malformed, "archive.structure"};
}

/// Locales are loaded once and stay: they are constants from then on.
locale_t plain_locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C", nullptr);
  return locale;
}
locale_t utf8_locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

}  // namespace

ArchiveHandle::ArchiveHandle(const ByteSource& source, const ArchiveSignature& signature,
                             Readers readers, const std::vector<std::string>& passwords)
    : archive_(archive_read_new()), source_(source), buffer_(kReadBytes) {
  if (archive_ == nullptr) throw Fault("libarchive has no memory");
  opened_ = open(signature, readers, passwords);
}

ArchiveHandle::~ArchiveHandle() { archive_read_free(archive_); }

ptrdiff_t ArchiveHandle::on_read(archive* handle, void* self_pointer, const void** out) {
  auto& self = *static_cast<ArchiveHandle*>(self_pointer);
  const auto count = self.source_.read_at(self.offset_bytes_, self.buffer_);
  if (!count) {
    self.source_error_ = count.error();
    archive_set_error(handle, EIO, "%s", "source");
    return ARCHIVE_FATAL;
  }
  *out = self.buffer_.data();
  self.offset_bytes_ += *count;
  return static_cast<ptrdiff_t>(*count);
}

int64_t ArchiveHandle::on_skip(archive*, void* self_pointer, int64_t request) {
  auto& self = *static_cast<ArchiveHandle*>(self_pointer);
  const uint64_t left = self.source_.size_bytes() - self.offset_bytes_;
  const uint64_t count = request <= 0 ? 0 : std::min(left, static_cast<uint64_t>(request));
  self.offset_bytes_ += count;
  return static_cast<int64_t>(count);
}

int64_t ArchiveHandle::on_seek(archive*, void* self_pointer, int64_t offset, int whence) {
  auto& self = *static_cast<ArchiveHandle*>(self_pointer);
  const auto size = static_cast<int64_t>(self.source_.size_bytes());
  const int64_t base = whence == SEEK_SET
                           ? 0
                           : (whence == SEEK_CUR ? static_cast<int64_t>(self.offset_bytes_) : size);
  int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target)) return ARCHIVE_FATAL;
  target = std::clamp<int64_t>(target, 0, size);
  self.offset_bytes_ = static_cast<uint64_t>(target);
  return target;
}

Result<void> ArchiveHandle::enable(const ArchiveSignature& signature, Readers readers) {
  archive* const a = archive_;
  int status = ARCHIVE_OK;
  switch (signature.compression) {
    case Compression::none:
      break;
    case Compression::gzip:
      status = archive_read_support_filter_gzip(a);
      break;
    case Compression::bzip2:
      status = archive_read_support_filter_bzip2(a);
      break;
    case Compression::xz:
      status = archive_read_support_filter_xz(a);
      break;
    case Compression::zstd:
      status = archive_read_support_filter_zstd(a);
      break;
    case Compression::lz4:
      status = archive_read_support_filter_lz4(a);
      break;
  }
  // A warning means that it would run an external program.
  if (status != ARCHIVE_OK) return Error{ErrorCode::unsupported, "archive.filter"};
  switch (signature.format) {
    case ArchiveFormat::zip:
      status = archive_read_support_format_zip(a);
      break;
    case ArchiveFormat::seven_zip:
      status = archive_read_support_format_7zip(a);
      break;
    case ArchiveFormat::rar:
      status = archive_read_support_format_rar(a);
      break;
    case ArchiveFormat::rar5:
      status = archive_read_support_format_rar5(a);
      break;
    case ArchiveFormat::tar:
    case ArchiveFormat::compressed_tar:
    case ArchiveFormat::compressed_file:
      if (readers == Readers::by_signature) status = archive_read_support_format_tar(a);
      if (status == ARCHIVE_OK && signature.compression != Compression::none)
        status = archive_read_support_format_raw(a);
      break;
  }
  if (status != ARCHIVE_OK) return Error{ErrorCode::unsupported, "archive.format"};
  return {};
}

Result<void> ArchiveHandle::open(const ArchiveSignature& signature, Readers readers,
                                 const std::vector<std::string>& passwords) {
  SAFELIGHT_CHECK(enable(signature, readers));
  for (const auto& password : passwords) {
    // An empty one is refused by libarchive, and opens nothing.
    if (!password.empty()) archive_read_add_passphrase(archive_, password.c_str());
  }
  archive_read_set_read_callback(archive_, on_read);
  archive_read_set_skip_callback(archive_, on_skip);
  archive_read_set_seek_callback(archive_, on_seek);
  archive_read_set_callback_data(archive_, this);
  if (archive_read_open1(archive_) != ARCHIVE_OK) return error();
  return {};
}

Error ArchiveHandle::error() const {
  if (source_error_) return *source_error_;
  const char* text = archive_error_string(archive_);
  Error error = error_from_text(text == nullptr ? "" : text, archive_errno(archive_));
  const int64_t consumed = archive_filter_bytes(archive_, -1);
  error.offset_bytes = consumed < 0 ? 0 : static_cast<uint64_t>(consumed);
  error.offset_kind = OffsetKind::approximate;
  return error;
}

uint64_t ArchiveHandle::position_bytes() const {
  const int64_t position = archive_filter_bytes(archive_, 0);
  return position < 0 ? 0 : static_cast<uint64_t>(position);
}

NameLocale::NameLocale(ArchiveFormat format) {
  const bool plain = format == ArchiveFormat::tar || format == ArchiveFormat::compressed_tar ||
                     format == ArchiveFormat::compressed_file;
  const locale_t locale = plain ? plain_locale() : utf8_locale();
  if (locale == nullptr) throw Fault("this system has no locale C.UTF-8");
  previous_ = ::uselocale(locale);
}

NameLocale::~NameLocale() { ::uselocale(static_cast<locale_t>(previous_)); }

void NameLocale::prepare() {
  plain_locale();
  utf8_locale();
  // glibc reads its table of conversions at the first iconv_open.
  for (const char* from : {"UTF-8", "UTF-16LE", "UTF-16BE"}) {
    const iconv_t conversion = ::iconv_open("ANSI_X3.4-1968", from);
    if (conversion != reinterpret_cast<iconv_t>(-1)) ::iconv_close(conversion);
  }
  // With a zone of its own the process does not look for /etc/localtime at every DOS time.
  ::setenv("TZ", "UTC0", 1);
  ::tzset();
}

}  // namespace safelight::intake_internal
