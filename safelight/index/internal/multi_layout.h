#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/base/simd.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/index/block_check.h"
#include "safelight/index/layout_sink.h"
#include "safelight/index/multi_plan.h"

namespace safelight::index_internal {

// docs/formats/multi_index.md says what these numbers are.
inline constexpr size_t kMultiHeadBytes = 64;
inline constexpr size_t kMultiPartBytes = 72;
inline constexpr size_t kMultiSectionAlignmentBytes = 64;
inline constexpr size_t kMultiHalfBytes = 16;  ///< Half of a row.
/// From the beginning of an entry on, so many bytes may be read.
inline constexpr size_t kMultiEntryReach = 8;
inline constexpr uint32_t kMultiVersion = 1;

using BitMask = std::array<uint64_t, 4>;

/// A part of an index and where it lies.
struct PartLayout {
  PartPlan plan;
  BitMask mask{};                 ///< The bits of a fingerprint that make the part's key.
  BitMask check_mask{};           ///< The bits of the next part that entries have.
  uint64_t directory_offset = 0;  ///< keys() + 1 numbers of 4 bytes.
  uint64_t entries_offset = 0;    ///< MultiLayout::entry_bytes for each row.
  uint64_t end_offset = 0;        ///< Where the next part begins.

  [[nodiscard]] uint64_t keys() const { return uint64_t{1} << plan.bits; }
};

/// Where everything lies in an index of so many rows.
struct MultiLayout {
  uint64_t rows = 0;
  uint32_t radius_bits = 0;
  uint32_t entry_bytes = MultiPlan::kMinEntryBytes;
  std::vector<PartLayout> parts;
  uint64_t low_offset = 0;   ///< Words 0 and 1 of each row: also where the header ends.
  uint64_t high_offset = 0;  ///< Words 2 and 3.
  uint64_t length_bytes = 0;
  uint32_t row_bits = 0;  ///< Bits of an entry that number a row; the others are its check.

  [[nodiscard]] size_t after(size_t part) const { return (part + 1) % parts.size(); }
};

/// The layout of `rows` rows by a plan for `radius_bits`. Bits are dealt to the parts in the order
/// of the frequencies that they speak of.
MultiLayout make_multi_layout(uint64_t rows, uint32_t radius_bits, const MultiPlan& plan);

/// Writes head and part table, which end at layout.low_offset, to the start of `out`.
void write_multi_header(const MultiLayout& layout, std::span<std::byte> out);

/// Reads what write_multi_header() wrote, and holds it against the number of bytes and the ends of
/// the directories; makes sure by `check`, where there is one, of what it reads.
/// Errors: as MultiIndex::view() says.
Result<MultiLayout> read_multi_layout(std::span<const std::byte> bytes, const BlockCheck* check);

/// The fingerprint of a row less than layout.rows.
Fingerprint multi_row(const MultiLayout& layout, const std::byte* bytes, size_t row);

/// Fills the directory and the blocks of all parts, and copies the rows, with so many threads.
void write_multi_sections(std::span<const Fingerprint> fingerprints, const MultiLayout& layout,
                          unsigned threads, SimdLevel level, std::byte* out);

/// Hands the same over piece by piece, each of its bytes once.
void hand_over_multi_sections(std::span<const Fingerprint> fingerprints, const MultiLayout& layout,
                              unsigned threads, SimdLevel level, const LayoutSink& sink);

/// Success if each part is the one that the rows give.
/// Errors: integrity_mismatch, at the offset of the first directory value or entry that is not.
Result<void> check_multi_sections(const MultiLayout& layout, SimdLevel level,
                                  const std::byte* bytes);

}  // namespace safelight::index_internal
