#include "safelight/lists/compiled_list.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/index/exact_set.h"
#include "safelight/lists/internal/list_layout.h"

namespace safelight {
namespace {

using lists::Section;

constexpr uint64_t kEntriesPerRelease = 1u << 18;

std::span<const uint32_t> as_numbers(std::span<const std::byte> bytes) {
  // Sections begin at multiples of 64 of a mapping, and the layout is that of this machine.
  return {reinterpret_cast<const uint32_t*>(bytes.data()), bytes.size() / sizeof(uint32_t)};
}

}  // namespace

struct CompiledList::State {
  std::string name;
  FileMapping mapping;
  CompiledListInfo info;
  lists::SectionPlaces places;
  ExactSet<Md5> md5;
  ExactSet<Sha1> sha1;
  ExactSet<Sha256> sha256;
  FlatIndex fingerprints;

  [[nodiscard]] std::span<const std::byte> section(Section section) const {
    const lists::SectionPlace& place = places[static_cast<size_t>(section)];
    return mapping.bytes().subspan(place.offset_bytes, place.length_bytes);
  }

  [[nodiscard]] Error error_in(Section where, uint64_t offset_bytes, std::string_view rule) const {
    return Error::at(ErrorCode::malformed, rule,
                     places[static_cast<size_t>(where)].offset_bytes + offset_bytes);
  }

  /// Entry `number`, if all that it refers to is there.
  [[nodiscard]] Result<lists::EntryRecord> record(uint32_t number) const {
    const uint64_t offset = uint64_t{number} * lists::kEntryBytes;
    if (number >= info.entries)
      return error_in(Section::entries, offset, "compiled-list.entry-number");
    const lists::EntryRecord entry =
        lists::decode_entry(section(Section::entries).subspan(offset).first<lists::kEntryBytes>());
    if (entry.category >= info.categories.size()) {
      return error_in(Section::entries, offset + 22, "compiled-list.category");
    }
    const uint64_t strings = section(Section::strings).size();
    if (entry.has_id && (entry.id > strings || entry.id_bytes > strings - entry.id)) {
      return error_in(Section::entries, offset, "compiled-list.entry-id");
    }
    return entry;
  }

  [[nodiscard]] lists::EntryRecord record_or_fault(uint32_t number) const {
    const auto entry = record(number);
    if (!entry) throw Fault("the list " + name + " is damaged: " + std::string(entry.error().rule));
    return *entry;
  }

  /// Lets go of the memory behind a part of the file that was checked; it is read again where it is
  /// touched again.
  void release(uint64_t offset_bytes, uint64_t length_bytes) const {
    static const auto kPage = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    const uint64_t first = (offset_bytes + kPage - 1) / kPage * kPage;
    const uint64_t end = (offset_bytes + length_bytes) / kPage * kPage;
    if (first >= end) return;
    ::madvise(const_cast<std::byte*>(mapping.bytes().data()) + first, end - first, MADV_DONTNEED);
  }
  void release(Section where) const {
    const lists::SectionPlace& place = places[static_cast<size_t>(where)];
    release(place.offset_bytes, place.length_bytes);
  }

  Result<void> check_sums(const lists::SectionSums& sums) const {
    for (size_t i = 0; i < lists::kSections; ++i) {
      const lists::SectionPlace& place = places[i];
      const uint64_t sum =
          lists::section_sum(place.length_bytes, [&](uint64_t offset_bytes, size_t count) {
            if (offset_bytes > 0)
              release(place.offset_bytes + offset_bytes - lists::kPieceBytes, lists::kPieceBytes);
            return mapping.bytes().subspan(place.offset_bytes + offset_bytes, count);
          });
      release(static_cast<Section>(i));
      if (sum != sums[i]) {
        return Error::at(ErrorCode::integrity_mismatch, "compiled-list.section-sum",
                         place.offset_bytes);
      }
    }
    return {};
  }

  Result<void> check_content_id() const {
    const uint64_t body_bytes = mapping.bytes().size() - lists::kChecksumBytes;
    Sha256Stream hash;
    for (uint64_t done = 0; done < body_bytes; done += lists::kPieceBytes) {
      const uint64_t count = std::min(lists::kPieceBytes, body_bytes - done);
      hash.update(mapping.bytes().subspan(done, count));
      release(done, count);
    }
    if (hash.digest() == info.content_id) return {};
    return Error::at(ErrorCode::integrity_mismatch, "compiled-list.checksum", body_bytes);
  }

  Result<void> check_entries() const {
    for (uint32_t i = 0; i < info.entries; ++i) {
      if (i % kEntriesPerRelease == 0 && i > 0) {
        constexpr uint64_t kBytes = kEntriesPerRelease * lists::kEntryBytes;
        release(places[static_cast<size_t>(Section::entries)].offset_bytes +
                    i * lists::kEntryBytes - kBytes,
                kBytes);
      }
      if (const auto entry = record(i); !entry) return entry.error();
    }
    return {};
  }

  Result<void> check_numbers(Section where) const {
    const auto numbers = as_numbers(section(where));
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] >= info.entries) {
        return error_in(where, i * sizeof(uint32_t), "compiled-list.entry-number");
      }
    }
    release(where);
    return {};
  }

  /// An error of an index, whose offset counts from the start of its section.
  [[nodiscard]] Error located(Section where, const Error& error) const {
    return Error::at(error.code, error.rule,
                     places[static_cast<size_t>(where)].offset_bytes + error.offset_bytes);
  }

  template <typename Index>
  Result<void> look_at(Section where, uint64_t count, Index& index) const {
    auto view = Index::view(section(where), count);
    if (!view) return located(where, view.error());
    index = std::move(*view);
    return {};
  }

  Result<void> look_at_indexes() {
    SAFELIGHT_CHECK(look_at(Section::md5, info.md5, md5));
    SAFELIGHT_CHECK(look_at(Section::sha1, info.sha1, sha1));
    SAFELIGHT_CHECK(look_at(Section::sha256, info.sha256, sha256));
    return look_at(Section::fingerprints, info.pdq, fingerprints);
  }

  template <typename D>
  Result<void> check_set(Section where, const ExactSet<D>& set) const {
    if (const auto order = set.check_order(); !order) return located(where, order.error());
    for (size_t i = 0; i < set.size(); ++i) {
      if (set.pair(i).entry >= info.entries) {
        return error_in(where, 0, "compiled-list.entry-number");
      }
    }
    release(where);
    return {};
  }

  Result<void> verify() const {
    SAFELIGHT_CHECK(check_content_id());
    SAFELIGHT_CHECK(check_entries());
    SAFELIGHT_CHECK(check_set(Section::md5, md5));
    SAFELIGHT_CHECK(check_set(Section::sha1, sha1));
    SAFELIGHT_CHECK(check_set(Section::sha256, sha256));
    SAFELIGHT_CHECK(check_numbers(Section::fingerprint_entries));
    SAFELIGHT_CHECK(check_numbers(Section::photodna_entries));
    const auto photodna = as_numbers(section(Section::photodna_entries));
    if (!std::is_sorted(photodna.begin(), photodna.end())) {
      return error_in(Section::photodna_entries, 0, "compiled-list.photodna-order");
    }
    if (const auto planes = fingerprints.check_planes(); !planes) {
      return located(Section::fingerprints, planes.error());
    }
    release(Section::fingerprints);
    return {};
  }
};

CompiledList::CompiledList(std::unique_ptr<State> state) : state_(std::move(state)) {}
CompiledList::CompiledList(CompiledList&&) noexcept = default;
CompiledList& CompiledList::operator=(CompiledList&&) noexcept = default;
CompiledList::~CompiledList() = default;

Result<CompiledList> CompiledList::open(const std::filesystem::path& path, std::string_view name) {
  SAFELIGHT_TRY(const FileSource file, FileSource::open(AT_FDCWD, path.c_str()));
  return open(file, name);
}

Result<CompiledList> CompiledList::open(const FileSource& file, std::string_view name) {
  auto state = std::make_unique<State>();
  state->name = name;
  SAFELIGHT_TRY(state->mapping, FileMapping::map(file.descriptor()));
  lists::SectionSums sums;
  SAFELIGHT_CHECK(lists::decode_list(state->mapping.bytes(), state->info, state->places, sums));
  SAFELIGHT_CHECK(state->check_sums(sums));
  SAFELIGHT_CHECK(state->look_at_indexes());
  return CompiledList(std::move(state));
}

Result<void> CompiledList::verify() const { return state_->verify(); }

const std::string& CompiledList::name() const { return state_->name; }
const CompiledListInfo& CompiledList::info() const { return state_->info; }

std::span<const uint32_t> CompiledList::find(const Md5& digest) const {
  return state_->md5.find(digest);
}
std::span<const uint32_t> CompiledList::find(const Sha1& digest) const {
  return state_->sha1.find(digest);
}
std::span<const uint32_t> CompiledList::find(const Sha256& digest) const {
  return state_->sha256.find(digest);
}

const FlatIndex& CompiledList::fingerprints() const { return state_->fingerprints; }
std::span<const uint32_t> CompiledList::fingerprint_entries() const {
  return as_numbers(state_->section(Section::fingerprint_entries));
}

CompiledEntry CompiledList::entry(uint32_t number) const {
  const lists::EntryRecord record = state_->record_or_fault(number);
  const ListCategory& category = state_->info.categories[record.category];
  CompiledEntry entry;
  if (record.has_id) {
    const auto id = state_->section(Section::strings).subspan(record.id, record.id_bytes);
    entry.entry_id.assign(reinterpret_cast<const char*>(id.data()), id.size());
  } else {
    const std::string_view format = state_->info.format;
    const bool lines =
        format != to_text(ListFormat::nsrl_sqlite) && format != to_text(ListFormat::vics_json);
    entry.entry_id = (lines ? "line " : "record ") + std::to_string(record.id);
  }
  entry.category = category.code;
  entry.disposition = category.disposition;
  if (record.has_size) entry.size_bytes = record.size_bytes;
  entry.repeats = record.repeats;
  entry.distributed = record.distributed;
  entry.victim_identified = record.victim_identified;
  entry.offender_identified = record.offender_identified;
  return entry;
}

Disposition CompiledList::disposition(uint32_t number) const {
  return state_->info.categories[state_->record_or_fault(number).category].disposition;
}

std::optional<uint64_t> CompiledList::size_bytes(uint32_t number) const {
  const lists::EntryRecord record = state_->record_or_fault(number);
  if (!record.has_size) return std::nullopt;
  return record.size_bytes;
}

std::span<const std::byte> CompiledList::photodna(uint32_t number) const {
  const auto entries = as_numbers(state_->section(Section::photodna_entries));
  const auto found = std::lower_bound(entries.begin(), entries.end(), number);
  if (found == entries.end() || *found != number) return {};
  const auto index = static_cast<size_t>(found - entries.begin());
  return state_->section(Section::photodna).subspan(index * kPhotoDnaBytes, kPhotoDnaBytes);
}

std::span<const std::byte> CompiledList::section(size_t index) const {
  return state_->section(static_cast<Section>(index));
}

}  // namespace safelight
