#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"
#include "safelight/index/aligned_bytes.h"
#include "safelight/index/block_check.h"

namespace safelight {

/// Digests and the entries that they belong to; one digest may belong to several. Read-only and
/// safe from many threads.
///
/// The set looks at one stretch of bytes, its layout (docs/formats/exact_set.md), which may be
/// mapped from a file: of a hundred million pairs 17.7 bytes each for MD5 and 21.7 for SHA-1.
/// `DigestType` is Md5, Sha1 or Sha256. No bytes, however damaged, make a look-up read outside of
/// them.
template <typename DigestType>
class ExactSet {
 public:
  static constexpr uint32_t kLayoutVersion = 2;
  /// Where a layout must begin, in memory.
  static constexpr size_t kLayoutAlignmentBytes = AlignedBytes::kAlignmentBytes;
  static constexpr uint64_t kMaxPairs = 0xffff'ffff;

  struct Pair {
    DigestType digest;
    uint32_t entry = 0;
    friend auto operator<=>(const Pair&, const Pair&) = default;
  };

  /// Bytes of the layout of `pairs` pairs, a multiple of 64; 0 for none. `pairs` is at most
  /// kMaxPairs.
  static uint64_t layout_bytes(uint64_t pairs);

  /// Puts pairs in the order of the layout and leaves out repeated ones.
  static void sort_and_unique(std::vector<Pair>& pairs);

  /// Writes the layout of `pairs`, which sort_and_unique() has put in order, to `out`, which has
  /// exactly layout_bytes() bytes and any alignment.
  static void write_layout(std::span<const Pair> pairs, std::span<std::byte> out);

  /// Looks at a layout without copying it; the bytes must outlive the set and stay as they are.
  /// Where there is a `check`, which must outlive the set and have `bytes` among its own, find()
  /// and pair() make sure of what they read and return: they throw Fault where that is damaged.
  /// Errors: limit_exceeded over kMaxPairs; truncated or malformed if `bytes` is shorter or longer
  /// than the layout of `pairs`; malformed if it is not aligned.
  static Result<ExactSet> view(std::span<const std::byte> bytes, uint64_t pairs,
                               const BlockCheck* check = nullptr);

  /// A set that owns its layout, of pairs in any order, at most kMaxPairs.
  static ExactSet build(std::vector<Pair> pairs);

  /// A set of no pairs.
  ExactSet() = default;

  /// Pairs in the set.
  [[nodiscard]] size_t size() const { return pairs_; }

  /// The entries of a digest in ascending order; empty if it is not in the set. Valid as long as
  /// the bytes of the layout.
  [[nodiscard]] std::span<const uint32_t> find(const DigestType& digest) const;

  /// find() for each of `digests` into the same place of `out`, which is as long. In a set larger
  /// than the caches this is quicker than one by one, since the look-ups wait for memory together.
  void find(std::span<const DigestType> digests, std::span<std::span<const uint32_t>> out) const;

  /// The entry of each pair, in the order of the layout; not made sure of.
  [[nodiscard]] std::span<const uint32_t> entries() const { return {entries_, pairs_}; }

  /// Pair number `index` (less than size()) in the order of the layout. Looks for its bucket, some
  /// 50 ns in a large set.
  [[nodiscard]] Pair pair(size_t index) const;

  /// Success if the pairs are in order and the directory fits them: find() then misses nothing.
  /// Errors: integrity_mismatch, at the offset in the layout of the first breach.
  [[nodiscard]] Result<void> check_order() const;

 private:
  [[nodiscard]] std::pair<uint32_t, uint32_t> bucket(const DigestType& digest) const;
  /// The places of a digest among those of its bucket.
  [[nodiscard]] std::pair<uint32_t, uint32_t> find_in(const DigestType& digest, uint32_t first,
                                                      uint32_t last) const;
  [[nodiscard]] std::span<const uint32_t> entries_of(std::pair<uint32_t, uint32_t> places) const;
  /// What is stored of the digest at a place.
  [[nodiscard]] const uint8_t* stored(size_t place) const {
    return digests_ + place * stored_bytes_;
  }
  void look_at(const std::byte* bytes, uint64_t pairs);
  void touch(const void* from, size_t length) const {
    if (check_ != nullptr) check_->touch(static_cast<const std::byte*>(from), length);
  }

  AlignedBytes owned_;
  const BlockCheck* check_ = nullptr;
  const uint32_t* directory_ = nullptr;
  const uint8_t* digests_ = nullptr;
  const uint32_t* entries_ = nullptr;
  size_t pairs_ = 0;
  uint32_t directory_bits_ = 0;
  uint32_t implied_bytes_ = 0;  // of a digest, by the bucket that it is in
  uint32_t stored_bytes_ = 0;
};

extern template class ExactSet<Md5>;
extern template class ExactSet<Sha1>;
extern template class ExactSet<Sha256>;

}  // namespace safelight
