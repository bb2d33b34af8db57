#include "safelight/codec/still/jpeg/jpeg_huffman.h"

namespace safelight::codec {
namespace {

/// The signed value that `bits` of a category stand for. Source: ITU-T T.81 figure F.12.
int32_t extend(uint32_t bits, uint32_t category) {
  if (category == 0) return 0;
  const auto value = static_cast<int32_t>(bits);
  return bits >> (category - 1) != 0 ? value : value - (int32_t{1} << category) + 1;
}

/// Walks the codes in order, `each(code, length, symbol)` for those of at most `lookup_bits`.
/// Source: ITU-T T.81 annex C. False for a table that libjpeg refuses: too many codes of a length,
/// or one of all ones, which T.81 reserves.
template <typename Each>
bool assign_codes(const JpegHuffmanTable& table, uint32_t lookup_bits, HuffmanCodes& codes,
                  const Each& each) {
  if (!table.present) return false;
  codes.symbols = table.symbols;
  uint32_t code = 0;
  uint32_t next_symbol = 0;
  for (uint32_t length = 1; length <= HuffmanCodes::kMaxBits; ++length) {
    code <<= 1;
    codes.symbol_offsets[length] = static_cast<int32_t>(next_symbol) - static_cast<int32_t>(code);
    for (uint32_t i = 0; i < table.counts[length]; ++i, ++code, ++next_symbol) {
      if (code >= uint32_t{1} << length || next_symbol >= codes.symbols.size()) return false;
      if (length <= lookup_bits) each(code, length, codes.symbols[next_symbol]);
    }
    if (table.counts[length] != 0 && code >= uint32_t{1} << length) return false;
    codes.limits[length] = code << (HuffmanCodes::kMaxBits - length);
  }
  return true;
}

/// One code of an AC table as the next bits give it.
struct AcSymbol {
  uint8_t count = 0;  ///< Of bits, with those of the value where it is complete.
  bool complete = false;
  bool ends_block = false;
  uint8_t zeros = 0;
  int16_t value = 0;  ///< Or the number of value bits, where it is not complete.
};

uint64_t pack(uint32_t both_count, uint32_t first_count, uint32_t zeros, int32_t value,
              uint32_t second_index, uint32_t advance, int32_t second_value) {
  const auto low = both_count | zeros << 8 | static_cast<uint32_t>(value) << 16;
  const auto high =
      second_index | advance << 8 | first_count << 16 | static_cast<uint32_t>(second_value) << 24;
  return low | static_cast<uint64_t>(high) << 32;
}

uint64_t pack(const AcSymbol& first, const AcSymbol& second) {
  if (!first.complete) {
    return pack(0, first.count, AcLookup::kPartial, first.value, first.zeros, 0, 0);
  }
  if (first.ends_block) {
    return pack(first.count, first.count, 0, 0, kEndOfBlock, kEndOfBlock, 0);
  }
  const uint32_t after_first = first.zeros + 1u;
  const uint32_t both_count = first.count + uint32_t{second.count};
  // The second is known only as far as the look-up's bits reach.
  if (!second.complete || both_count > kAcLookupBits) {
    return pack(first.count, first.count, first.zeros, first.value, kEndOfBlock, after_first, 0);
  }
  if (second.ends_block) {
    return pack(both_count, first.count, first.zeros, first.value, kEndOfBlock,
                kEndOfBlock + after_first, 0);
  }
  return pack(both_count, first.count, first.zeros, first.value, after_first + second.zeros,
              after_first + second.zeros + 1u, second.value);
}

// A second value has at most the bits that are left by two codes of a bit each and another value of
// one: within 8 with their sign.
static_assert(kAcLookupBits - 3 <= 8);

}  // namespace

bool DcLookup::build(const JpegHuffmanTable& table) {
  entries.fill({});
  bool valid = true;
  const bool assigned = assign_codes(
      table, kDcLookupBits, codes, [&](uint32_t code, uint32_t length, uint32_t category) {
        const uint32_t free_bits = kDcLookupBits - length;
        for (uint32_t rest = 0; rest < uint32_t{1} << free_bits; ++rest) {
          Entry& entry = entries[code << free_bits | rest];
          entry.complete = category <= free_bits;
          entry.count = static_cast<uint8_t>(entry.complete ? length + category : length);
          entry.value =
              static_cast<int16_t>(entry.complete ? extend(rest >> (free_bits - category), category)
                                                  : static_cast<int32_t>(category));
        }
      });
  uint32_t symbol_count = 0;
  for (const uint8_t count : table.counts) symbol_count += count;
  for (uint32_t i = 0; assigned && i < symbol_count; ++i) valid &= codes.symbols[i] <= 15;
  return assigned && valid;
}

bool AcLookup::build(const JpegHuffmanTable& table) {
  std::array<AcSymbol, size_t{1} << kAcLookupBits> singles{};
  const bool assigned = assign_codes(
      table, kAcLookupBits, codes, [&](uint32_t code, uint32_t length, uint32_t symbol) {
        const uint32_t free_bits = kAcLookupBits - length;
        const uint32_t category = symbol & 15;
        AcSymbol single;
        single.complete = category <= free_bits;
        single.ends_block = category == 0 && symbol >> 4 != 15;
        single.count = static_cast<uint8_t>(single.complete ? length + category : length);
        single.zeros = static_cast<uint8_t>(symbol >> 4);
        for (uint32_t rest = 0; rest < uint32_t{1} << free_bits; ++rest) {
          single.value = static_cast<int16_t>(single.complete
                                                  ? extend(rest >> (free_bits - category), category)
                                                  : static_cast<int32_t>(category));
          singles[code << free_bits | rest] = single;
        }
      });
  if (!assigned) return false;
  for (size_t bits = 0; bits < entries.size(); ++bits) {
    const AcSymbol& first = singles[bits];
    const size_t behind = (bits << first.count) % entries.size();
    entries[bits] = pack(first, singles[behind]);
  }
  return true;
}

}  // namespace safelight::codec
