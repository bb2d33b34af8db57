#include "safelight/index/exact_set.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

namespace safelight {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the layout is little-endian and looked at in place");

constexpr uint32_t kMaxDirectoryBits = 28;

uint64_t round_up(uint64_t bytes) { return (bytes + 63) & ~uint64_t{63}; }

/// Bits of a digest's prefix that the directory tells apart: 4 to 8 pairs a bucket on average,
/// which lie in 2 to 4 lines of cache.
uint32_t directory_bits_for(uint64_t pairs) {
  const auto bits = static_cast<uint32_t>(std::bit_width(pairs >> 3));
  return std::min(bits, kMaxDirectoryBits);
}

/// Where the three parts of a layout begin, and its length.
struct Places {
  uint64_t digests = 0;
  uint64_t entries = 0;
  uint64_t end = 0;
};

template <typename DigestType>
Places places_of(uint64_t pairs) {
  if (pairs == 0) return {};
  Places places;
  places.digests = round_up(((uint64_t{1} << directory_bits_for(pairs)) + 1) * sizeof(uint32_t));
  places.entries = places.digests + round_up(pairs * DigestType::kSize);
  places.end = places.entries + round_up(pairs * sizeof(uint32_t));
  return places;
}

/// The first 8 bytes of a digest as a number that orders as they do.
uint64_t leading_word(const uint8_t* digest) {
  uint64_t word;
  std::memcpy(&word, digest, sizeof word);
  return __builtin_bswap64(word);
}

/// The first `bits` (0 to 28) bits of a digest.
uint32_t prefix_of(const uint8_t* digest, uint32_t bits) {
  return static_cast<uint32_t>((leading_word(digest) >> 32) >> (32 - bits));
}

}  // namespace

template <typename DigestType>
uint64_t ExactSet<DigestType>::layout_bytes(uint64_t pairs) {
  assert(pairs <= kMaxPairs);
  return places_of<DigestType>(pairs).end;
}

template <typename DigestType>
void ExactSet<DigestType>::sort_and_unique(std::vector<Pair>& pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
}

template <typename DigestType>
void ExactSet<DigestType>::write_layout(std::span<const Pair> pairs, std::span<std::byte> out) {
  assert(out.size() == layout_bytes(pairs.size()));
  assert(std::is_sorted(pairs.begin(), pairs.end()));
  if (pairs.empty()) return;
  std::memset(out.data(), 0, out.size());
  const Places places = places_of<DigestType>(pairs.size());
  const uint32_t bits = directory_bits_for(pairs.size());
  const uint64_t buckets = uint64_t{1} << bits;
  size_t next = 0;
  for (uint64_t bucket = 0; bucket <= buckets; ++bucket) {
    while (next < pairs.size() && prefix_of(pairs[next].digest.bytes.data(), bits) < bucket) ++next;
    const auto first = static_cast<uint32_t>(next);
    std::memcpy(out.data() + bucket * sizeof first, &first, sizeof first);
  }
  for (size_t i = 0; i < pairs.size(); ++i) {
    std::memcpy(out.data() + places.digests + i * DigestType::kSize, pairs[i].digest.bytes.data(),
                DigestType::kSize);
    std::memcpy(out.data() + places.entries + i * sizeof(uint32_t), &pairs[i].entry,
                sizeof(uint32_t));
  }
}

template <typename DigestType>
Result<ExactSet<DigestType>> ExactSet<DigestType>::view(std::span<const std::byte> bytes,
                                                        uint64_t pairs, const BlockCheck* check) {
  if (pairs > kMaxPairs) return Error{ErrorCode::limit_exceeded, "exact_set.pairs"};
  const uint64_t wanted = layout_bytes(pairs);
  if (bytes.size() < wanted) {
    return Error::at(ErrorCode::truncated, "exact_set.length", bytes.size());
  }
  if (bytes.size() > wanted) return Error::at(ErrorCode::malformed, "exact_set.length", wanted);
  if (std::bit_cast<uintptr_t>(bytes.data()) % kLayoutAlignmentBytes != 0) {
    return Error{ErrorCode::malformed, "exact_set.alignment"};
  }
  ExactSet set;
  set.check_ = check;
  set.look_at(bytes.data(), pairs);
  return set;
}

template <typename DigestType>
ExactSet<DigestType> ExactSet<DigestType>::build(std::vector<Pair> pairs) {
  sort_and_unique(pairs);
  assert(pairs.size() <= kMaxPairs);
  ExactSet set;
  set.owned_ = AlignedBytes(layout_bytes(pairs.size()));
  write_layout(pairs, set.owned_.bytes());
  set.look_at(set.owned_.bytes().data(), pairs.size());
  return set;
}

template <typename DigestType>
void ExactSet<DigestType>::look_at(const std::byte* bytes, uint64_t pairs) {
  pairs_ = pairs;
  if (pairs == 0) return;
  const Places places = places_of<DigestType>(pairs);
  directory_bits_ = directory_bits_for(pairs);
  directory_ = reinterpret_cast<const uint32_t*>(bytes);
  digests_ = reinterpret_cast<const uint8_t*>(bytes + places.digests);
  entries_ = reinterpret_cast<const uint32_t*>(bytes + places.entries);
}

template <typename DigestType>
std::pair<uint32_t, uint32_t> ExactSet<DigestType>::bucket(const DigestType& digest) const {
  const uint32_t prefix = prefix_of(digest.bytes.data(), directory_bits_);
  const auto pairs = static_cast<uint32_t>(pairs_);
  touch(directory_ + prefix, 2 * sizeof(uint32_t));
  // The directory may come from a damaged file: its values are places, to be held to the set.
  const uint32_t last = std::min(directory_[prefix + 1], pairs);
  return {std::min(directory_[prefix], last), last};
}

template <typename DigestType>
std::span<const uint32_t> ExactSet<DigestType>::find_in(const DigestType& digest, uint32_t first,
                                                        uint32_t last) const {
  const uint64_t key = leading_word(digest.bytes.data());
  const auto compare = [&](uint32_t place) {
    return std::memcmp(digests_ + size_t{place} * DigestType::kSize, digest.bytes.data(),
                       DigestType::kSize);
  };
  touch(digests_ + size_t{first} * DigestType::kSize, size_t{last - first} * DigestType::kSize);
  // The first pair that is not less. Most comparisons are of leading words and without a branch:
  // their outcomes are anybody's guess.
  uint32_t low = first;
  for (uint32_t left = last - first; left > 0;) {
    const uint32_t half = (left + 1) / 2;
    const uint32_t place = low + half - 1;
    const uint64_t word = leading_word(digests_ + size_t{place} * DigestType::kSize);
    bool less = word < key;
    if (word == key) less = compare(place) < 0;
    low += less ? half : 0;
    left -= half;
  }
  if (low == last || compare(low) != 0) return {};
  uint32_t end = low + 1;
  if (end < last && compare(end) == 0) {
    for (uint32_t high = last; end < high;) {
      const uint32_t middle = end + (high - end) / 2;
      if (compare(middle) <= 0) {
        end = middle + 1;
      } else {
        high = middle;
      }
    }
  }
  touch(entries_ + low, size_t{end - low} * sizeof(uint32_t));
  return {entries_ + low, end - low};
}

template <typename DigestType>
std::span<const uint32_t> ExactSet<DigestType>::find(const DigestType& digest) const {
  if (pairs_ == 0) return {};
  const auto [first, last] = bucket(digest);
  return find_in(digest, first, last);
}

template <typename DigestType>
void ExactSet<DigestType>::find(std::span<const DigestType> digests,
                                std::span<std::span<const uint32_t>> out) const {
  assert(digests.size() == out.size());
  if (pairs_ == 0) {
    std::fill(out.begin(), out.end(), std::span<const uint32_t>{});
    return;
  }
  // As many cache misses as a core keeps under way.
  constexpr size_t kTogether = 16;
  for (size_t begin = 0; begin < digests.size(); begin += kTogether) {
    const size_t count = std::min(kTogether, digests.size() - begin);
    std::array<std::pair<uint32_t, uint32_t>, kTogether> places;
    for (size_t i = 0; i < count; ++i) {
      __builtin_prefetch(directory_ + prefix_of(digests[begin + i].bytes.data(), directory_bits_));
    }
    for (size_t i = 0; i < count; ++i) {
      places[i] = bucket(digests[begin + i]);
      const auto [first, last] = places[i];
      __builtin_prefetch(digests_ + (size_t{first} + (last - first) / 2) * DigestType::kSize);
    }
    for (size_t i = 0; i < count; ++i) {
      out[begin + i] = find_in(digests[begin + i], places[i].first, places[i].second);
    }
  }
}

template <typename DigestType>
typename ExactSet<DigestType>::Pair ExactSet<DigestType>::pair(size_t index) const {
  assert(index < pairs_);
  const uint8_t* digest = digests_ + index * DigestType::kSize;
  touch(digest, DigestType::kSize);
  touch(entries_ + index, sizeof(uint32_t));
  Pair pair;
  std::memcpy(pair.digest.bytes.data(), digest, DigestType::kSize);
  pair.entry = entries_[index];
  return pair;
}

template <typename DigestType>
Result<void> ExactSet<DigestType>::check_order() const {
  if (pairs_ == 0) return {};
  const Places places = places_of<DigestType>(pairs_);
  size_t next = 0;
  const uint64_t buckets = uint64_t{1} << directory_bits_;
  for (uint64_t bucket = 0; bucket <= buckets; ++bucket) {
    while (next < pairs_ &&
           prefix_of(digests_ + next * DigestType::kSize, directory_bits_) < bucket) {
      ++next;
    }
    if (directory_[bucket] != next) {
      return Error::at(ErrorCode::integrity_mismatch, "exact_set.directory",
                       bucket * sizeof(uint32_t));
    }
  }
  for (size_t i = 1; i < pairs_; ++i) {
    if (pair(i - 1) < pair(i)) continue;
    return Error::at(ErrorCode::integrity_mismatch, "exact_set.order",
                     places.digests + i * DigestType::kSize);
  }
  return {};
}

template class ExactSet<Md5>;
template class ExactSet<Sha1>;
template class ExactSet<Sha256>;

}  // namespace safelight
