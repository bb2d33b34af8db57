#include "safelight/lists/internal/list_layout.h"

#include <algorithm>
// For a state on the stack.
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"
#include "safelight/base/checked.h"
#include "safelight/index/exact_set.h"
#include "safelight/index/flat_index.h"

namespace safelight::lists {
namespace {

constexpr uint64_t round_up(uint64_t bytes) {
  return (bytes + kSectionAlignmentBytes - 1) / kSectionAlignmentBytes * kSectionAlignmentBytes;
}

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

uint64_t sum_of(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

Result<void> read_sums(ByteReader in, std::span<const std::byte> file, SectionSums& sums) {
  SAFELIGHT_CHECK(in.seek(kSectionSumsOffset));
  for (uint64_t& sum : sums) {
    SAFELIGHT_TRY(sum, in.u64_le());
  }
  const Error error = in.error(ErrorCode::integrity_mismatch, "compiled-list.header-sum");
  SAFELIGHT_TRY(const uint64_t header_sum, in.u64_le());
  if (header_sum != sum_of(file.first(kHeaderSumOffset))) return error;
  return {};
}

Result<void> read_header(ByteReader& in, std::span<const std::byte> file, CompiledListInfo& info,
                         SectionPlaces& places, SectionSums& sums) {
  SAFELIGHT_TRY(const std::string_view magic, in.text(kListMagic.size()));
  if (magic != kListMagic) return Error::at(ErrorCode::malformed, "compiled-list.magic", 0);
  const Error version_error = in.error(ErrorCode::unsupported, "compiled-list.version");
  SAFELIGHT_TRY(const uint32_t version, in.u32_le());
  if (version != kListVersion) return version_error;
  SAFELIGHT_CHECK(read_sums(in, file, sums));
  const Error sections_error = in.error(ErrorCode::malformed, "compiled-list.sections");
  SAFELIGHT_TRY(const uint32_t sections, in.u32_le());
  if (sections != kSections) return sections_error;
  const Error mode_error = in.error(ErrorCode::malformed, "compiled-list.pdq-mode");
  SAFELIGHT_TRY(const uint8_t mode, in.u8());
  if (mode > static_cast<uint8_t>(PdqMode::full)) return mode_error;
  info.pdq_mode = static_cast<PdqMode>(mode);
  SAFELIGHT_TRY(info.default_disposition, read_disposition(in));
  SAFELIGHT_CHECK(in.skip(6));
  const Error length_error = in.error(ErrorCode::malformed, "compiled-list.length");
  const uint64_t present_bytes = in.position() + in.remaining();
  SAFELIGHT_TRY(const uint64_t file_bytes, in.u64_le());
  if (present_bytes < file_bytes) {
    return Error::at(ErrorCode::truncated, "compiled-list.length", present_bytes);
  }
  if (present_bytes > file_bytes || file_bytes < kHeaderBytes + kChecksumBytes) {
    return length_error;
  }
  const Error entries_error = in.error(ErrorCode::limit_exceeded, "compiled-list.entries");
  for (uint64_t* count :
       {&info.entries, &info.md5, &info.sha1, &info.sha256, &info.pdq, &info.photodna}) {
    SAFELIGHT_TRY(*count, in.u64_le());
    if (*count > kMaxListEntries) return entries_error;
  }
  for (uint64_t* count :
       {&info.merged, &info.refused, &info.dropped_empty_file, &info.dropped_placeholder,
        &info.dropped_low_quality, &info.source_bytes}) {
    SAFELIGHT_TRY(*count, in.u64_le());
  }
  SAFELIGHT_TRY(const auto source_sha256, in.bytes(Sha256::kSize));
  for (size_t i = 0; i < Sha256::kSize; ++i) {
    info.source_sha256.bytes[i] = static_cast<uint8_t>(source_sha256[i]);
  }
  uint64_t end = kHeaderBytes;
  for (SectionPlace& place : places) {
    const Error place_error = in.error(ErrorCode::malformed, "compiled-list.section-place");
    SAFELIGHT_TRY(place.offset_bytes, in.u64_le());
    SAFELIGHT_TRY(place.length_bytes, in.u64_le());
    const auto section_end = checked_add(place.offset_bytes, place.length_bytes);
    if (place.offset_bytes != round_up(end) || !section_end ||
        *section_end > file_bytes - kChecksumBytes) {
      return place_error;
    }
    end = *section_end;
  }
  if (round_up(end) + kChecksumBytes != file_bytes) return length_error;
  return {};
}

/// The length that a section must have by the counts; the texts may have any.
Result<void> check_lengths(const CompiledListInfo& info, const SectionPlaces& places) {
  const std::array<std::pair<Section, uint64_t>, 8> wanted = {{
      {Section::entries, info.entries * kEntryBytes},
      {Section::md5, ExactSet<Md5>::layout_bytes(info.md5)},
      {Section::sha1, ExactSet<Sha1>::layout_bytes(info.sha1)},
      {Section::sha256, ExactSet<Sha256>::layout_bytes(info.sha256)},
      {Section::fingerprints, FlatIndex::layout_bytes(info.pdq)},
      {Section::fingerprint_entries, info.pdq * sizeof(uint32_t)},
      {Section::photodna_entries, info.photodna * sizeof(uint32_t)},
      {Section::photodna, info.photodna * kPhotoDnaBytes},
  }};
  for (const auto& [section, length] : wanted) {
    const auto index = static_cast<size_t>(section);
    if (places[index].length_bytes != length) {
      return Error::at(ErrorCode::malformed, "compiled-list.section-length",
                       kSectionTableOffset + index * 16 + 8);
    }
  }
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

}  // namespace

std::array<std::byte, kEntryBytes> encode(const EntryRecord& entry) {
  std::array<std::byte, kEntryBytes> bytes{};
  const auto put = [&](size_t at, uint64_t value, size_t count) {
    for (size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
  };
  put(0, entry.id, 8);
  put(8, entry.size_bytes, 8);
  put(16, entry.repeats, 4);
  put(20, entry.id_bytes, 2);
  put(22, entry.category, 2);
  put(24,
      static_cast<uint64_t>(entry.has_id) | static_cast<uint64_t>(entry.has_size) << 1 |
          static_cast<uint64_t>(entry.distributed) << 2 |
          static_cast<uint64_t>(entry.victim_identified) << 4 |
          static_cast<uint64_t>(entry.offender_identified) << 6,
      1);
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
  entry.id = get(0, 8);
  entry.size_bytes = get(8, 8);
  entry.repeats = static_cast<uint32_t>(get(16, 4));
  entry.id_bytes = static_cast<uint16_t>(get(20, 2));
  entry.category = static_cast<uint16_t>(get(22, 2));
  const uint64_t flags = get(24, 1);
  entry.has_id = (flags & 1) != 0;
  entry.has_size = (flags & 2) != 0;
  entry.distributed = stated(flags >> 2);
  entry.victim_identified = stated(flags >> 4);
  entry.offender_identified = stated(flags >> 6);
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
    places[i] = {round_up(end), lengths_bytes[i]};
    end = places[i].offset_bytes + places[i].length_bytes;
  }
  return round_up(end) + kChecksumBytes;
}

uint64_t section_sum(uint64_t length_bytes, const SectionPiece& piece) {
  XXH3_state_t state;
  XXH3_INITSTATE(&state);
  XXH3_64bits_reset(&state);
  for (uint64_t done = 0; done < length_bytes;) {
    const auto bytes = piece(done, std::min(kPieceBytes, length_bytes - done));
    XXH3_64bits_update(&state, bytes.data(), bytes.size());
    done += bytes.size();
  }
  return XXH3_64bits_digest(&state);
}

std::vector<std::byte> encode_header(const CompiledListInfo& info, const SectionPlaces& places,
                                     const SectionSums& sums, uint64_t file_bytes) {
  ByteWriter out;
  out.text(kListMagic);
  out.u32_le(kListVersion);
  out.u32_le(kSections);
  out.u8(static_cast<uint8_t>(info.pdq_mode));
  out.u8(static_cast<uint8_t>(info.default_disposition));
  for (int i = 0; i < 6; ++i) out.u8(0);
  out.u64_le(file_bytes);
  for (const uint64_t count :
       {info.entries, info.md5, info.sha1, info.sha256, info.pdq, info.photodna, info.merged,
        info.refused, info.dropped_empty_file, info.dropped_placeholder, info.dropped_low_quality,
        info.source_bytes}) {
    out.u64_le(count);
  }
  out.bytes(std::as_bytes(std::span(info.source_sha256.bytes)));
  for (const SectionPlace& place : places) {
    out.u64_le(place.offset_bytes);
    out.u64_le(place.length_bytes);
  }
  for (const uint64_t sum : sums) out.u64_le(sum);
  out.u64_le(sum_of(out.view()));
  while (out.view().size() < kHeaderBytes) out.u8(0);
  return std::move(out).take();
}

std::vector<std::byte> encode_texts(const CompiledListInfo& info) {
  ByteWriter out;
  out.sized_text(info.source_name);
  out.sized_text(info.format);
  out.sized_text(info.header);
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

Result<void> decode_list(std::span<const std::byte> file, CompiledListInfo& info,
                         SectionPlaces& places, SectionSums& sums) {
  ByteReader in(file);
  SAFELIGHT_CHECK(read_header(in, file, info, places, sums));
  SAFELIGHT_CHECK(check_lengths(info, places));
  const auto content_id = file.last(kChecksumBytes);
  std::transform(content_id.begin(), content_id.end(), info.content_id.bytes.begin(),
                 [](std::byte byte) { return static_cast<uint8_t>(byte); });
  ByteReader texts = section_reader(file, places, Section::texts);
  SAFELIGHT_TRY(info.source_name, read_text(texts));
  SAFELIGHT_TRY(info.format, read_text(texts));
  SAFELIGHT_TRY(info.header, read_text(texts));
  if (!texts.at_end()) return texts.error(ErrorCode::malformed, "compiled-list.section-end");
  SAFELIGHT_CHECK(read_mapping(section_reader(file, places, Section::mapping), info.mapping));
  return read_categories(section_reader(file, places, Section::categories), info.categories);
}

}  // namespace safelight::lists
