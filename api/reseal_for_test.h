#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <xxhash.h>

#include "api/index_file.h"

/// Test helper. Who includes it links xxhash.
namespace safelight::api {

/// Makes the sums of a file of an index fit again after it was changed, so that what lies behind
/// them is reached: those of its parts where its header says truly where they stand.
inline void reseal(std::span<std::byte> file) {
  constexpr size_t kHeader = 64;
  if (file.size() < kHeader) return;
  const auto number_at = [&](size_t offset) {
    uint64_t number = 0;
    std::memcpy(&number, file.data() + offset, sizeof number);
    return number;
  };
  const auto put = [&](size_t offset, uint64_t number) {
    std::memcpy(file.data() + offset, &number, sizeof number);
  };
  const auto aligned_up = [](uint64_t offset) { return (offset + 63) / 64 * 64; };
  const uint64_t layout_bytes = std::min<uint64_t>(number_at(32), file.size());
  const uint64_t rows = std::min<uint64_t>(number_at(24), file.size());
  const uint64_t ids_bytes = file[18] == std::byte{0} ? 0 : rows * sizeof(uint64_t);
  const uint64_t ids = aligned_up(kHeader + layout_bytes);
  const uint64_t table = aligned_up(ids + ids_bytes);
  if (table <= file.size()) {
    auto sums = BlockCheck::sums_of(file.subspan(kHeader, layout_bytes));
    const auto ids_sums = BlockCheck::sums_of(file.subspan(ids, ids_bytes));
    sums.insert(sums.end(), ids_sums.begin(), ids_sums.end());
    const size_t count = std::min(sums.size(), (file.size() - table) / sizeof(uint64_t));
    for (size_t i = 0; i < count; ++i) put(table + i * sizeof(uint64_t), sums[i]);
    put(48, XXH3_64bits(file.data() + table, file.size() - table));
  }
  put(56, XXH3_64bits(file.data(), 56));
}

}  // namespace safelight::api
