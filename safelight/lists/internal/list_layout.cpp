#include "safelight/lists/internal/list_layout.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <xxhash.h>

#include "safelight/base/byte_writer.h"
#include "safelight/base/checked.h"
#include "safelight/index/block_check.h"
#include "safelight/index/exact_set.h"
#include "safelight/index/flat_index.h"

namespace safelight::lists {
namespace {

static_assert(std::endian::native == std::endian::little,
              "numbers of entries are little-endian and looked at in place");

Result<Disposition> read_disposition(ByteReader& in) {
  const Error wrong = in.error(ErrorCode::malformed, "compiled-list.disposition");
  SAFELIGHT_TRY(const uint8_t value, in.u8());
  if (value > static_cast<uint8_t>(Disposition::known)) return wrong;
  return static_cast<Disposition>(value);
}

Result<std::string> read_text(ByteReader& in) {
  SAFELIGHT_TRY(const uint32_t length, in.u32_le());
  SAFELIGHT_TRY(const std::string_view text, in.text(length));
  return std::string(text);
}

ByteReader section_reader(std::span<const std::byte> file, const SectionPlaces& places,
                          Section section) {
  const SectionPlace& place = places[static_cast<size_t>(section)];
  return ByteReader(file.subspan(place.offset_bytes, place.length_bytes), place.offset_bytes);
}

Result<void> read_version(ByteReader& in) {
  const uint64_t offset = in.offset_bytes();
  SAFELIGHT_TRY(const uint32_t version, in.u32_le());
  if (version == kListVersion) return {};
  // Written by a machine that puts the highest byte first.
  if (version != 0 && (version & 0xff'ffff) == 0) {
    return Error::at(ErrorCode::unsupported, "compiled-list.byte-order", offset);
  }
  return Error::at(ErrorCode::unsupported, "compiled-list.version", offset);
}

Result<void> read_sums(ByteReader in, std::span<const std::byte> file, uint64_t& block_sums_sum) {
  SAFELIGHT_CHECK(in.seek(kBlockSumsSumOffset));
  SAFELIGHT_TRY(block_sums_sum, in.u64_le());
  SAFELIGHT_CHECK(in.seek(kHeaderSumOffset));
  const Error error = in.error(ErrorCode::integrity_mismatch, "compiled-list.header-sum");
  SAFELIGHT_TRY(const uint64_t header_sum, in.u64_le());
  if (header_sum != sum_of(file.first(kHeaderSumOffset))) return error;
  return {};
}

Result<void> read_header(ByteReader& in, std::span<const std::byte> file, CompiledListInfo& info,
                         SectionPlaces& places, uint64_t& block_sums_sum) {
  SAFELIGHT_TRY(const std::string_view magic, in.text(kListMagic.size()));
  if (magic != kListMagic) return Error::at(ErrorCode::malformed, "compiled-list.magic", 0);
  SAFELIGHT_CHECK(read_version(in));
  SAFELIGHT_CHECK(read_sums(in, file, block_sums_sum));
  const Error sections_error = in.error(ErrorCode::malformed, "compiled-list.sections");
  SAFELIGHT_TRY(const uint32_t sections, in.u32_le());
  if (sections != kSections) return sections_error;
  const Error mode_error = in.error(ErrorCode::malformed, "compiled-list.pdq-mode");
  SAFELIGHT_TRY(const uint8_t mode, in.u8());
  if (mode > static_cast<uint8_t>(PdqMode::full)) return mode_error;
  info.pdq_mode = static_cast<PdqMode>(mode);
  SAFELIGHT_TRY(info.default_disposition, read_disposition(in));
  const Error kind_error = in.error(ErrorCode::malformed, "compiled-list.index-kind");
  SAFELIGHT_TRY(const uint8_t kind, in.u8());
  if (kind > static_cast<uint8_t>(IndexKind::multi)) return kind_error;
  info.index_kind = static_cast<IndexKind>(kind);
  SAFELIGHT_CHECK(in.skip(5));
  const Error length_error = in.error(ErrorCode::malformed, "compiled-list.length");
  const uint64_t present_bytes = in.position() + in.remaining();
  SAFELIGHT_TRY(const uint64_t file_bytes, in.u64_le());
  if (present_bytes < file_bytes) {
    return Error::at(ErrorCode::truncated, "compiled-list.length", present_bytes);
  }
  if (present_bytes > file_bytes || file_bytes < kHeaderBytes + kChecksumBytes) {
    return length_error;
  }
  info.file_bytes = file_bytes;
  for (uint64_t* count : {&info.entries, &info.md5, &info.sha1, &info.sha256, &info.pdq,
                          &info.photodna, &info.removals}) {
    const Error count_error = in.error(ErrorCode::limit_exceeded, "compiled-list.entries");
    SAFELIGHT_TRY(*count, in.u64_le());
    if (*count > kMaxListEntries) return count_error;
  }
  for (uint64_t* count : {&info.merged, &info.refused, &info.dropped_empty_file,
                          &info.dropped_placeholder, &info.dropped_low_quality}) {
    SAFELIGHT_TRY(*count, in.u64_le());
  }
  uint64_t end = kHeaderBytes;
  for (SectionPlace& place : places) {
    const Error place_error = in.error(ErrorCode::malformed, "compiled-list.section-place");
    SAFELIGHT_TRY(place.offset_bytes, in.u64_le());
    SAFELIGHT_TRY(place.length_bytes, in.u64_le());
    const auto section_end = checked_add(place.offset_bytes, place.length_bytes);
    if (place.offset_bytes != padded(end) || !section_end ||
        *section_end > file_bytes - kChecksumBytes) {
      return place_error;
    }
    end = *section_end;
  }
  if (padded(end) + kChecksumBytes != file_bytes) return length_error;
  return {};
}

/// The length that a section must have by the counts; the texts may have any.
Result<void> check_lengths(const CompiledListInfo& info, const SectionPlaces& places) {
  const uint64_t summed_bytes =
      places[static_cast<size_t>(Section::block_sums)].offset_bytes - kHeaderBytes;
  std::vector<std::pair<Section, uint64_t>> wanted = {
      {Section::entries, info.entries * kEntryBytes},
      {Section::md5, ExactSet<Md5>::layout_bytes(info.md5)},
      {Section::sha1, ExactSet<Sha1>::layout_bytes(info.sha1)},
      {Section::sha256, ExactSet<Sha256>::layout_bytes(info.sha256)},
      {Section::fingerprint_entries, info.pdq * sizeof(uint32_t)},
      {Section::photodna_entries, info.photodna * sizeof(uint32_t)},
      {Section::photodna, info.photodna * kPhotoDnaBytes},
      {Section::block_sums, BlockCheck::blocks_of(summed_bytes) * sizeof(uint64_t)},
  };
  // A multi-index says itself how long it is.
  if (info.index_kind == IndexKind::flat) {
    wanted.emplace_back(Section::fingerprints, FlatIndex::layout_bytes(info.pdq));
  }
  for (const auto& [section, length] : wanted) {
    const auto index = static_cast<size_t>(section);
    if (places[index].length_bytes != length) {
      return Error::at(ErrorCode::malformed, "compiled-list.section-length",
                       kSectionTableOffset + index * 16 + 8);
    }
  }
  return {};
}

Result<void> read_sources(ByteReader in, std::vector<ListSource>& sources) {
  const Error count_error = in.error(ErrorCode::limit_exceeded, "compiled-list.sources");
  SAFELIGHT_TRY(const uint32_t count, in.u32_le());
  if (count > 0xffff) return count_error;
  for (uint32_t i = 0; i < count; ++i) {
    ListSource source;
    SAFELIGHT_TRY(source.name, read_text(in));
    SAFELIGHT_TRY(source.format, read_text(in));
    SAFELIGHT_TRY(source.header, read_text(in));
    SAFELIGHT_TRY(source.sha256, read_sha256(in));
    SAFELIGHT_TRY(source.bytes, in.u64_le());
    sources.push_back(std::move(source));
  }
  if (!in.at_end()) return in.error(ErrorCode::malformed, "compiled-list.section-end");
  return {};
}

Result<void> read_mapping(ByteReader in, CategoryMapping& mapping) {
  SAFELIGHT_TRY(const uint32_t count, in.u32_le());
  for (uint32_t i = 0; i < count; ++i) {
    SAFELIGHT_TRY(const std::string code, read_text(in));
    SAFELIGHT_TRY(const Disposition disposition, read_disposition(in));
    mapping.set(code, disposition);
  }
  if (!in.at_end()) return in.error(ErrorCode::malformed, "compiled-list.section-end");
  return {};
}

Result<void> read_categories(ByteReader in, std::vector<ListCategory>& categories) {
  SAFELIGHT_TRY(const uint32_t count, in.u32_le());
  for (uint32_t i = 0; i < count; ++i) {
    ListCategory category;
    SAFELIGHT_TRY(category.code, read_text(in));
    SAFELIGHT_TRY(category.disposition, read_disposition(in));
    SAFELIGHT_TRY(const uint8_t mapped, in.u8());
    category.mapped = mapped != 0;
    SAFELIGHT_TRY(category.entries, in.u64_le());
    categories.push_back(std::move(category));
  }
  if (!in.at_end()) return in.error(ErrorCode::malformed, "compiled-list.section-end");
  return {};
}

Result<void> read_removals(ByteReader in, uint64_t stated, std::vector<SegmentRemovals>& removals) {
  uint64_t read = 0;
  SAFELIGHT_TRY(const uint32_t count, in.u32_le());
  for (uint32_t i = 0; i < count; ++i) {
    SegmentRemovals of_segment;
    SAFELIGHT_TRY(of_segment.content_id, read_sha256(in));
    SAFELIGHT_TRY(const uint32_t entries, in.u32_le());
    const uint64_t first_offset = in.offset_bytes();
    SAFELIGHT_TRY(const auto numbers, in.bytes(uint64_t{entries} * sizeof(uint32_t)));
    of_segment.entries.resize(entries);
    std::memcpy(of_segment.entries.data(), numbers.data(), numbers.size());
    const auto breach = std::adjacent_find(of_segment.entries.begin(), of_segment.entries.end(),
                                           std::greater_equal<>());
    if (breach != of_segment.entries.end()) {
      const auto index = static_cast<uint64_t>(breach - of_segment.entries.begin()) + 1;
      return Error::at(ErrorCode::malformed, "compiled-list.removal-order",
                       first_offset + index * sizeof(uint32_t));
    }
    read += entries;
    removals.push_back(std::move(of_segment));
  }
  if (!in.at_end()) return in.error(ErrorCode::malformed, "compiled-list.section-end");
  if (read != stated) return in.error(ErrorCode::malformed, "compiled-list.removals");
  return {};
}

}  // namespace

Result<Sha256> read_sha256(ByteReader& in) {
  SAFELIGHT_TRY(const auto bytes, in.bytes(Sha256::kSize));
  Sha256 digest;
  std::transform(bytes.begin(), bytes.end(), digest.bytes.begin(),
                 [](std::byte byte) { return static_cast<uint8_t>(byte); });
  return digest;
}

std::vector<SegmentRemovals> removals_of(std::map<Sha256, std::vector<uint32_t>> by_content_id) {
  std::vector<SegmentRemovals> removals;
  for (auto& [content_id, numbers] : by_content_id) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    removals.push_back({content_id, std::move(numbers)});
  }
  return removals;
}

uint64_t sum_of(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::array<std::byte, kEntryBytes> encode(const EntryRecord& entry) {
  std::array<std::byte, kEntryBytes> bytes{};
  const auto put = [&](size_t at, uint64_t value, size_t count) {
    for (size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
  };
  put(0, entry.id, 5);
  put(5,
      static_cast<uint64_t>(entry.values.md5) | static_cast<uint64_t>(entry.values.sha1) << 1 |
          static_cast<uint64_t>(entry.values.sha256) << 2 |
          static_cast<uint64_t>(entry.values.fingerprint) << 3 |
          static_cast<uint64_t>(entry.values.photodna) << 4,
      1);
  put(6, entry.source, 2);
  put(8, entry.size_bytes, 8);
  put(16, entry.repeats, 4);
  put(20, entry.id_bytes, 2);
  put(22, entry.category, 2);
  put(24,
      static_cast<uint64_t>(entry.has_size) | static_cast<uint64_t>(entry.distributed) << 1 |
          static_cast<uint64_t>(entry.victim_identified) << 3 |
          static_cast<uint64_t>(entry.offender_identified) << 5,
      1);
  put(25, entry.source_record, 7);
  return bytes;
}

EntryRecord decode_entry(std::span<const std::byte, kEntryBytes> bytes) {
  const auto get = [&](size_t at, size_t count) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; ++i) value |= static_cast<uint64_t>(bytes[at + i]) << (8 * i);
    return value;
  };
  const auto stated = [](uint64_t value) {
    return (value & 3) == 3 ? Stated::not_stated : static_cast<Stated>(value & 3);
  };
  EntryRecord entry;
  entry.id = get(0, 5);
  const uint64_t values = get(5, 1);
  entry.values = {(values & 1) != 0, (values & 2) != 0, (values & 4) != 0, (values & 8) != 0,
                  (values & 16) != 0};
  entry.source = static_cast<uint16_t>(get(6, 2));
  entry.size_bytes = get(8, 8);
  entry.repeats = static_cast<uint32_t>(get(16, 4));
  entry.id_bytes = static_cast<uint16_t>(get(20, 2));
  entry.category = static_cast<uint16_t>(get(22, 2));
  const uint64_t flags = get(24, 1);
  entry.has_size = (flags & 1) != 0;
  entry.distributed = stated(flags >> 1);
  entry.victim_identified = stated(flags >> 3);
  entry.offender_identified = stated(flags >> 5);
  entry.source_record = get(25, 7);
  return entry;
}

void apply_mapping(const CompiledListInfo& info, ListCategory& category) {
  const bool no_code = category.code.empty();
  const auto mapped = info.mapping.find(category.code);
  category.mapped = no_code || mapped.has_value();
  category.disposition = no_code ? info.default_disposition : mapped.value_or(Disposition::review);
}

uint64_t place_sections(std::span<const uint64_t, kSections> lengths_bytes, SectionPlaces& places) {
  uint64_t end = kHeaderBytes;
  for (size_t i = 0; i < kSections; ++i) {
    places[i] = {padded(end), lengths_bytes[i]};
    end = places[i].offset_bytes + places[i].length_bytes;
  }
  return padded(end) + kChecksumBytes;
}

std::vector<std::byte> encode_header(const CompiledListInfo& info, const SectionPlaces& places,
                                     uint64_t block_sums_sum, uint64_t file_bytes) {
  ByteWriter out;
  const auto pad_to = [&](uint64_t offset) {
    while (out.view().size() < offset) out.u8(0);
  };
  out.text(kListMagic);
  out.u32_le(kListVersion);
  out.u32_le(kSections);
  out.u8(static_cast<uint8_t>(info.pdq_mode));
  out.u8(static_cast<uint8_t>(info.default_disposition));
  out.u8(static_cast<uint8_t>(info.index_kind));
  pad_to(24);
  out.u64_le(file_bytes);
  for (const uint64_t count :
       {info.entries, info.md5, info.sha1, info.sha256, info.pdq, info.photodna, info.removals,
        info.merged, info.refused, info.dropped_empty_file, info.dropped_placeholder,
        info.dropped_low_quality}) {
    out.u64_le(count);
  }
  for (const SectionPlace& place : places) {
    out.u64_le(place.offset_bytes);
    out.u64_le(place.length_bytes);
  }
  out.u64_le(block_sums_sum);
  pad_to(kHeaderSumOffset);
  out.u64_le(sum_of(out.view()));
  return std::move(out).take();
}

std::vector<std::byte> encode_sources(std::span<const ListSource> sources) {
  ByteWriter out;
  out.u32_le(static_cast<uint32_t>(sources.size()));
  for (const ListSource& source : sources) {
    out.sized_text(source.name);
    out.sized_text(source.format);
    out.sized_text(source.header);
    out.bytes(std::as_bytes(std::span(source.sha256.bytes)));
    out.u64_le(source.bytes);
  }
  return std::move(out).take();
}

std::vector<std::byte> encode_mapping(const CategoryMapping& mapping) {
  ByteWriter out;
  out.u32_le(static_cast<uint32_t>(mapping.codes().size()));
  for (const auto& [code, disposition] : mapping.codes()) {
    out.sized_text(code);
    out.u8(static_cast<uint8_t>(disposition));
  }
  return std::move(out).take();
}

std::vector<std::byte> encode_categories(std::span<const ListCategory> categories) {
  ByteWriter out;
  out.u32_le(static_cast<uint32_t>(categories.size()));
  for (const ListCategory& category : categories) {
    out.sized_text(category.code);
    out.u8(static_cast<uint8_t>(category.disposition));
    out.u8(category.mapped ? 1 : 0);
    out.u64_le(category.entries);
  }
  return std::move(out).take();
}

std::vector<std::byte> encode_removals(std::span<const SegmentRemovals> removals) {
  ByteWriter out;
  out.u32_le(static_cast<uint32_t>(removals.size()));
  for (const SegmentRemovals& of_segment : removals) {
    out.bytes(std::as_bytes(std::span(of_segment.content_id.bytes)));
    out.u32_le(static_cast<uint32_t>(of_segment.entries.size()));
    out.bytes(std::as_bytes(std::span(of_segment.entries)));
  }
  return std::move(out).take();
}

Result<void> decode_header(std::span<const std::byte> file, CompiledListInfo& info,
                           SectionPlaces& places, uint64_t& block_sums_sum) {
  ByteReader in(file);
  SAFELIGHT_CHECK(read_header(in, file, info, places, block_sums_sum));
  SAFELIGHT_CHECK(check_lengths(info, places));
  ByteReader last(file.last(kChecksumBytes));
  SAFELIGHT_TRY(info.content_id, read_sha256(last));
  return {};
}

Result<void> decode_small_sections(std::span<const std::byte> file, const SectionPlaces& places,
                                   CompiledListInfo& info, std::vector<SegmentRemovals>& removals) {
  SAFELIGHT_CHECK(read_sources(section_reader(file, places, Section::sources), info.sources));
  SAFELIGHT_CHECK(read_mapping(section_reader(file, places, Section::mapping), info.mapping));
  SAFELIGHT_CHECK(
      read_categories(section_reader(file, places, Section::categories), info.categories));
  return read_removals(section_reader(file, places, Section::removals), info.removals, removals);
}

}  // namespace safelight::lists
