#include "safelight/pdq/internal/orientations.h"

#include "safelight/pdq/internal/dct_matrix.h"

namespace safelight::pdq::internal {
namespace {

Fingerprint pack(const uint16_t (&rows)[kTerms]) {
  Fingerprint fingerprint;
  for (uint32_t i = 0; i < kTerms; ++i) {
    fingerprint.words[i / 4] |= uint64_t{rows[i]} << (16 * (i % 4));
  }
  return fingerprint;
}

/// Exchanges bits `mask` of each row with the bits `distance` higher of the row `distance` above.
void exchange(uint16_t (&rows)[kTerms], uint32_t distance, uint32_t mask) {
  for (uint32_t i = 0; i < kTerms; ++i) {
    if ((i & distance) != 0) continue;
    uint16_t& upper = rows[i];
    uint16_t& lower = rows[i + distance];
    const uint32_t changed = ((uint32_t{upper} >> distance) ^ lower) & mask;
    upper = static_cast<uint16_t>(upper ^ (changed << distance));
    lower = static_cast<uint16_t>(lower ^ changed);
  }
}

Fingerprint pack_transposed(uint16_t (&rows)[kTerms]) {
  exchange(rows, 8, 0x00ff);
  exchange(rows, 4, 0x0f0f);
  exchange(rows, 2, 0x3333);
  exchange(rows, 1, 0x5555);
  return pack(rows);
}

}  // namespace

OrientationHashes hashes_of_grid(const Kernels& kernels, const float* grid, PdqMode mode) {
  const DctMatrix& matrix = dct_matrix();
  alignas(64) float terms[kTerms * kTerms];
  kernels.transform(grid, matrix.forward.data(), matrix.transposed.data(), terms);
  uint16_t rows[4][kTerms];
  kernels.above_median(terms, rows);

  struct Pair {
    Orientation upright;
    Orientation transposed;
  };
  // By the change of sign: none, even columns, even rows, odd row + column.
  static constexpr Pair kPairs[4] = {{Orientation::original, Orientation::flip_plus1},
                                     {Orientation::flip_y, Orientation::rotate90},
                                     {Orientation::flip_x, Orientation::rotate270},
                                     {Orientation::rotate180, Orientation::flip_minus1}};
  OrientationHashes hashes;
  const auto quality = static_cast<uint8_t>(kernels.quality(grid));
  for (PdqHash& hash : hashes) hash = {{}, mode, quality};
  for (size_t pattern = 0; pattern < 4; ++pattern) {
    const Pair pair = kPairs[pattern];
    hashes[static_cast<size_t>(pair.upright)].fingerprint = pack(rows[pattern]);
    hashes[static_cast<size_t>(pair.transposed)].fingerprint = pack_transposed(rows[pattern]);
  }
  return hashes;
}

}  // namespace safelight::pdq::internal
