#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/base/result.h"
#include "safelight/lists/compiled_list.h"

/// The compiled list's bytes, as docs/formats/compiled_list.md describes them.
namespace safelight::lists {

inline constexpr std::string_view kListMagic = "SLSLIST\n";
inline constexpr uint32_t kListVersion = 3;
inline constexpr uint64_t kSectionAlignmentBytes = 64;
inline constexpr uint64_t kChecksumBytes = 32;
/// Where the section after one that ends there begins.
constexpr uint64_t padded(uint64_t bytes) {
  return (bytes + kSectionAlignmentBytes - 1) / kSectionAlignmentBytes * kSectionAlignmentBytes;
}
inline constexpr uint64_t kMaxListEntries = 0xffff'fffe;
/// Bytes that the ids of all entries may have: their offsets have five bytes.
inline constexpr uint64_t kMaxStringsBytes = (uint64_t{1} << 40) - 1;
/// Different sources of one list; the entries of further ones share a row for each format.
inline constexpr size_t kMaxSources = 0xff00;

/// The sections, in the order in which they lie in the file.
enum class Section : uint8_t {
  sources,
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
  removals,
  block_sums,
};
inline constexpr size_t kSections = 14;

struct SectionPlace {
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;
};
using SectionPlaces = std::array<SectionPlace, kSections>;

/// Where in the header the sections' places, the sum of the block sums and its own sum stand, and
/// its length. The blocks that are summed begin behind it.
inline constexpr uint64_t kSectionTableOffset = 128;
inline constexpr uint64_t kBlockSumsSumOffset = kSectionTableOffset + kSections * 16;
inline constexpr uint64_t kHeaderSumOffset = 376;
inline constexpr uint64_t kHeaderBytes = 384;
static_assert(kBlockSumsSumOffset + 8 <= kHeaderSumOffset);
static_assert(kHeaderSumOffset + 8 == kHeaderBytes && kHeaderBytes % kSectionAlignmentBytes == 0);

inline constexpr uint64_t kEntryBytes = 32;

/// One row of the table of entries.
struct EntryRecord {
  uint64_t id = 0;  ///< Offset of the id in the strings.
  uint64_t size_bytes = 0;
  uint64_t source_record = 0;
  uint32_t repeats = 1;
  uint16_t id_bytes = 0;  ///< 0 without an id.
  uint16_t source = 0;    ///< Row of the sources.
  uint16_t category = 0;  ///< Row of the categories.
  EntryValues values;
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

/// Errors: truncated.
Result<Sha256> read_sha256(ByteReader& in);

/// Lays sections of these lengths out behind the header and gives the whole file's length.
uint64_t place_sections(std::span<const uint64_t, kSections> lengths_bytes, SectionPlaces& places);

/// What is read or hashed of a file at a time.
inline constexpr uint64_t kPieceBytes = 4u << 20;

/// The header's bytes. Of `info`, what stands in sections of its own is not in it.
std::vector<std::byte> encode_header(const CompiledListInfo& info, const SectionPlaces& places,
                                     uint64_t block_sums_sum, uint64_t file_bytes);
std::vector<std::byte> encode_sources(std::span<const ListSource> sources);
std::vector<std::byte> encode_mapping(const CategoryMapping& mapping);
std::vector<std::byte> encode_categories(std::span<const ListCategory> categories);
std::vector<std::byte> encode_removals(std::span<const SegmentRemovals> removals);

/// Removals as a file has them: the numbers of each compiled file in ascending order, each once.
std::vector<SegmentRemovals> removals_of(std::map<Sha256, std::vector<uint32_t>> by_content_id);

/// XXH3-64 with seed 0.
uint64_t sum_of(std::span<const std::byte> bytes);

/// Reads the header and the content id into `info`, and checks the header's sum and that every
/// section lies where it must and is as long as its counts say. Errors: as CompiledList::open().
Result<void> decode_header(std::span<const std::byte> file, CompiledListInfo& info,
                           SectionPlaces& places, uint64_t& block_sums_sum);

/// Reads the sections of sources, mapping, categories and removals, whose sums are for the caller
/// to check. Errors: malformed, truncated.
Result<void> decode_small_sections(std::span<const std::byte> file, const SectionPlaces& places,
                                   CompiledListInfo& info, std::vector<SegmentRemovals>& removals);

}  // namespace safelight::lists
