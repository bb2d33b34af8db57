#include "safelight/index/internal/plane_layout.h"

#include <algorithm>
#include <utility>

namespace safelight::index_internal {
namespace {

/// Exchanges rows and columns of 64 by 64 bits, bit c of word r being row r and column c (after
/// H. Warren, "Hacker's Delight", 2nd edition, section 7-3).
void transpose(std::array<uint64_t, 64>& words) {
  uint64_t mask = 0x0000'0000'ffff'ffff;
  for (size_t step = 32; step != 0; step /= 2, mask ^= mask << step) {
    for (size_t row = 0; row < 64; row = (row + step + 1) & ~step) {
      const uint64_t moved = ((words[row] >> step) ^ words[row + step]) & mask;
      words[row] ^= moved << step;
      words[row + step] ^= moved;
    }
  }
}

}  // namespace

void write_block_planes(std::span<const Fingerprint> rows, uint64_t* planes) {
  for (size_t part = 0; part < kPlaneWords; ++part) {
    const size_t first = std::min(rows.size(), part * 64);
    const auto few = rows.subspan(first, std::min<size_t>(64, rows.size() - first));
    std::array<std::array<uint64_t, 64>, 3> bits{};
    for (size_t i = 0; i < few.size(); ++i) {
      const auto folded = fold(few[i]);
      for (size_t word = 0; word < folded.size(); ++word) bits[word][i] = folded[word];
    }
    for (auto& word : bits) transpose(word);
    for (size_t plane = 0; plane < kPlanes; ++plane) {
      planes[plane * kPlaneWords + part] = bits[plane / 64][plane % 64];
    }
  }
}

}  // namespace safelight::index_internal
