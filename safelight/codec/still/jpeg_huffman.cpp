#include "safelight/codec/still/jpeg_huffman.h"

namespace safelight::codec {
namespace {

/// The signed value that `bits` of a category stand for. Source: ITU-T T.81 figure F.12.
int32_t extend(uint32_t bits, uint32_t category) {
  if (category == 0) return 0;
  const auto value = static_cast<int32_t>(bits);
  return bits >> (category - 1) != 0 ? value : value - (int32_t{1} << category) + 1;
}

uint32_t entry(uint32_t count, uint32_t skip, int32_t value) {
  return count | skip << 8 | static_cast<uint32_t>(value) << 16;
}

}  // namespace

bool HuffmanLookup::build(const JpegHuffmanTable& table, Kind kind) {
  if (!table.present) return false;
  symbols = table.symbols;
  lookup.fill(entry(kPartial, 0, 0));
  uint32_t code = 0;
  uint32_t next_symbol = 0;
  for (uint32_t length = 1; length <= kMaxCodeBits; ++length) {
    code <<= 1;
    symbol_offsets[length] = static_cast<int32_t>(next_symbol) - static_cast<int32_t>(code);
    for (uint32_t i = 0; i < table.counts[length]; ++i, ++code, ++next_symbol) {
      if (code >= uint32_t{1} << length || next_symbol >= symbols.size()) return false;
      const uint32_t symbol = symbols[next_symbol];
      const uint32_t category = symbol & 15;
      if (kind == Kind::dc && symbol > 15) return false;
      if (length > kHuffmanLookupBits) continue;
      uint32_t skip = kind == Kind::dc ? 0 : symbol >> 4;
      if (kind == Kind::ac && category == 0 && skip != 15) skip = kEndOfBlockSkip;
      const uint32_t free_bits = kHuffmanLookupBits - length;
      for (uint32_t rest = 0; rest < uint32_t{1} << free_bits; ++rest) {
        uint32_t& to = lookup[code << free_bits | rest];
        if (category <= free_bits) {
          to = entry(length + category, skip, extend(rest >> (free_bits - category), category));
        } else {
          to = entry(length | kPartial, skip, static_cast<int32_t>(category));
        }
      }
    }
    // libjpeg refuses a code of all ones, which T.81 reserves.
    if (table.counts[length] != 0 && code >= uint32_t{1} << length) return false;
    limits[length] = code << (kMaxCodeBits - length);
  }
  return true;
}

}  // namespace safelight::codec
