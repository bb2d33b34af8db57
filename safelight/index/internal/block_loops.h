#pragma once

// Included by one translation unit a SimdLevel, under the rules of plane_filter.h: templates over
// the unit's own type `Ops`, and nothing of the standard library. `Ops` has
//   popcount(word)       bits set
//   extract(word, mask)  the bits of `word` that `mask` names, moved together

#include <cstddef>
#include <cstdint>

#include "safelight/index/internal/block_kernels.h"

namespace safelight::index_internal {

// Of a run so much is fetched ahead.
inline constexpr size_t kFetchedBytes = 256;

template <typename Ops>
struct BlockLoops {
  static size_t open(const PartEntries& part, const uint32_t* flips, size_t count, uint32_t key,
                     uint32_t budget_bits, EntryRun* out) {
    const uint32_t* directory = part.directory;
    const uint32_t rows = part.rows;
    EntryRun* next = out;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t* ends = directory + (key ^ (flips[i] & kFlipMask));
      const uint32_t last = ends[1] < rows ? ends[1] : rows;
      const uint32_t first = ends[0] < last ? ends[0] : last;
      *next = {first, last - first, budget_bits - (flips[i] >> kFlipDistanceShift)};
      // A branch on whether there are any would be mispredicted.
      next += last != first ? 1 : 0;
    }
    for (const EntryRun* run = out; run != next; ++run) {
      const uint8_t* begin = part.entries + size_t{run->first} * part.entry_bytes;
      const size_t bytes = size_t{run->count} * part.entry_bytes;
      // Most lie in one line or two; which of both would be mispredicted.
      __builtin_prefetch(begin, 0, kFetchLocality);
      __builtin_prefetch(begin + bytes - 1, 0, kFetchLocality);
      // The processor sees by itself where a long run goes on.
      const size_t fetched = bytes < kFetchedBytes ? bytes : kFetchedBytes;
      for (size_t line = 64; line + 1 < fetched; line += 64) {
        __builtin_prefetch(begin + line, 0, kFetchLocality);
      }
    }
    return static_cast<size_t>(next - out);
  }

  static size_t scan(const PartEntries& part, const EntryRun* runs, size_t count, uint32_t check,
                     uint32_t* out) {
    const uint32_t entry_bytes = part.entry_bytes;
    const uint64_t entry_mask = ~uint64_t{0} >> (64 - 8 * entry_bytes);
    const uint64_t row_mask = (uint64_t{1} << part.row_bits) - 1;
    uint32_t* next = out;
    for (size_t i = 0; i < count; ++i) {
      const uint8_t* at = part.entries + size_t{runs[i].first} * entry_bytes;
      const uint32_t budget_bits = runs[i].budget_bits;
      for (uint32_t left = runs[i].count; left != 0; --left, at += entry_bytes) {
        uint64_t entry;
        __builtin_memcpy(&entry, at, sizeof entry);
        entry &= entry_mask;
        *next = static_cast<uint32_t>(entry & row_mask);
        next += Ops::popcount((entry >> part.row_bits) ^ check) <= budget_bits ? 1 : 0;
      }
    }
    return static_cast<size_t>(next - out);
  }

  static size_t compare_low(const uint64_t* low, const uint64_t* high, const uint64_t* query,
                            const uint32_t* ids, size_t count, uint32_t radius_bits, NearRow* out) {
    // Half of the bits decide nearly all unlike rows: their distance over those is 64 +- 6. The
    // other halves are fetched together.
    const uint64_t q0 = query[0];
    const uint64_t q1 = query[1];
    size_t left = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t* half = low + size_t{ids[i]} * kHalfWords;
      const uint32_t distance_bits = Ops::popcount(half[0] ^ q0) + Ops::popcount(half[1] ^ q1);
      if (distance_bits > radius_bits) continue;
      __builtin_prefetch(high + size_t{ids[i]} * kHalfWords);
      out[left++] = {ids[i], distance_bits};
    }
    return left;
  }

  static size_t compare_high(const uint64_t* high, const uint64_t* query, NearRow* rows,
                             size_t count, uint32_t radius_bits) {
    const uint64_t q2 = query[2];
    const uint64_t q3 = query[3];
    size_t found = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t* half = high + size_t{rows[i].row} * kHalfWords;
      const uint32_t distance_bits =
          rows[i].distance_bits + Ops::popcount(half[0] ^ q2) + Ops::popcount(half[1] ^ q3);
      if (distance_bits <= radius_bits) rows[found++] = {rows[i].row, distance_bits};
    }
    return found;
  }

  static void keys(const uint64_t* rows, size_t count, const uint64_t* mask, uint32_t* out) {
    const uint32_t s1 = Ops::popcount(mask[0]);
    const uint32_t s2 = s1 + Ops::popcount(mask[1]);
    const uint32_t s3 = s2 + Ops::popcount(mask[2]);
    for (size_t i = 0; i < count; ++i) {
      const uint64_t* row = rows + i * kRowWords;
      // A mask has at most 32 bits, so no shift reaches 64.
      out[i] = static_cast<uint32_t>(
          Ops::extract(row[0], mask[0]) | Ops::extract(row[1], mask[1]) << s1 |
          Ops::extract(row[2], mask[2]) << s2 | Ops::extract(row[3], mask[3]) << s3);
    }
  }
};

template <typename Ops>
inline constexpr BlockKernels kBlockKernelsOf = {
    &BlockLoops<Ops>::open, &BlockLoops<Ops>::scan, &BlockLoops<Ops>::compare_low,
    &BlockLoops<Ops>::compare_high, &BlockLoops<Ops>::keys};

}  // namespace safelight::index_internal
