#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/hash/fingerprint.h"

namespace safelight::index_internal {

// The filter. A fingerprint of 256 bits is folded to kPlanes bits: folded bit t is bit t, xor bit
// t + kPlanes where there is one. Two fingerprints at distance d differ in at most d folded bits.
// The folded bits make kColumns groups of three, and a group counts once however many of its bits
// differ: the count of differing groups is a lower bound of the distance. Two unlike fingerprints
// differ in 7 of 8 groups, so that nearly all have a count of 32 or more and are decided.
//
// 47 = 32 + 15 groups are what a tree of full adders without a spare input takes whose carry out
// says "32 or more"; the sum itself is never made.
inline constexpr size_t kColumns = 47;
inline constexpr size_t kPlanes = 3 * kColumns;
inline constexpr uint32_t kFilterRadiusBits = 31;

// 512 rows are one block: a plane of it is one cache line and one 512-bit register.
inline constexpr size_t kBlockRows = 512;
inline constexpr size_t kPlaneWords = kBlockRows / 64;
inline constexpr size_t kBlockWords = kPlanes * kPlaneWords;
inline constexpr size_t kRowWords = 4;

// For each column, a plane for each of the eight values that a query's three bits can have.
inline constexpr size_t kVariants = 8;
inline constexpr size_t kTableWords = kColumns * kVariants * kPlaneWords;

/// The three planes of a column: `column`, and that plus 47 and 94. Bits that stand next to each
/// other in a fingerprint thus fall into different columns.
constexpr size_t plane_of(size_t column, size_t member) { return column + member * kColumns; }

/// The folded bits of a fingerprint, bit t in bit t % 64 of word t / 64.
constexpr std::array<uint64_t, 3> fold(const Fingerprint& fingerprint) {
  const auto& words = fingerprint.words;
  constexpr size_t kShift = kPlanes % 64;
  static_assert(kPlanes / 64 == 2);
  return {words[0] ^ (words[2] >> kShift) ^ (words[3] << (64 - kShift)),
          words[1] ^ (words[3] >> kShift), words[2] & ((uint64_t{1} << kShift) - 1)};
}

constexpr uint64_t bit_of(const std::array<uint64_t, 3>& folded, size_t bit) {
  return folded[bit / 64] >> (bit % 64) & 1;
}

/// Writes the planes of a block of at most kBlockRows rows to `planes` (kBlockWords words). Row r
/// is bit r % 64 of word r / 64 of each plane; rows that the block lacks are 0.
void write_block_planes(std::span<const Fingerprint> rows, uint64_t* planes);

}  // namespace safelight::index_internal
