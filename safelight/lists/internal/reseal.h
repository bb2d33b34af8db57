#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <xxhash.h>

#include "safelight/digest/sha256_stream.h"
#include "safelight/lists/internal/list_layout.h"

/// Test helper.
namespace safelight::lists {

/// A compiled list whose sums and SHA-256 fit again after it was changed, as far as its header
/// places sections inside it.
inline std::string reseal(std::string bytes) {
  if (bytes.size() < kHeaderBytes + kChecksumBytes) return bytes;
  for (size_t i = 0; i < kSections; ++i) {
    std::array<uint64_t, 2> place{};
    std::memcpy(place.data(), bytes.data() + kSectionTableOffset + i * 16, sizeof place);
    if (place[0] > bytes.size() || place[1] > bytes.size() - place[0]) continue;
    const uint64_t sum = XXH3_64bits(bytes.data() + place[0], place[1]);
    std::memcpy(bytes.data() + kSectionSumsOffset + i * 8, &sum, sizeof sum);
  }
  const uint64_t header_sum = XXH3_64bits(bytes.data(), kHeaderSumOffset);
  std::memcpy(bytes.data() + kHeaderSumOffset, &header_sum, sizeof header_sum);
  Sha256Stream hash;
  hash.update(std::as_bytes(std::span(bytes).first(bytes.size() - kChecksumBytes)));
  const Sha256 sum = hash.digest();
  std::copy(sum.bytes.begin(), sum.bytes.end(), bytes.end() - kChecksumBytes);
  return bytes;
}

}  // namespace safelight::lists
