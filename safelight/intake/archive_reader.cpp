#include "safelight/intake/archive_reader.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <ctime>
#include <memory>
#include <utility>

#include "safelight/intake/internal/archive_handle.h"
#include "safelight/intake/internal/archive_signature.h"
#include "safelight/intake/internal/zip_local_header.h"

namespace safelight {
namespace {

using intake_internal::ArchiveHandle;
using intake_internal::ArchiveSignature;
using intake_internal::Compression;
using intake_internal::NameLocale;
using intake_internal::Readers;
using intake_internal::ZipLocalHeader;

// A member whose data kill the reader costs a new pass over the headers before the next member.
constexpr int kMaxRestarts = 64;
constexpr int kMaxRestartsInARow = 8;
// libarchive asks for a retry where it passed over damage; it has no bound of its own.
constexpr int kMaxRetriesInARow = 1000;
constexpr uint64_t kTarBlockBytes = 512;

bool is_unsafe_path(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return true;
  const auto is_separator = [](char c) { return c == '/' || c == '\\'; };
  if (!name.empty() && is_separator(name.front())) return true;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.size() >= 2 && is_letter(name[0]) && name[1] == ':') return true;
  while (!name.empty()) {
    const auto end = std::find_if(name.begin(), name.end(), is_separator);
    const auto size = static_cast<size_t>(end - name.begin());
    if (name.substr(0, size) == "..") return true;
    name.remove_prefix(std::min(name.size(), size + 1));
  }
  return false;
}

/// Seconds that mktime() made of a clock's time, back to that clock, as if it were UTC.
int64_t clock_seconds(time_t seconds) {
  tm clock{};
  if (::localtime_r(&seconds, &clock) == nullptr) return seconds;
  return ::timegm(&clock);
}

std::optional<int64_t> nanoseconds(int64_t seconds, int64_t fraction_ns) {
  int64_t ns = 0;
  if (__builtin_mul_overflow(seconds, int64_t{1'000'000'000}, &ns) ||
      __builtin_add_overflow(ns, fraction_ns, &ns))
    return std::nullopt;
  return ns;
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

MemberKind kind_of(archive_entry* entry) {
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      // A hard link with content of its own is a file, so that no content is passed over.
      return archive_entry_hardlink(entry) != nullptr && archive_entry_size(entry) == 0
                 ? MemberKind::link
                 : MemberKind::file;
    case AE_IFDIR:
      return MemberKind::folder;
    case AE_IFLNK:
      return MemberKind::link;
    case 0:
      return archive_entry_hardlink(entry) != nullptr ? MemberKind::link : MemberKind::file;
    default:
      return MemberKind::other;
  }
}

/// One reading of one archive.
class Reading {
 public:
  Reading(const ByteSource& source, const ArchiveSignature& signature,
          const ArchiveOptions& options, MemberSink& sink)
      : source_(source),
        signature_(signature),
        options_(options),
        passwords_(options.passwords),
        sink_(sink) {
    summary_.format = signature.format;
  }

  Result<ArchiveSummary> run() {
    if (const auto opened = open_at(0); !opened) {
      if (!is_empty_file(opened.error())) return opened.error();
      yield_empty_file();
      return summary_;
    }
    while (step()) {
    }
    if (failed_before_first_) return *failed_before_first_;
    return summary_;
  }

 private:
  enum class DataEnd { done, stop, reader_died };

  [[nodiscard]] bool is_compressed() const { return signature_.compression != Compression::none; }
  [[nodiscard]] archive* handle() const { return handle_->get(); }

  /// Opens a new pass and passes over the members before `ordinal`.
  Result<void> open_at(uint64_t ordinal) {
    handle_ = std::make_unique<ArchiveHandle>(source_, signature_, readers_, passwords_);
    SAFELIGHT_CHECK(handle_->opened());
    for (uint64_t i = 0; i < ordinal; ++i) {
      SAFELIGHT_TRY(const auto entry, next_header());
      if (entry == nullptr) return handle_->error();
    }
    return {};
  }

  /// The next header; null at the end. Errors: the reader cannot go on.
  Result<archive_entry*> next_header() {
    for (int retries = 0; retries < kMaxRetriesInARow; ++retries) {
      archive_entry* entry = nullptr;
      switch (archive_read_next_header(handle(), &entry)) {
        case ARCHIVE_EOF:
          return nullptr;
        case ARCHIVE_OK:
        case ARCHIVE_WARN:
          return entry;
        case ARCHIVE_RETRY:
        case ARCHIVE_FAILED:
          passed_over_ = handle_->error();
          continue;
        default:
          return handle_->error();
      }
    }
    return handle_->error();
  }

  /// Notes why members may be missing, unless that is known.
  void note_incomplete(const Error& error) {
    if (!summary_.incomplete) summary_.incomplete = error;
  }

  /// One member. False when the reading is done.
  bool step() {
    const auto entry = next_header();
    if (passed_over_) note_incomplete(*std::exchange(passed_over_, std::nullopt));
    if (!entry) {
      if (summary_.members == 0) failed_before_first_ = entry.error();
      note_incomplete(entry.error());
      return false;
    }
    if (*entry == nullptr) return at_end();
    if (summary_.members == 0) {
      if (const auto refused = check_first()) {
        failed_before_first_ = *refused;
        return false;
      }
    }
    if (summary_.members >= options_.limits.max_archive_members) {
      note_incomplete({ErrorCode::limit_exceeded, "max_archive_members"});
      return false;
    }
    return read_member(*entry);
  }

  /// Settles what the first header tells: whether the compression is undone, whether it is a tar.
  std::optional<Error> check_first() {
    if (!is_compressed()) return std::nullopt;
    // Without its filter the compressed bytes themselves would pass as the member.
    if (archive_filter_count(handle()) < 2)
      return Error::at(ErrorCode::malformed, "archive.compression-header", 0);
    const bool tar = (archive_format(handle()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
    summary_.format = tar ? ArchiveFormat::compressed_tar : ArchiveFormat::compressed_file;
    return std::nullopt;
  }

  /// Whether an error before the first member only says that a compressed file expands to nothing.
  [[nodiscard]] bool is_empty_file(const Error& error) const {
    return is_compressed() && summary_.members == 0 && error.rule == "archive.signature" &&
           archive_filter_count(handle()) >= 2;
  }

  void yield_empty_file() {
    summary_.format = ArchiveFormat::compressed_file;
    summary_.members = 1;
    const ArchiveMember member;
    if (sink_.begin(member) == MemberAction::stop) {
      summary_.stopped_by_sink = true;
    } else {
      sink_.end(member, {});
    }
  }

  bool at_end() {
    if (is_compressed() && summary_.members == 0 && readers_ == Readers::by_signature) {
      // Zeros pass as a tar without members: take them as what they are, a file.
      readers_ = Readers::single_member;
      if (const auto opened = open_at(0)) return true;
      failed_before_first_ = handle_->error();
      return false;
    }
    const bool tar =
        summary_.format == ArchiveFormat::tar || summary_.format == ArchiveFormat::compressed_tar;
    const uint64_t padded = (last_end_ + kTarBlockBytes - 1) / kTarBlockBytes * kTarBlockBytes;
    if (tar && summary_.members > 0 && handle_->position_bytes() < padded + kTarBlockBytes)
      note_incomplete(
          Error::near(ErrorCode::truncated, "archive.tar-end", handle_->position_bytes()));
    return false;
  }

  bool read_member(archive_entry* entry) {
    if (order_passwords(entry)) return true;
    const ArchiveMember member = describe(entry);
    const bool sparse = archive_entry_sparse_count(entry) > 0;
    ++summary_.members;
    const MemberAction action = sink_.begin(member);
    if (action == MemberAction::stop) {
      summary_.stopped_by_sink = true;
      return false;
    }
    member_error_.reset();
    DataEnd end = DataEnd::done;
    if (member.kind == MemberKind::file) {
      deliver_ = action == MemberAction::read;
      // The next header of a zip is found without reading what stands before it.
      if (deliver_ || signature_.format != ArchiveFormat::zip)
        end = read_content(sparse ? member.declared_size_bytes : std::nullopt);
    }
    if (member_error_) ++summary_.failed_members;
    sink_.end(member, member_error_ ? Result<void>(*member_error_) : Result<void>());
    last_end_ = handle_->position_bytes();
    if (end == DataEnd::stop) return false;
    if (end == DataEnd::reader_died) return restart();
    restarts_in_a_row_ = 0;
    return true;
  }

  /// Goes on after the member whose data killed the reader, where the format lists its members.
  bool restart() {
    const bool listed =
        signature_.format == ArchiveFormat::zip || signature_.format == ArchiveFormat::seven_zip;
    if (!listed || ++restarts_ > kMaxRestarts || ++restarts_in_a_row_ > kMaxRestartsInARow) {
      note_incomplete(*member_error_);
      return false;
    }
    if (!open_at(summary_.members)) {
      // A zip that is read as a stream ends where its data do.
      note_incomplete(*member_error_);
      return false;
    }
    return true;
  }

  [[nodiscard]] ArchiveMember describe(archive_entry* entry) {
    ArchiveMember member;
    member.ordinal = summary_.members;
    member.kind = kind_of(entry);
    if (archive_entry_size_is_set(entry) && archive_entry_size(entry) >= 0)
      member.declared_size_bytes = static_cast<uint64_t>(archive_entry_size(entry));
    member.encrypted = archive_entry_is_encrypted(entry) != 0;
    if (const char* target = archive_entry_hardlink(entry)) member.link_target = target;
    if (const char* target = archive_entry_symlink(entry)) member.link_target = target;
    // RAR 5 stores UTF-8, which libarchive keeps beside its conversion (which composes it).
    const bool rar5 = summary_.format == ArchiveFormat::rar5;
    const char* name = rar5 ? archive_entry_pathname_utf8(entry) : archive_entry_pathname(entry);
    member.name = text_or_empty(name);
    describe_time(entry, member);
    describe_place(name, member);
    if (summary_.format == ArchiveFormat::compressed_file && !signature_.stores_name)
      member.name.clear();  // libarchive makes one up
    member.unsafe_path = is_unsafe_path(member.name);
    if (member.name.size() > options_.limits.max_name_bytes) {
      member.name.resize(options_.limits.max_name_bytes);
      member.name_cut = true;
    }
    if (member.link_target.size() > options_.limits.max_name_bytes)
      member.link_target.resize(options_.limits.max_name_bytes);
    return member;
  }

  void describe_time(archive_entry* entry, ArchiveMember& member) const {
    if (archive_entry_mtime_is_set(entry) == 0) return;
    // libarchive reads DOS times with mktime(), in the zone of this process.
    const bool dos = summary_.format == ArchiveFormat::zip || summary_.format == ArchiveFormat::rar;
    const time_t seconds = archive_entry_mtime(entry);
    member.modified_ns =
        nanoseconds(dos ? clock_seconds(seconds) : seconds, archive_entry_mtime_nsec(entry));
    if (member.modified_ns) member.zone = dos ? TimeZoneKnown::local : TimeZoneKnown::utc;
  }

  /// Where the header stands; for zip, with the name and the time as they are stored there.
  void describe_place(const char* name, ArchiveMember& member) const {
    switch (summary_.format) {
      case ArchiveFormat::zip: {
        uint64_t end = handle_->position_bytes();
        // The target of a link is read with its header.
        if (!member.link_target.empty()) end -= std::min<uint64_t>(end, member.link_target.size());
        auto header = intake_internal::find_zip_local_header(source_, end, name);
        if (!header) return;
        member.name = std::move(header->name);
        member.modified_ns = header->modified_ns;
        member.zone = header->zone;
        member.offset_bytes = header->offset_bytes;
        member.offset_kind = OffsetKind::exact;
        return;
      }
      case ArchiveFormat::tar:
      case ArchiveFormat::compressed_tar:
      case ArchiveFormat::rar:
      case ArchiveFormat::rar5: {
        const int64_t position = archive_read_header_position(handle());
        if (position < 0) return;
        member.offset_bytes = static_cast<uint64_t>(position);
        const bool tar =
            summary_.format != ArchiveFormat::rar && summary_.format != ArchiveFormat::rar5;
        member.offset_kind = tar ? OffsetKind::exact : OffsetKind::approximate;
        return;
      }
      case ArchiveFormat::seven_zip:
      case ArchiveFormat::compressed_file:
        return;
    }
  }

  /// Reads the content of the present member. `sparse_size` is its size where it has holes.
  DataEnd read_content(std::optional<uint64_t> sparse_size) {
    content_bytes_ = 0;
    for (int retries = 0; retries < kMaxRetriesInARow;) {
      const void* block = nullptr;
      size_t size = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(handle(), &block, &size, &offset);
      switch (status) {
        case ARCHIVE_EOF:
          if (sparse_size && !add_zeros_up_to(*sparse_size)) return DataEnd::stop;
          return DataEnd::done;
        case ARCHIVE_WARN:
        case ARCHIVE_OK:
          break;
        case ARCHIVE_RETRY:
          ++retries;
          continue;
        default:
          if (!member_error_) member_error_ = handle_->error();
          return status == ARCHIVE_FAILED ? DataEnd::done : DataEnd::reader_died;
      }
      if (status == ARCHIVE_WARN && !member_error_) member_error_ = handle_->error();
      // A warning without data would come again for ever.
      retries = size == 0 ? retries + 1 : 0;
      if (offset < 0 || static_cast<uint64_t>(offset) < content_bytes_) {
        if (size == 0) continue;
        member_error_ =
            Error::near(ErrorCode::malformed, "archive.block-order", handle_->error().offset_bytes);
        return DataEnd::reader_died;
      }
      if (!add_zeros_up_to(static_cast<uint64_t>(offset)) ||
          !add({static_cast<const std::byte*>(block), size}))
        return DataEnd::stop;
      // What is over the limit need not be read where the next member is found without it.
      if (!deliver_ && signature_.format == ArchiveFormat::zip) return DataEnd::done;
    }
    member_error_ = handle_->error();
    return DataEnd::reader_died;
  }

  bool add_zeros_up_to(uint64_t offset_bytes) {
    static constexpr std::array<std::byte, 64 * 1024> kZeros{};
    while (content_bytes_ < offset_bytes) {
      const auto size = std::min<uint64_t>(kZeros.size(), offset_bytes - content_bytes_);
      if (!add(std::span(kZeros).first(static_cast<size_t>(size)))) return false;
    }
    return true;
  }

  /// Counts content and hands it on, up to each limit. False where the whole archive must end.
  bool add(std::span<const std::byte> bytes) {
    const Limits& limits = options_.limits;
    const uint64_t ratio_bytes =
        std::max(options_.free_expansion_bytes,
                 checked_product(limits.max_expansion_ratio, source_.size_bytes()));
    const uint64_t total_bytes = std::min(limits.max_archive_bytes, ratio_bytes);
    const uint64_t left = total_bytes - std::min(total_bytes, summary_.expanded_bytes);
    const bool archive_full = bytes.size() > left;
    bytes = bytes.first(static_cast<size_t>(std::min<uint64_t>(left, bytes.size())));
    summary_.expanded_bytes += bytes.size();
    if (deliver_) {
      const uint64_t member_left =
          limits.max_member_bytes - std::min(limits.max_member_bytes, content_bytes_);
      const auto part =
          bytes.first(static_cast<size_t>(std::min<uint64_t>(member_left, bytes.size())));
      if (!part.empty()) sink_.data(part);
      if (part.size() < bytes.size()) {
        member_error_ = limit_error("max_member_bytes");
        deliver_ = false;
      }
    }
    content_bytes_ += bytes.size();
    if (!archive_full) return true;
    const Error error = limit_error(ratio_bytes < limits.max_archive_bytes ? "max_expansion_ratio"
                                                                           : "max_archive_bytes");
    if (!member_error_) member_error_ = error;
    note_incomplete(error);
    return false;
  }

  [[nodiscard]] Error limit_error(std::string_view rule) const {
    const int64_t consumed = archive_filter_bytes(handle(), -1);
    return Error::near(ErrorCode::limit_exceeded, rule,
                       consumed < 0 ? 0 : static_cast<uint64_t>(consumed));
  }

  static uint64_t checked_product(uint64_t a, uint64_t b) {
    uint64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
  }

  /// At the first encrypted member, puts the password that truly opens it first: the old zip cipher
  /// takes one wrong password in 256 and then gives wrong bytes. True where the reading was opened
  /// again for it, before the same member.
  bool order_passwords(archive_entry* entry) {
    if (passwords_ordered_ || passwords_.size() < 2 || signature_.format != ArchiveFormat::zip ||
        archive_entry_is_data_encrypted(entry) == 0 || archive_entry_filetype(entry) != AE_IFREG)
      return false;
    passwords_ordered_ = true;
    const auto all = passwords_;
    for (size_t i = 0; i < all.size(); ++i) {
      passwords_ = {all[i]};
      if (!open_at(summary_.members) || !opens_next_member()) continue;
      passwords_ = all;
      std::rotate(passwords_.begin(), passwords_.begin() + static_cast<ptrdiff_t>(i),
                  passwords_.begin() + static_cast<ptrdiff_t>(i) + 1);
      break;
    }
    if (passwords_.size() < all.size()) passwords_ = all;
    if (const auto opened = open_at(summary_.members); !opened) {
      note_incomplete(opened.error());
      return false;
    }
    return true;
  }

  bool opens_next_member() {
    const auto entry = next_header();
    if (!entry || *entry == nullptr) return false;
    uint64_t expanded = 0;
    while (expanded <= options_.limits.max_member_bytes) {
      const void* block = nullptr;
      size_t size = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(handle(), &block, &size, &offset);
      if (status == ARCHIVE_EOF) return true;
      if (status != ARCHIVE_OK) return false;
      expanded += size;
    }
    return true;
  }

  const ByteSource& source_;
  const ArchiveSignature signature_;
  const ArchiveOptions& options_;
  std::vector<std::string> passwords_;
  bool passwords_ordered_ = false;
  MemberSink& sink_;
  Readers readers_ = Readers::by_signature;
  std::unique_ptr<ArchiveHandle> handle_;
  ArchiveSummary summary_;
  std::optional<Error> failed_before_first_;
  std::optional<Error> passed_over_;   ///< Damage that the reader went past between members.
  std::optional<Error> member_error_;  ///< Of the present member.
  bool deliver_ = true;                ///< Whether the sink still takes the present member.
  uint64_t content_bytes_ = 0;         ///< Of the present member.
  uint64_t last_end_ = 0;              ///< Of the member read last, in the reader's stream.
  int restarts_ = 0;
  int restarts_in_a_row_ = 0;
};

}  // namespace

Result<ArchiveSummary> read_archive(const ByteSource& source, const ArchiveOptions& options,
                                    MemberSink& sink) {
  std::array<std::byte, intake_internal::kSignatureBytes> head{};
  SAFELIGHT_TRY(const size_t count, source.read_at(0, head));
  SAFELIGHT_TRY(const auto signature, intake_internal::recognise(std::span(head).first(count)));
  const NameLocale locale(signature.format);
  return Reading(source, signature, options, sink).run();
}

void prepare_archive_reading() { NameLocale::prepare(); }

}  // namespace safelight
