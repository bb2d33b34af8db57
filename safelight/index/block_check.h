#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"

namespace safelight {

/// Makes sure that bytes, mostly of a mapped file, are as they were written before they are used,
/// without reading all of them first: a block is compared with its sum when it is first touched.
/// Block b is the bytes from b * kBlockBytes on, the last may be shorter; its sum is XXH3-64 with
/// seed 0. Safe from many threads.
///
/// What was compared once is not looked at again: the bytes must stay as they are.
class BlockCheck {
 public:
  static constexpr size_t kBlockBytes = size_t{64} << 10;

  /// How many blocks, and sums, so many bytes have.
  static constexpr uint64_t blocks_of(uint64_t bytes) {
    return bytes / kBlockBytes + (bytes % kBlockBytes == 0 ? 0 : 1);
  }

  /// The sum of each block of `bytes`.
  static std::vector<uint64_t> sums_of(std::span<const std::byte> bytes);

  /// `sums` has blocks_of(bytes.size()) values; both must outlive the check. `name` says in a Fault
  /// whose bytes those are, as in "the list NAME".
  BlockCheck(std::span<const std::byte> bytes, std::span<const uint64_t> sums, std::string name);
  // What looks at the bytes keeps where this is.
  BlockCheck(const BlockCheck&) = delete;
  BlockCheck& operator=(const BlockCheck&) = delete;

  /// Makes sure of the blocks that have a part of the `length` bytes at `from`, all of which are
  /// among the bytes of the check. Throws Fault, with the name and the offset of the block, if one
  /// is not as its sum says; so does every later call for it.
  void touch(const std::byte* from, size_t length) const {
    if (length == 0) return;
    const auto offset = static_cast<size_t>(from - bytes_.data());
    assert(offset < bytes_.size() && length <= bytes_.size() - offset);
    const size_t last = (offset + length - 1) / kBlockBytes;
    for (size_t block = offset / kBlockBytes; block <= last; ++block) {
      if (!is_known(block)) compare_or_throw(block);
    }
  }

  /// The same for what is read while an input is opened.
  /// Errors: integrity_mismatch, at the offset among the bytes of the check of the first block that
  /// is not as its sum says.
  [[nodiscard]] Result<void> check(std::span<const std::byte> some) const;

  /// Success if every block is as its sum says; looks at all of them, known ones too.
  /// Errors: as check().
  [[nodiscard]] Result<void> check_all() const;

 private:
  [[nodiscard]] bool is_known(size_t block) const {
    // Nothing is written to the bytes, so no order of memory is needed beyond the bit's own.
    return (known_[block / 64].load(std::memory_order_relaxed) >> (block % 64) & 1) != 0;
  }
  /// Whether the block is as its sum says; notes it if so.
  [[nodiscard]] bool compare(size_t block) const;
  [[gnu::cold]] void compare_or_throw(size_t block) const;

  std::span<const std::byte> bytes_;
  std::span<const uint64_t> sums_;
  std::string name_;
  std::unique_ptr<std::atomic<uint64_t>[]> known_;  // a bit for each block
};

}  // namespace safelight
