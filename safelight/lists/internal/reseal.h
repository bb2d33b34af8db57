#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "safelight/digest/sha256_stream.h"
#include "safelight/index/block_check.h"
#include "safelight/lists/internal/list_layout.h"

/// Test helper.
namespace safelight::lists {

/// A compiled list whose sums and SHA-256 fit again after it was changed, as far as its header
/// places the block sums inside it.
inline std::string reseal(std::string bytes) {
  if (bytes.size() < kHeaderBytes + kChecksumBytes) return bytes;
  std::array<uint64_t, 2> place{};
  std::memcpy(place.data(),
              bytes.data() + kSectionTableOffset + static_cast<size_t>(Section::block_sums) * 16,
              sizeof place);
  if (place[0] >= kHeaderBytes && place[0] <= bytes.size() && place[1] <= bytes.size() - place[0]) {
    const auto sums = BlockCheck::sums_of(
        std::as_bytes(std::span(bytes)).subspan(kHeaderBytes, place[0] - kHeaderBytes));
    const auto sum_bytes = std::as_bytes(std::span(sums));
    std::copy_n(
        sum_bytes.begin(), std::min<uint64_t>(place[1], sum_bytes.size()),
        std::as_writable_bytes(std::span(bytes)).begin() + static_cast<std::ptrdiff_t>(place[0]));
    const uint64_t sums_sum = sum_of(std::as_bytes(std::span(bytes)).subspan(place[0], place[1]));
    std::memcpy(bytes.data() + kBlockSumsSumOffset, &sums_sum, sizeof sums_sum);
  }
  const uint64_t header_sum = sum_of(std::as_bytes(std::span(bytes)).first(kHeaderSumOffset));
  std::memcpy(bytes.data() + kHeaderSumOffset, &header_sum, sizeof header_sum);
  const Sha256 sum =
      sha256_of(std::as_bytes(std::span(bytes)).first(bytes.size() - kChecksumBytes));
  std::copy(sum.bytes.begin(), sum.bytes.end(), bytes.end() - kChecksumBytes);
  return bytes;
}

}  // namespace safelight::lists
