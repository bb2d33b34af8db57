#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/codec/still/jpeg_huffman.h"
#include "safelight/codec/still/jpeg_kernels.h"

// The parts of JpegKernels that are the same C++ for every instruction set. Included only by the
// translation units that are compiled for one each; everything has internal linkage or takes a type
// of theirs, so that no copy built with one set's instructions is linked into another's.

namespace safelight::codec {

// Weights of the accurate integer transform, 13 fraction bits: output i and 7 - i are the sum and
// the difference of even and odd inputs. Source: the Loeffler-Ligtenberg-Moschytz factorisation
// with libjpeg's rounded constants, multiplied out; libjpeg rounds nothing between, so neither form
// differs from the other.
static constexpr int16_t kEvenWeights[4][4] = {{8192, 10703, 8192, 4433},
                                               {8192, 4433, -8192, -10704},
                                               {8192, -4433, -8192, 10704},
                                               {8192, -10703, 8192, -4433}};
static constexpr int16_t kOddWeights[4][4] = {{11363, 9633, 6437, 2260},
                                              {9633, -2259, -11362, -6436},
                                              {6437, -11362, 2261, 9633},
                                              {2260, -6436, 9633, -11363}};
static constexpr int kFirstPassShift = 11;  // 13 fraction bits, of which 2 are kept.
static constexpr int kSecondPassShift = 18;

static constexpr size_t kBlockBytes = 64 * sizeof(int16_t);
/// Set in what a run of out-of-range coefficients leaves behind, see `remember`.
static constexpr uint32_t kSuspicious = ~(2u * kMaxCoefficient + 1);

/// Collects in `seen` whether any coefficient was beyond kMaxCoefficient.
__attribute__((always_inline)) static inline void remember(int32_t coefficient, uint32_t& seen) {
  seen |= static_cast<uint32_t>(coefficient) + static_cast<uint32_t>(kMaxCoefficient + 1);
}

static inline uint32_t load_be32(const uint8_t* at) {
  uint32_t word;
  __builtin_memcpy(&word, at, sizeof word);
  return __builtin_bswap32(word);
}

/// Adds bytes one at a time, with the zero behind each 0xff left out, and zeros where the coded
/// data ends.
__attribute__((noinline)) static JpegBitReader refill_slowly(JpegBitReader in) {
  while (in.count <= 56) {
    uint64_t byte = 0;
    if (in.at < in.end && *in.at != 0xff) {
      byte = *in.at++;
    } else if (in.end - in.at >= 2 && in.at[1] == 0) {
      byte = 0xff;
      in.at += 2;
    } else {
      in.padding += 8;
    }
    in.bits |= byte << (56 - in.count);
    in.count += 8;
  }
  return in;
}

/// Leaves at least 32 bits: a code and its value take at most 31.
__attribute__((always_inline)) static inline void refill(JpegBitReader& in) {
  if (in.count >= 32) return;
  if (in.end - in.at >= 4) [[likely]] {
    const uint32_t word = load_be32(in.at);
    // Whether any byte is 0xff.
    if (((~word - 0x01010101u) & word & 0x80808080u) == 0) [[likely]] {
      in.bits |= static_cast<uint64_t>(word) << (32 - in.count);
      in.count += 32;
      in.at += 4;
      return;
    }
  }
  in = refill_slowly(in);
}

__attribute__((always_inline)) static inline void consume(JpegBitReader& in, uint32_t count) {
  in.bits <<= count;
  in.count -= count;
}

/// The code at the front of `bits`: its length in the upper byte, its symbol in the lower; 0 for
/// none.
__attribute__((noinline)) static uint32_t find_code(const HuffmanLookup& table, uint64_t bits) {
  const uint32_t front = static_cast<uint32_t>(bits >> 48);
  for (uint32_t length = kHuffmanLookupBits + 1; length <= 16; ++length) {
    if (front >= table.limits[length]) continue;
    const int32_t place =
        static_cast<int32_t>(front >> (16 - length)) + table.symbol_offsets[length];
    if (place < 0 || place > 255) return 0;
    return length << 8 | table.symbols[static_cast<uint32_t>(place)];
  }
  return 0;
}

/// The skip of an invalid code: one that no block has room for.
static constexpr uint32_t kInvalidSkip = 64;

struct JpegSymbol {
  uint32_t skip;
  int32_t value;
};

/// The next symbol with its value; kInvalidSkip for an invalid code.
__attribute__((always_inline)) static inline JpegSymbol read_symbol(JpegBitReader& in,
                                                                    const HuffmanLookup& table) {
  refill(in);
  const uint32_t entry = table.lookup[in.bits >> (64 - kHuffmanLookupBits)];
  const uint32_t count = entry & 0xff;
  if ((count & HuffmanLookup::kPartial) == 0) [[likely]] {
    consume(in, count);
    return {entry >> 8 & 0xff, static_cast<int32_t>(entry) >> 16};
  }
  uint32_t length = count & ~HuffmanLookup::kPartial;
  uint32_t skip = entry >> 8 & 0xff;
  uint32_t category = entry >> 16;
  if (length == 0) {
    const uint32_t code = find_code(table, in.bits);
    if (code == 0) return {kInvalidSkip, 0};
    length = code >> 8;
    category = code & 15;
    skip = code >> 4 & 15;
    if (category == 0 && skip != 15) skip = kEndOfBlockSkip;
  }
  consume(in, length);
  if (category == 0) return {skip, 0};
  const auto bits = static_cast<int32_t>(in.bits >> (64 - category));
  const int32_t value = static_cast<int64_t>(in.bits) < 0 ? bits : bits - (1 << category) + 1;
  consume(in, category);
  return {skip, value};
}

enum class JpegBlockFate { skip, keep };
enum class JpegBlockContent { damaged, flat, detailed };

/// Decodes one block, into `block` if it is kept.
template <JpegBlockFate kFate>
__attribute__((always_inline)) static inline JpegBlockContent decode_block(JpegBitReader& in,
                                                                           JpegBlockCoding& coding,
                                                                           int16_t* block) {
  const JpegSymbol difference = read_symbol(in, *coding.dc);
  coding.last_dc += difference.value;
  if (difference.skip == kInvalidSkip || static_cast<uint32_t>(coding.last_dc + 16384) > 32767) {
    return JpegBlockContent::damaged;
  }
  uint32_t seen = 0;
  if (kFate == JpegBlockFate::keep) {
    const int32_t dc = coding.last_dc * coding.places[0].quantiser;
    remember(dc, seen);
    block[0] = static_cast<int16_t>(dc);
  }
  const HuffmanLookup& ac = *coding.ac;
  uint32_t k = 1;
  do {
    const JpegSymbol symbol = read_symbol(in, ac);
    k += symbol.skip;
    if (kFate == JpegBlockFate::keep) {
      const CoefficientPlace place = coding.places[k];
      const int32_t coefficient = symbol.value * place.quantiser;
      remember(coefficient, seen);
      block[place.place] = static_cast<int16_t>(coefficient);
    }
    ++k;
  } while (k < 64);
  if ((k > 64 && k <= kEndOfBlockSkip) || (seen & kSuspicious) != 0) {
    return JpegBlockContent::damaged;
  }
  return k == kEndOfBlockSkip + 2 ? JpegBlockContent::flat : JpegBlockContent::detailed;
}

/// The samples of a block that has only a DC coefficient, in each needed row.
static inline void fill_flat(int32_t dc, uint32_t needed_rows, uint8_t* out, size_t stride_bytes) {
  int32_t sample = ((dc + 4) >> 3) + 128;
  sample = sample < 0 ? 0 : sample > 255 ? 255 : sample;
  const uint64_t eight = static_cast<uint64_t>(sample) * 0x0101010101010101u;
  for (; needed_rows != 0; needed_rows >>= 1, out += stride_bytes) {
    if ((needed_rows & 1) != 0) __builtin_memcpy(out, &eight, sizeof eight);
  }
}

/// JpegKernels::decode_mcus. `Transform::rows(block, needed_rows, out, stride_bytes)` makes the
/// needed rows of a block, and gives false where its first pass went beyond kMaxFirstPass.
template <typename Transform>
static bool decode_mcus(JpegScanState& state, uint32_t first, uint32_t last) {
  JpegBitReader in = state.reader;
  int16_t* const block = state.block;
  bool good = true;
  for (uint32_t mcu = first; mcu < last; ++mcu) {
    for (uint32_t i = 0; i < state.component_count; ++i) {
      JpegBlockCoding& coding = state.components[i];
      for (uint32_t v = 0; v < coding.mcu_blocks_down; ++v) {
        const uint32_t needed_rows = coding.needed_rows[v];
        for (uint32_t h = 0; h < coding.mcu_blocks_across; ++h) {
          const uint32_t column = mcu * coding.mcu_blocks_across + h;
          if (needed_rows == 0 || coding.needed_columns[column] == 0) {
            if (decode_block<JpegBlockFate::skip>(in, coding, block) == JpegBlockContent::damaged) {
              return false;
            }
            continue;
          }
          uint8_t* out = coding.samples[v] + size_t{8} * column;
          switch (decode_block<JpegBlockFate::keep>(in, coding, block)) {
            case JpegBlockContent::damaged:
              return false;
            case JpegBlockContent::flat:
              fill_flat(block[0], needed_rows, out, coding.stride_bytes);
              break;
            case JpegBlockContent::detailed:
              good &= Transform::rows(block, needed_rows, out, coding.stride_bytes);
              __builtin_memset(block, 0, kBlockBytes);
              break;
          }
        }
      }
    }
    if (in.count < in.padding) return false;  // Bits were used that the data does not have.
  }
  state.reader = in;
  return good;
}

/// JpegKernels::transform_row.
template <typename Transform>
static bool transform_row(const JpegBlockRow& row) {
  alignas(64) int16_t block[64];
  bool good = true;
  for (uint32_t column = 0; column < row.block_count; ++column) {
    if (row.needed_columns[column] == 0) continue;
    const int16_t* in = row.coefficients + size_t{64} * column;
    uint32_t seen = 0;
    for (uint32_t v = 0; v < 8; ++v) {
      for (uint32_t u = 0; u < 8; ++u) {
        const int32_t coefficient = in[v * 8 + u] * row.quantiser[v * 8 + u];
        remember(coefficient, seen);
        block[block_place(v, u)] = static_cast<int16_t>(coefficient);
      }
    }
    if ((seen & kSuspicious) != 0) return false;
    good &=
        Transform::rows(block, row.needed_rows, row.samples + size_t{8} * column, row.stride_bytes);
  }
  return good;
}

static inline void pick(const uint8_t* row, const uint32_t* columns, size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; i += 4) {
    const uint8_t a = row[columns[i]];
    const uint8_t b = row[columns[i + 1]];
    const uint8_t c = row[columns[i + 2]];
    const uint8_t d = row[columns[i + 3]];
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
    out[i + 3] = d;
  }
}

}  // namespace safelight::codec
