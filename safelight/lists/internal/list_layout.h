#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/lists/compiled_list.h"

/// The compiled list's bytes, as docs/formats/compiled_list.md describes them.
namespace safelight::lists {

inline constexpr std::string_view kListMagic = "SLSLIST\n";
inline constexpr uint32_t kListVersion = 2;
inline constexpr uint64_t kSectionAlignmentBytes = 64;
inline constexpr uint64_t kChecksumBytes = 32;
inline constexpr uint64_t kMaxListEntries = 0xffff'fffe;

/// The sections, in the order in which they lie in the file.
enum class Section : uint8_t {
  texts,
  mapping,
  categories,
  entries,
  strings,
  md5,
  sha1,
  sha256,
  fingerprints,
  fingerprint_entries,
  photodna_entries,
  photodna,
};
inline constexpr size_t kSections = 12;

struct SectionPlace {
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;
};
using SectionPlaces = std::array<SectionPlace, kSections>;

/// XXH3-64 of each section. It finds accidents in a fraction of the time that SHA-256 takes; who
/// can write to a list can make it fit.
using SectionSums = std::array<uint64_t, kSections>;

/// Where in the header the sections' places and sums and its own sum stand, and its length.
inline constexpr uint64_t kSectionTableOffset = 160;
inline constexpr uint64_t kSectionSumsOffset = kSectionTableOffset + kSections * 16;
inline constexpr uint64_t kHeaderSumOffset = kSectionSumsOffset + kSections * 8;
inline constexpr uint64_t kHeaderBytes = 512;
static_assert(kHeaderSumOffset + 8 <= kHeaderBytes && kHeaderBytes % kSectionAlignmentBytes == 0);

inline constexpr uint64_t kEntryBytes = 32;

/// One row of the table of entries.
struct EntryRecord {
  uint64_t id = 0;  ///< Offset of the id in the strings if `has_id`, else the record's number.
  uint64_t size_bytes = 0;
  uint32_t repeats = 1;
  uint16_t id_bytes = 0;
  uint16_t category = 0;  ///< Row of the categories.
  bool has_id = false;
  bool has_size = false;
  Stated distributed = Stated::not_stated;
  Stated victim_identified = Stated::not_stated;
  Stated offender_identified = Stated::not_stated;
};
std::array<std::byte, kEntryBytes> encode(const EntryRecord& entry);
/// Any bytes are a record; what it refers to is for the caller to check.
EntryRecord decode_entry(std::span<const std::byte, kEntryBytes> bytes);

/// Sets what the category means by the list's mapping and default.
void apply_mapping(const CompiledListInfo& info, ListCategory& category);

/// Lays sections of these lengths out behind the header and gives the whole file's length.
uint64_t place_sections(std::span<const uint64_t, kSections> lengths_bytes, SectionPlaces& places);

/// Gives `count` bytes at an offset in a section, kPieceBytes but for the last; they need stay only
/// until the next call.
inline constexpr uint64_t kPieceBytes = 4u << 20;
using SectionPiece = std::function<std::span<const std::byte>(uint64_t offset_bytes, size_t count)>;

/// The sum of a section that is taken piece by piece, so that it need not fit into memory.
uint64_t section_sum(uint64_t length_bytes, const SectionPiece& piece);

/// The header's bytes. Of `info`, what stands in sections of its own is not in it.
std::vector<std::byte> encode_header(const CompiledListInfo& info, const SectionPlaces& places,
                                     const SectionSums& sums, uint64_t file_bytes);
std::vector<std::byte> encode_texts(const CompiledListInfo& info);
std::vector<std::byte> encode_mapping(const CategoryMapping& mapping);
std::vector<std::byte> encode_categories(std::span<const ListCategory> categories);

/// Reads header, small sections and content id into `info`, and checks the header's sum and that
/// every section lies where it must and is as long as its counts say. The sums of the sections are
/// for the caller to check. Errors: as CompiledList::open().
Result<void> decode_list(std::span<const std::byte> file, CompiledListInfo& info,
                         SectionPlaces& places, SectionSums& sums);

}  // namespace safelight::lists
