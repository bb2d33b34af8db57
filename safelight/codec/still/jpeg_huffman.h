#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "safelight/codec/still/jpeg_library.h"

namespace safelight::codec {

/// Bits of a code and of the value bits behind it that one look-up resolves. 11 was the fastest of
/// 10 to 13 on 12-megapixel photographs: larger tables leave the first-level cache.
inline constexpr uint32_t kHuffmanLookupBits = 11;
/// Added to the coefficient index by an end-of-block code. More than any run, so that the end of a
/// block tells from a run past its last coefficient.
inline constexpr uint32_t kEndOfBlockSkip = 128;

/// One Huffman table of a sequential scan, made to be read quickly.
///
/// `lookup` is indexed by the next kHuffmanLookupBits bits. An entry holds, from the lowest bit on:
/// 8 bits of bit count, 8 bits of skip, 16 bits of signed value. Where the count's bit 7 is clear,
/// the entry is all there is: `skip` coefficients are zero and the next one has the value (0 behind
/// an end of block and behind a run of 16 zeros). Where it is set, the code is `count & 127` bits
/// long and `value` bits of value follow it; a length of 0 means that the code is longer than the
/// look-up, or none, and is to be found through `limits`.
struct HuffmanLookup {
  static constexpr uint32_t kPartial = 0x80;
  static constexpr uint32_t kMaxCodeBits = 16;

  std::array<uint32_t, size_t{1} << kHuffmanLookupBits> lookup{};
  /// The first 16-bit-aligned code beyond those of each length; ascending.
  std::array<uint32_t, kMaxCodeBits + 1> limits{};
  /// What to add to a code of each length for its place in `symbols`.
  std::array<int32_t, kMaxCodeBits + 1> symbol_offsets{};
  std::array<uint8_t, 256> symbols{};

  enum class Kind { dc, ac };
  /// Fills the table. False where the file's table is none that a decoder accepts: more codes than
  /// a length has room for, or a DC category over 15.
  [[nodiscard]] bool build(const JpegHuffmanTable& table, Kind kind);
};

}  // namespace safelight::codec
