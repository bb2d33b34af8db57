#pragma once

// Included by one translation unit a SimdLevel, under the rules of plane_filter.h: templates over
// the unit's own type `Ops`, and nothing of the standard library. `Ops` has
//   kEntries             how many entries passing() looks at
//   passing(entries, count, row_bits, tag, budget)
//                        a mask of `count` entries, those whose tag is near enough
//   popcount(word)       bits set
//   extract(word, mask)  the bits of `word` that `mask` names, moved together

#include <cstddef>
#include <cstdint>

#include "safelight/index/internal/block_kernels.h"

namespace safelight::index_internal {

template <typename Ops>
struct BlockLoops {
  static size_t pass(const EntryRun* runs, size_t count, uint32_t row_bits, uint32_t tag,
                     uint32_t* out) {
    const auto row_mask = static_cast<uint32_t>((uint64_t{1} << row_bits) - 1);
    size_t passed = 0;
    for (size_t i = 0; i < count; ++i) {
      const EntryRun& run = runs[i];
      for (uint32_t begin = 0; begin < run.count; begin += Ops::kEntries) {
        const uint32_t some = run.count - begin < Ops::kEntries ? run.count - begin : Ops::kEntries;
        const uint32_t* entries = run.entries + begin;
        for (uint32_t left = Ops::passing(entries, some, row_bits, tag, run.budget_bits); left != 0;
             left &= left - 1) {
          out[passed++] = entries[__builtin_ctz(left)] & row_mask;
        }
      }
    }
    return passed;
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
    &BlockLoops<Ops>::pass, &BlockLoops<Ops>::compare_low, &BlockLoops<Ops>::compare_high,
    &BlockLoops<Ops>::keys};

}  // namespace safelight::index_internal
