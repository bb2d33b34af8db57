#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "safelight/codec/still/jpeg/jpeg_library.h"

namespace safelight::codec {

/// Bits of codes and the value bits behind them that one look-up resolves.
inline constexpr uint32_t kDcLookupBits = 11;
/// 11 was the fastest of 10 to 12 on photographs: a larger table leaves the first-level cache.
inline constexpr uint32_t kAcLookupBits = 11;

/// Added to the coefficient index by the code that ends a block: more than any index, so that the
/// end of a block tells from a run past its last coefficient.
inline constexpr uint32_t kEndOfBlock = 128;

/// The codes of one table, for those that the look-up does not reach.
struct HuffmanCodes {
  static constexpr uint32_t kMaxBits = 16;

  /// For each length, the first code beyond it, aligned to 16 bits; ascending.
  std::array<uint32_t, kMaxBits + 1> limits{};
  /// What to add to a code of each length for its place in `symbols`.
  std::array<int32_t, kMaxBits + 1> symbol_offsets{};
  std::array<uint8_t, 256> symbols{};
};

/// A table for differences of DC coefficients, indexed by the next kDcLookupBits bits.
struct DcLookup {
  /// What the next bits hold. `count` is of the code and its value bits, or of the code alone where
  /// not `complete`; then `value` is the number of value bits, and a count of 0 means that the code
  /// is longer than the look-up, or none.
  struct Entry {
    int16_t value = 0;
    uint8_t count = 0;
    bool complete = false;
  };
  std::array<Entry, size_t{1} << kDcLookupBits> entries{};
  HuffmanCodes codes;

  /// False for a table that libjpeg refuses.
  [[nodiscard]] bool build(const JpegHuffmanTable& table);
};

/// A table for AC coefficients, indexed by the next kAcLookupBits bits. An entry resolves two codes
/// with their value bits where both fit. From the lowest bit on:
/// - 8 bits: how many bits both take;
/// - 8 bits: zeros before the first coefficient, or kPartial;
/// - 16 bits: its value (0 for a run of 16 zeros; an end of block has neither zeros nor value);
/// - 8 bits: the second coefficient's index after the present one, or kEndOfBlock for none;
/// - 8 bits: what to add to the index for all of it, kEndOfBlock included where the block ends;
/// - 8 bits: how many bits the first takes alone;
/// - 8 bits: the second coefficient's value.
/// A partial entry is a code whose value bits do not fit: the first count is the code's, the value
/// the number of value bits, and the second index the zeros. With a count of 0, the code is longer
/// than the look-up, or none.
struct AcLookup {
  static constexpr uint32_t kPartial = 64;

  std::array<uint64_t, size_t{1} << kAcLookupBits> entries{};
  HuffmanCodes codes;

  /// False for a table that libjpeg refuses.
  [[nodiscard]] bool build(const JpegHuffmanTable& table);
};

}  // namespace safelight::codec
