#include "safelight/lists/compiled_list.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fcntl.h>
#include <optional>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/index/block_check.h"
#include "safelight/index/flat_index.h"
#include "safelight/lists/internal/list_layout.h"
#include "safelight/lists/internal/mapped_segment.h"

namespace safelight {
namespace {

using lists::Section;

constexpr uint64_t kEntriesPerRelease = 1u << 18;

std::span<const uint32_t> as_numbers(std::span<const std::byte> bytes) {
  // Sections begin at multiples of 64 of a mapping, and the layout is that of this machine.
  return {reinterpret_cast<const uint32_t*>(bytes.data()), bytes.size() / sizeof(uint32_t)};
}

bool is_removed(RemovedRows removed, uint32_t row) {
  return row / 64 < removed.size() && (removed[row / 64] >> (row % 64) & 1) != 0;
}

}  // namespace

struct CompiledList::State {
  std::string name;
  lists::MappedSegment file;
  CompiledListInfo info;
  std::vector<SegmentRemovals> removals;
  lists::SectionPlaces places;
  std::optional<BlockCheck> check;
  ExactSet<Md5> md5;
  ExactSet<Sha1> sha1;
  ExactSet<Sha256> sha256;
  FlatIndex flat;
  MultiIndex multi;

  [[nodiscard]] const lists::SectionPlace& place(Section section) const {
    return places[static_cast<size_t>(section)];
  }

  /// A section as it stands in the file.
  [[nodiscard]] std::span<const std::byte> section(Section section) const {
    return file.bytes().subspan(place(section).offset_bytes, place(section).length_bytes);
  }

  /// Some of a section, once it is known to fit its sums. Throws Fault.
  [[nodiscard]] std::span<const std::byte> checked(Section where, uint64_t offset_bytes,
                                                   size_t count) const {
    const auto bytes = section(where).subspan(offset_bytes, count);
    check->touch(bytes.data(), bytes.size());
    return bytes;
  }

  [[nodiscard]] uint32_t number_at(Section where, size_t index) const {
    return as_numbers(checked(where, index * sizeof(uint32_t), sizeof(uint32_t)))[0];
  }

  /// Where `number` stands among the ascending numbers of a section, if it does.
  [[nodiscard]] std::optional<size_t> find_number(Section where, size_t count,
                                                  uint32_t number) const {
    size_t low = 0;
    for (size_t high = count; low < high;) {
      const size_t middle = low + (high - low) / 2;
      if (number_at(where, middle) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == count || number_at(where, low) != number) return std::nullopt;
    return low;
  }

  [[nodiscard]] Error error_in(Section where, uint64_t offset_bytes, std::string_view rule) const {
    return Error::at(ErrorCode::malformed, rule, place(where).offset_bytes + offset_bytes);
  }

  /// Entry `number`, if all that it refers to is there.
  [[nodiscard]] Result<lists::EntryRecord> record(uint32_t number) const {
    const uint64_t offset = uint64_t{number} * lists::kEntryBytes;
    if (number >= info.entries)
      return error_in(Section::entries, offset, "compiled-list.entry-number");
    const lists::EntryRecord entry = lists::decode_entry(
        checked(Section::entries, offset, lists::kEntryBytes).first<lists::kEntryBytes>());
    if (entry.category >= info.categories.size()) {
      return error_in(Section::entries, offset + 22, "compiled-list.category");
    }
    if (entry.source >= info.sources.size()) {
      return error_in(Section::entries, offset + 6, "compiled-list.source");
    }
    const uint64_t strings = place(Section::strings).length_bytes;
    if (entry.id > strings || entry.id_bytes > strings - entry.id) {
      return error_in(Section::entries, offset, "compiled-list.entry-id");
    }
    return entry;
  }

  [[nodiscard]] lists::EntryRecord record_or_fault(uint32_t number) const {
    const auto entry = record(number);
    if (!entry) throw Fault("the list " + name + " is damaged: " + std::string(entry.error().rule));
    return *entry;
  }

  void release(Section where) const {
    file.release(place(where).offset_bytes, place(where).length_bytes);
  }

  /// An error of something whose offsets count from `from_bytes`.
  [[nodiscard]] static Error moved(const Error& error, uint64_t from_bytes) {
    return Error::at(error.code, error.rule, from_bytes + error.offset_bytes);
  }
  [[nodiscard]] Error located(Section where, const Error& error) const {
    return moved(error, place(where).offset_bytes);
  }

  /// Makes the check of all blocks out of their sums, of which the header has the sum.
  Result<void> make_check(uint64_t block_sums_sum) {
    const auto bytes = section(Section::block_sums);
    if (lists::sum_of(bytes) != block_sums_sum) {
      return Error::at(ErrorCode::integrity_mismatch, "compiled-list.block-sums",
                       place(Section::block_sums).offset_bytes);
    }
    const uint64_t summed_bytes = place(Section::block_sums).offset_bytes - lists::kHeaderBytes;
    check.emplace(
        file.bytes().subspan(lists::kHeaderBytes, summed_bytes),
        std::span(reinterpret_cast<const uint64_t*>(bytes.data()), bytes.size() / sizeof(uint64_t)),
        "the body of the list " + name);
    return {};
  }

  /// Whether all of a section fits its sums.
  Result<void> check_section(Section where) const {
    if (const auto good = check->check(section(where)); !good) {
      return moved(good.error(), lists::kHeaderBytes);
    }
    return {};
  }

  template <typename D>
  Result<void> look_at(Section where, uint64_t count, ExactSet<D>& set) const {
    auto view = ExactSet<D>::view(section(where), count, &*check);
    if (!view) return located(where, view.error());
    set = std::move(*view);
    return {};
  }

  Result<void> look_at_fingerprints() {
    const auto bytes = section(Section::fingerprints);
    if (info.index_kind == IndexKind::flat) {
      auto view = FlatIndex::view(bytes, info.pdq, detect_simd_level(), &*check);
      if (!view) return located(Section::fingerprints, view.error());
      flat = std::move(*view);
      return {};
    }
    auto view = MultiIndex::view(bytes, detect_simd_level(), &*check);
    if (!view) {
      const bool damaged = view.error().rule == "block-check.sum";
      return damaged ? moved(view.error(), lists::kHeaderBytes)
                     : located(Section::fingerprints, view.error());
    }
    if (view->size() != info.pdq) {
      return error_in(Section::fingerprints, 0, "compiled-list.fingerprint-rows");
    }
    multi = std::move(*view);
    return {};
  }

  Result<void> look_at_all() {
    for (const Section small :
         {Section::sources, Section::mapping, Section::categories, Section::removals}) {
      SAFELIGHT_CHECK(check_section(small));
    }
    SAFELIGHT_CHECK(lists::decode_small_sections(file.bytes(), places, info, removals));
    SAFELIGHT_CHECK(look_at(Section::md5, info.md5, md5));
    SAFELIGHT_CHECK(look_at(Section::sha1, info.sha1, sha1));
    SAFELIGHT_CHECK(look_at(Section::sha256, info.sha256, sha256));
    return look_at_fingerprints();
  }

  Result<void> check_content_id() const {
    const uint64_t body_bytes = file.bytes().size() - lists::kChecksumBytes;
    Sha256Stream hash;
    for (uint64_t done = 0; done < body_bytes; done += lists::kPieceBytes) {
      const uint64_t count = std::min(lists::kPieceBytes, body_bytes - done);
      hash.update(file.bytes().subspan(done, count));
      file.release(done, count);
    }
    if (hash.digest() == info.content_id) return {};
    return Error::at(ErrorCode::integrity_mismatch, "compiled-list.checksum", body_bytes);
  }

  Result<void> check_blocks() const {
    const uint64_t end = place(Section::block_sums).offset_bytes;
    for (uint64_t done = lists::kHeaderBytes; done < end; done += lists::kPieceBytes) {
      const uint64_t count = std::min(lists::kPieceBytes, end - done);
      if (const auto good = check->check(file.bytes().subspan(done, count)); !good) {
        return moved(good.error(), lists::kHeaderBytes);
      }
      file.release(done, count);
    }
    return {};
  }

  /// Every entry refers to what is there, and its kinds of values come to what the sections have.
  Result<void> check_entries() const {
    std::array<uint64_t, 5> counted{};
    for (uint32_t i = 0; i < info.entries; ++i) {
      if (i % kEntriesPerRelease == 0 && i > 0) {
        constexpr uint64_t kBytes = kEntriesPerRelease * lists::kEntryBytes;
        file.release(place(Section::entries).offset_bytes + i * lists::kEntryBytes - kBytes,
                     kBytes);
      }
      SAFELIGHT_TRY(const lists::EntryRecord entry, record(i));
      const EntryValues& values = entry.values;
      counted[0] += values.md5;
      counted[1] += values.sha1;
      counted[2] += values.sha256;
      counted[3] += values.fingerprint;
      counted[4] += values.photodna;
    }
    if (counted != std::array{info.md5, info.sha1, info.sha256, info.pdq, info.photodna}) {
      return error_in(Section::entries, 0, "compiled-list.entry-values");
    }
    return {};
  }

  /// Numbers of entries that have the value of which there is one each: they ascend.
  template <typename HasValue>
  Result<void> check_numbers(Section where, const HasValue& has_value) const {
    const auto numbers = as_numbers(section(where));
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] >= info.entries) {
        return error_in(where, i * sizeof(uint32_t), "compiled-list.entry-number");
      }
      if (i > 0 && numbers[i - 1] >= numbers[i]) {
        return error_in(where, i * sizeof(uint32_t), "compiled-list.entry-order");
      }
      SAFELIGHT_TRY(const lists::EntryRecord entry, record(numbers[i]));
      if (!has_value(entry.values)) {
        return error_in(where, i * sizeof(uint32_t), "compiled-list.entry-values");
      }
    }
    release(where);
    return {};
  }

  template <typename D>
  Result<void> check_set(Section where, const ExactSet<D>& set) const {
    if (const auto order = set.check_order(); !order) return located(where, order.error());
    for (const uint32_t entry : set.entries()) {
      if (entry >= info.entries) return error_in(where, 0, "compiled-list.entry-number");
    }
    release(where);
    return {};
  }

  Result<void> verify() const {
    SAFELIGHT_CHECK(check_content_id());
    SAFELIGHT_CHECK(check_blocks());
    SAFELIGHT_CHECK(check_entries());
    SAFELIGHT_CHECK(check_set(Section::md5, md5));
    SAFELIGHT_CHECK(check_set(Section::sha1, sha1));
    SAFELIGHT_CHECK(check_set(Section::sha256, sha256));
    SAFELIGHT_CHECK(check_numbers(Section::fingerprint_entries,
                                  [](const EntryValues& values) { return values.fingerprint; }));
    SAFELIGHT_CHECK(check_numbers(Section::photodna_entries,
                                  [](const EntryValues& values) { return values.photodna; }));
    const auto index =
        info.index_kind == IndexKind::flat ? flat.check_planes() : multi.check_postings();
    if (!index) return located(Section::fingerprints, index.error());
    release(Section::fingerprints);
    return {};
  }

  /// FlatIndex finds removed rows too. Enough are asked for that the nearest others are among them.
  void search_flat(std::span<const Fingerprint> queries, const SearchOptions& options,
                   RemovedRows removed, Matches& out) const {
    uint64_t removed_rows = 0;
    for (const uint64_t word : removed) removed_rows += std::popcount(word);
    if (removed_rows == 0) return flat.search(queries, options, out);
    SearchOptions more = options;
    more.max_matches_per_query = static_cast<uint32_t>(
        std::min<uint64_t>(options.max_matches_per_query + removed_rows, kNoMatchLimit));
    Matches all;
    flat.search(queries, more, all);
    out.matches.clear();
    out.first.assign(1, 0);
    out.cut.clear();
    for (size_t query = 0; query < queries.size(); ++query) {
      uint64_t live = 0;
      for (const Match& match : all.of(query)) {
        if (is_removed(removed, match.entry)) continue;
        if (live++ < options.max_matches_per_query) out.matches.push_back(match);
      }
      uint64_t cut = live - (out.matches.size() - out.first.back());
      if (all.cut[query] > 0) {
        // Of those that the index left out, some may be removed: those that were not given.
        cut += all.cut[query] - (removed_within(queries[query], options.radius_bits, removed) -
                                 (all.of(query).size() - live));
      }
      out.first.push_back(out.matches.size());
      out.cut.push_back(cut);
    }
  }

  [[nodiscard]] uint64_t removed_within(const Fingerprint& query, uint32_t radius_bits,
                                        RemovedRows removed) const {
    uint64_t count = 0;
    for (size_t row = 0; row < std::min<uint64_t>(removed.size() * 64, info.pdq); ++row) {
      if (!is_removed(removed, static_cast<uint32_t>(row))) continue;
      if (hamming_distance(query, flat.fingerprint(row)) <= radius_bits) ++count;
    }
    return count;
  }
};

CompiledList::CompiledList(std::unique_ptr<State> state) : state_(std::move(state)) {}
CompiledList::CompiledList(CompiledList&&) noexcept = default;
CompiledList& CompiledList::operator=(CompiledList&&) noexcept = default;
CompiledList::~CompiledList() = default;

Result<CompiledList> CompiledList::open(const std::filesystem::path& path, std::string_view name,
                                        const SealKey* key) {
  SAFELIGHT_TRY(const FileSource file, FileSource::open(AT_FDCWD, path.c_str()));
  return open(file, name, key);
}

Result<CompiledList> CompiledList::open(const FileSource& file, std::string_view name,
                                        const SealKey* key) {
  auto state = std::make_unique<State>();
  state->name = name;
  SAFELIGHT_TRY(state->file, lists::MappedSegment::open(file, key));
  uint64_t block_sums_sum = 0;
  SAFELIGHT_CHECK(
      lists::decode_header(state->file.bytes(), state->info, state->places, block_sums_sum));
  SAFELIGHT_CHECK(state->make_check(block_sums_sum));
  SAFELIGHT_CHECK(state->look_at_all());
  return CompiledList(std::move(state));
}

Result<void> CompiledList::verify() const { return state_->verify(); }

const std::string& CompiledList::name() const { return state_->name; }
const CompiledListInfo& CompiledList::info() const { return state_->info; }
bool CompiledList::is_sealed() const { return state_->file.is_sealed(); }
std::span<const SegmentRemovals> CompiledList::removals() const { return state_->removals; }

template <>
const ExactSet<Md5>& CompiledList::digests() const {
  return state_->md5;
}
template <>
const ExactSet<Sha1>& CompiledList::digests() const {
  return state_->sha1;
}
template <>
const ExactSet<Sha256>& CompiledList::digests() const {
  return state_->sha256;
}

Fingerprint CompiledList::fingerprint(size_t row) const {
  return info().index_kind == IndexKind::flat ? state_->flat.fingerprint(row)
                                              : state_->multi.fingerprint(row);
}

uint32_t CompiledList::entry_of_row(size_t row) const {
  return state_->number_at(Section::fingerprint_entries, row);
}

std::optional<uint32_t> CompiledList::row_of_entry(uint32_t number) const {
  const auto row = state_->find_number(Section::fingerprint_entries, fingerprint_rows(), number);
  if (!row) return std::nullopt;
  return static_cast<uint32_t>(*row);
}

void CompiledList::search(std::span<const Fingerprint> queries, const SearchOptions& options,
                          RemovedRows removed, Matches& out) const {
  if (info().index_kind == IndexKind::flat) {
    state_->search_flat(queries, options, removed, out);
  } else {
    state_->multi.search(queries, options, removed, out);
  }
}

EntryFacts CompiledList::facts(uint32_t number) const {
  const lists::EntryRecord record = state_->record_or_fault(number);
  EntryFacts facts;
  const auto id = state_->checked(Section::strings, record.id, record.id_bytes);
  facts.own_id = {reinterpret_cast<const char*>(id.data()), id.size()};
  facts.source_record = record.source_record;
  facts.source = record.source;
  facts.category = record.category;
  facts.values = record.values;
  if (record.has_size) facts.size_bytes = record.size_bytes;
  facts.repeats = record.repeats;
  facts.distributed = record.distributed;
  facts.victim_identified = record.victim_identified;
  facts.offender_identified = record.offender_identified;
  return facts;
}

CompiledEntry CompiledList::entry(uint32_t number) const {
  const EntryFacts facts = this->facts(number);
  const ListCategory& category = info().categories[facts.category];
  const ListSource& source = info().sources[facts.source];
  CompiledEntry entry;
  if (!facts.own_id.empty()) {
    entry.entry_id = facts.own_id;
  } else {
    entry.entry_id =
        std::string(record_word(source.format)) + ' ' + std::to_string(facts.source_record);
  }
  entry.category = category.code;
  entry.disposition = category.disposition;
  entry.size_bytes = facts.size_bytes;
  entry.repeats = facts.repeats;
  entry.source_record = facts.source_record;
  entry.source = source.name;
  entry.distributed = facts.distributed;
  entry.victim_identified = facts.victim_identified;
  entry.offender_identified = facts.offender_identified;
  return entry;
}

Disposition CompiledList::disposition(uint32_t number) const {
  return info().categories[state_->record_or_fault(number).category].disposition;
}

std::span<const std::byte> CompiledList::photodna(uint32_t number) const {
  const auto row = state_->find_number(Section::photodna_entries, info().photodna, number);
  if (!row) return {};
  return photodna_row(*row);
}

std::span<const std::byte> CompiledList::photodna_row(size_t row) const {
  return state_->checked(Section::photodna, row * kPhotoDnaBytes, kPhotoDnaBytes);
}

uint32_t CompiledList::entry_of_photodna_row(size_t row) const {
  return state_->number_at(Section::photodna_entries, row);
}

std::string_view record_word(std::string_view format) {
  const bool lines =
      format != to_text(ListFormat::nsrl_sqlite) && format != to_text(ListFormat::vics_json);
  return lines ? "line" : "record";
}

}  // namespace safelight
