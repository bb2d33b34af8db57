#include "safelight/index/block_check.h"

#include <algorithm>
#include <utility>
#include <xxhash.h>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

std::span<const std::byte> block_of(std::span<const std::byte> bytes, size_t block) {
  const size_t first = block * BlockCheck::kBlockBytes;
  return bytes.subspan(first, std::min(BlockCheck::kBlockBytes, bytes.size() - first));
}

uint64_t sum_of(std::span<const std::byte> block) {
  return XXH3_64bits(block.data(), block.size());
}

Error mismatch(size_t block) {
  return Error::at(ErrorCode::integrity_mismatch, "block-check.sum",
                   uint64_t{block} * BlockCheck::kBlockBytes);
}

}  // namespace

std::vector<uint64_t> BlockCheck::sums_of(std::span<const std::byte> bytes) {
  std::vector<uint64_t> sums(blocks_of(bytes.size()));
  for (size_t block = 0; block < sums.size(); ++block) sums[block] = sum_of(block_of(bytes, block));
  return sums;
}

BlockCheck::BlockCheck(std::span<const std::byte> bytes, std::span<const uint64_t> sums,
                       std::string name)
    : bytes_(bytes),
      sums_(sums),
      name_(std::move(name)),
      known_(std::make_unique<std::atomic<uint64_t>[]>((sums.size() + 63) / 64)) {
  assert(sums.size() == blocks_of(bytes.size()));
}

Result<void> BlockCheck::check(std::span<const std::byte> some) const {
  if (some.empty()) return {};
  const auto offset = static_cast<size_t>(some.data() - bytes_.data());
  assert(offset < bytes_.size() && some.size() <= bytes_.size() - offset);
  const size_t last = (offset + some.size() - 1) / kBlockBytes;
  for (size_t block = offset / kBlockBytes; block <= last; ++block) {
    if (!is_known(block) && !compare(block)) return mismatch(block);
  }
  return {};
}

Result<void> BlockCheck::check_all() const {
  for (size_t block = 0; block < sums_.size(); ++block) {
    if (!compare(block)) return mismatch(block);
  }
  return {};
}

bool BlockCheck::compare(size_t block) const {
  if (sum_of(block_of(bytes_, block)) != sums_[block]) return false;
  known_[block / 64].fetch_or(uint64_t{1} << (block % 64), std::memory_order_relaxed);
  return true;
}

void BlockCheck::compare_or_throw(size_t block) const {
  if (compare(block)) return;
  throw Fault(name_ + " is damaged: the block at byte " + std::to_string(block * kBlockBytes) +
              " does not fit its sum");
}

}  // namespace safelight
