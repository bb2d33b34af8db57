#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/codec/still/jpeg/jpeg_huffman.h"
#include "safelight/codec/still/jpeg/jpeg_kernels.h"

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
static inline uint64_t load_be64(const uint8_t* at) {
  uint64_t word;
  __builtin_memcpy(&word, at, sizeof word);
  return __builtin_bswap64(word);
}

/// Adds bytes one at a time, with the zero behind each 0xff left out, and zeros where the coded
/// data ends.
__attribute__((noinline)) static JpegBitReader refill_slowly(JpegBitReader in) {
  // Bits below the counted ones are of bytes that are still to be read.
  in.bits = in.count == 0 ? 0 : in.bits >> (64 - in.count) << (64 - in.count);
  while (in.count < 56) {
    uint64_t byte = 0;
    if (in.at < in.end && *in.at != 0xff) {
      byte = *in.at++;
    } else if (in.end - in.at >= 2 && in.at[1] == 0) {
      byte = 0xff;
      in.at += 2;
      const auto left = static_cast<size_t>(in.end - in.at);
      const void* next = left == 0 ? nullptr : __builtin_memchr(in.at, 0xff, left);
      in.clear_until = (next == nullptr ? in.end : static_cast<const uint8_t*>(next)) - 7;
    } else {
      in.padding += 8;
    }
    in.bits |= byte << (56 - in.count);
    in.count += 8;
  }
  return in;
}

/// Leaves at least kRefilledBits.
static constexpr uint32_t kRefilledBits = 48;
__attribute__((always_inline)) static inline void refill(JpegBitReader& in) {
  if (in.at < in.clear_until) [[likely]] {
    // The same steps whether many bits are missing or none: nothing to mispredict.
    in.bits |= load_be64(in.at) >> in.count;
    in.at += (63 - in.count) >> 3;
    in.count |= 56;
  } else if (in.count < kRefilledBits) {
    in = refill_slowly(in);
  }
}

__attribute__((always_inline)) static inline void consume(JpegBitReader& in, uint32_t count) {
  in.bits <<= count;
  in.count -= count;
}

/// The code at the front of `bits`, longer than `lookup_bits`: its length in the upper byte, its
/// symbol in the lower; 0 for none.
__attribute__((noinline)) static uint32_t find_code(const HuffmanCodes& codes, uint32_t lookup_bits,
                                                    uint64_t bits) {
  const auto front = static_cast<uint32_t>(bits >> 48);
  for (uint32_t length = lookup_bits + 1; length <= HuffmanCodes::kMaxBits; ++length) {
    if (front >= codes.limits[length]) continue;
    const int32_t place = static_cast<int32_t>(front >> (HuffmanCodes::kMaxBits - length)) +
                          codes.symbol_offsets[length];
    if (place < 0 || place > 255) return 0;
    return length << 8 | codes.symbols[static_cast<uint32_t>(place)];
  }
  return 0;
}

/// The signed value of `category` bits, at most 15, at the front.
__attribute__((always_inline)) static inline int32_t read_value(JpegBitReader& in,
                                                                uint32_t category) {
  if (category == 0) return 0;
  const auto bits = static_cast<int32_t>(in.bits >> (64 - category));
  const int32_t value = static_cast<int64_t>(in.bits) < 0 ? bits : bits - (1 << category) + 1;
  consume(in, category);
  return value;
}

/// False for an invalid code. Takes at most kDcLookupBits from a refilled reader, or refills it.
__attribute__((always_inline)) static inline bool read_difference(JpegBitReader& in,
                                                                  const DcLookup& table,
                                                                  int32_t& difference) {
  const DcLookup::Entry entry = table.entries[in.bits >> (64 - kDcLookupBits)];
  if (entry.complete) [[likely]] {
    consume(in, entry.count);
    difference = entry.value;
    return true;
  }
  uint32_t length = entry.count;
  auto category = static_cast<uint32_t>(entry.value);
  if (length == 0) {
    const uint32_t code = find_code(table.codes, kDcLookupBits, in.bits);
    if (code == 0) return false;
    length = code >> 8;
    category = code & 15;
  }
  consume(in, length);
  difference = read_value(in, category);
  refill(in);
  return true;
}

/// A code that AcLookup does not resolve with its value, or one that may be its block's last: then
/// the second of the entry belongs to the next block.
struct JpegLoneCode {
  bool valid = true;
  bool ends_block = false;
  uint32_t zeros = 0;
  int32_t value = 0;
};
__attribute__((always_inline)) static inline JpegLoneCode read_lone_code(JpegBitReader& in,
                                                                         const AcLookup& table,
                                                                         uint64_t entry) {
  JpegLoneCode code;
  refill(in);  // A code and its value take at most 31 bits.
  uint32_t length = entry >> 48 & 0xff;
  code.zeros = entry >> 8 & 0xff;
  code.value = static_cast<int16_t>(entry >> 16);
  if (code.zeros != AcLookup::kPartial) {
    consume(in, length);
    code.ends_block = code.zeros == 0 && code.value == 0;
  } else {
    code.zeros = entry >> 32 & 0xff;
    auto category = static_cast<uint32_t>(code.value);
    if (length == 0) {
      const uint32_t found = find_code(table.codes, kAcLookupBits, in.bits);
      code.valid = found != 0;
      length = found >> 8;
      code.zeros = found >> 4 & 15;
      category = found & 15;
      code.ends_block = category == 0 && code.zeros != 15;
    }
    consume(in, length);
    code.value = read_value(in, category);
  }
  refill(in);
  return code;
}

enum class JpegBlockFate { skip, keep };
enum class JpegBlockContent : int32_t { flat = 0, detailed = 1, damaged = 2 };

static inline bool in_range(int32_t coefficient) {
  return coefficient >= -kMaxCoefficient && coefficient <= kMaxCoefficient;
}

/// Whether every AC coefficient stays in range once it is dequantised.
__attribute__((noinline)) static bool all_in_range(const int16_t* block, const int16_t* quantiser) {
  bool good = true;
  for (uint32_t i = 1; i < 64; ++i) good &= in_range(block[i] * quantiser[i]);
  return good;
}

/// Decodes one block, into `block` if it is kept.
template <JpegBlockFate kFate>
__attribute__((always_inline)) static inline JpegBlockContent decode_block(JpegBitReader& in,
                                                                           JpegBlockCoding& coding,
                                                                           int16_t* block) {
  static_assert(kDcLookupBits + 3 * kAcLookupBits <= kRefilledBits);
  constexpr bool kKeep = kFate == JpegBlockFate::keep;
  refill(in);
  int32_t difference = 0;
  if (!read_difference(in, *coding.dc, difference)) return JpegBlockContent::damaged;
  const int32_t dc = coding.last_dc + difference;
  coding.last_dc = dc;
  if (!in_range(dc) || !in_range(dc * coding.quantiser[0])) return JpegBlockContent::damaged;
  if (kKeep) block[0] = static_cast<int16_t>(dc);

  const AcLookup& ac = *coding.ac;
  const uint64_t* const entries = ac.entries.data();
  const uint8_t* const places = coding.places;
  // Entries are collected with safe values added to their two values where these stand: a value out
  // of the safe range then leaves a bit above them.
  const uint64_t safe_offset = coding.safe_offset;
  uint64_t seen = 0;
  uint32_t k = 1;
  bool valid = true;
  const auto step = [&]() __attribute__((always_inline)) {
    const uint64_t entry = entries[in.bits >> (64 - kAcLookupBits)];
    const uint32_t zeros = entry >> 8 & 0xff;
    if (k + zeros < 63) [[likely]] {
      in.bits <<= entry & 63;
      in.count -= entry & 0xff;
      if (kKeep) {
        seen |= entry + safe_offset;
        block[places[k + zeros]] = static_cast<int16_t>(entry >> 16);
        block[places[k + (entry >> 32 & 0xff)]] =
            static_cast<int16_t>(static_cast<int64_t>(entry) >> 56);
      }
      k += entry >> 40 & 0xff;
      return;
    }
    const JpegLoneCode code = read_lone_code(in, ac, entry);
    valid &= code.valid;
    if (kKeep && !code.ends_block) {
      seen |= (static_cast<uint64_t>(static_cast<uint16_t>(code.value)) << 16) + safe_offset;
      block[places[k + code.zeros]] = static_cast<int16_t>(code.value);
    }
    k += code.ends_block ? kEndOfBlock : code.zeros + 1;
  };
  do {
    step();
    if (k >= 64) break;
    step();
    refill(in);
  } while (k < 64);
  // Either the last coefficient was coded, or an end of block.
  if (!valid || (k > 64 && k < kEndOfBlock)) return JpegBlockContent::damaged;
  if ((seen & coding.unsafe_bits) != 0 && !all_in_range(block, coding.quantiser)) {
    return JpegBlockContent::damaged;
  }
  return k == kEndOfBlock + 1 ? JpegBlockContent::flat : JpegBlockContent::detailed;
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

/// JpegKernels::decode_mcus. `Transform::rows(block, quantiser, needed_rows, out, stride_bytes)`
/// makes the needed rows of a block, and gives false where its first pass went beyond
/// kMaxFirstPass.
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
            const JpegBlockContent content = decode_block<JpegBlockFate::skip>(in, coding, block);
            if (content == JpegBlockContent::damaged) return false;
            coding.nonzero |= coding.last_dc | static_cast<int32_t>(content);
            continue;
          }
          uint8_t* out = coding.samples[v] + size_t{8} * column;
          const JpegBlockContent content = decode_block<JpegBlockFate::keep>(in, coding, block);
          coding.nonzero |= coding.last_dc | static_cast<int32_t>(content);
          switch (content) {
            case JpegBlockContent::damaged:
              return false;
            case JpegBlockContent::flat:
              fill_flat(block[0] * coding.quantiser[0], needed_rows, out, coding.stride_bytes);
              break;
            case JpegBlockContent::detailed:
              good &=
                  Transform::rows(block, coding.quantiser, needed_rows, out, coding.stride_bytes);
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

/// JpegKernels::transform_row. `Transform::arrange(in, block)` brings 64 coefficients from rows to
/// block_place() and gives the largest magnitude.
template <typename Transform>
static bool transform_row(const JpegBlockRow& row) {
  alignas(64) int16_t block[64];
  int32_t largest_quantiser = 1;
  for (uint32_t i = 0; i < 64; ++i) {
    if (row.quantiser[i] > largest_quantiser) largest_quantiser = row.quantiser[i];
  }
  const int32_t safe_value = kMaxCoefficient / largest_quantiser;
  bool good = true;
  for (uint32_t column = 0; column < row.block_count; ++column) {
    if (row.needed_columns[column] == 0) continue;
    const int32_t largest = Transform::arrange(row.coefficients + size_t{64} * column, block);
    if (largest > safe_value &&
        (!in_range(block[0] * row.quantiser[0]) || !all_in_range(block, row.quantiser))) {
      return false;
    }
    good &= Transform::rows(block, row.quantiser, row.needed_rows, row.samples + size_t{8} * column,
                            row.stride_bytes);
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
