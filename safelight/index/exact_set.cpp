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
/// which lie in 2 to 4 lines of cache. The whole bytes among them are not stored with a digest.
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
  const uint32_t directory_bits = directory_bits_for(pairs);
  const uint64_t stored_bytes = DigestType::kSize - directory_bits / 8;
  Places places;
  places.digests = round_up(((uint64_t{1} << directory_bits) + 1) * sizeof(uint32_t));
  places.entries = places.digests + round_up(pairs * stored_bytes);
  places.end = places.entries + round_up(pairs * sizeof(uint32_t));
  return places;
}

/// The first 8 bytes as a number that orders as they do.
uint64_t leading_word(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
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
  const uint32_t implied_bytes = bits / 8;
  const uint32_t stored_bytes = DigestType::kSize - implied_bytes;
  const uint64_t buckets = uint64_t{1} << bits;
  size_t next = 0;
  for (uint64_t bucket = 0; bucket <= buckets; ++bucket) {
    while (next < pairs.size() && prefix_of(pairs[next].digest.bytes.data(), bits) < bucket) ++next;
    const auto first = static_cast<uint32_t>(next);
    std::memcpy(out.data() + bucket * sizeof first, &first, sizeof first);
  }
  for (size_t i = 0; i < pairs.size(); ++i) {
    std::memcpy(out.data() + places.digests + i * stored_bytes,
                pairs[i].digest.bytes.data() + implied_bytes, stored_bytes);
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
  implied_bytes_ = directory_bits_ / 8;
  stored_bytes_ = DigestType::kSize - implied_bytes_;
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
std::pair<uint32_t, uint32_t> ExactSet<DigestType>::find_in(const DigestType& digest,
                                                            uint32_t first, uint32_t last) const {
  // What the bucket implies needs no comparing.
  const uint8_t* wanted = digest.bytes.data() + implied_bytes_;
  const uint64_t key = leading_word(wanted);
  const auto compare = [&](uint32_t place) {
    return std::memcmp(stored(place), wanted, stored_bytes_);
  };
  touch(stored(first), size_t{last - first} * stored_bytes_);
  // The first pair that is not less. Most comparisons are of leading words and without a branch:
  // their outcomes are anybody's guess.
  uint32_t low = first;
  for (uint32_t left = last - first; left > 0;) {
    const uint32_t half = (left + 1) / 2;
    const uint32_t place = low + half - 1;
    const uint64_t word = leading_word(stored(place));
    bool less = word < key;
    if (word == key) less = compare(place) < 0;
    low += less ? half : 0;
    left -= half;
  }
  if (low == last || compare(low) != 0) return {0, 0};
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
  return {low, end};
}

template <typename DigestType>
std::span<const uint32_t> ExactSet<DigestType>::entries_of(
    std::pair<uint32_t, uint32_t> places) const {
  const auto [first, last] = places;
  if (first == last) return {};
  touch(entries_ + first, size_t{last - first} * sizeof(uint32_t));
  return {entries_ + first, last - first};
}

template <typename DigestType>
std::span<const uint32_t> ExactSet<DigestType>::find(const DigestType& digest) const {
  if (pairs_ == 0) return {};
  const auto [first, last] = bucket(digest);
  return entries_of(find_in(digest, first, last));
}

template <typename DigestType>
void ExactSet<DigestType>::find(std::span<const DigestType> digests,
                                std::span<std::span<const uint32_t>> out) const {
  assert(digests.size() == out.size());
  if (pairs_ == 0) {
    std::fill(out.begin(), out.end(), std::span<const uint32_t>{});
    return;
  }
  // More lines than a core keeps under way, so that it always has some.
  constexpr size_t kTogether = 64;
  // Longer buckets are those of one digest, or somebody's arrangement.
  constexpr size_t kFetchedBytes = 256;
  std::array<std::pair<uint32_t, uint32_t>, kTogether> places;
  const auto fetch_directory = [&](size_t begin) {
    for (size_t i = begin; i < std::min(begin + kTogether, digests.size()); ++i) {
      __builtin_prefetch(directory_ + prefix_of(digests[i].bytes.data(), directory_bits_));
    }
  };
  fetch_directory(0);
  for (size_t begin = 0; begin < digests.size(); begin += kTogether) {
    const size_t count = std::min(kTogether, digests.size() - begin);
    for (size_t i = 0; i < count; ++i) {
      places[i] = bucket(digests[begin + i]);
      const auto [first, last] = places[i];
      const uint8_t* from = stored(first);
      const size_t bytes = size_t{last - first} * stored_bytes_;
      for (size_t at = 0; at < std::min(bytes, kFetchedBytes); at += 64) {
        __builtin_prefetch(from + at);
      }
      if (bytes > 0) __builtin_prefetch(from + bytes - 1);
    }
    fetch_directory(begin + kTogether);
    for (size_t i = 0; i < count; ++i) {
      places[i] = find_in(digests[begin + i], places[i].first, places[i].second);
      // For the caller, who reads them next.
      if (places[i].first != places[i].second) __builtin_prefetch(entries_ + places[i].first);
    }
    for (size_t i = 0; i < count; ++i) out[begin + i] = entries_of(places[i]);
  }
}

template <typename DigestType>
typename ExactSet<DigestType>::Pair ExactSet<DigestType>::pair(size_t index) const {
  assert(index < pairs_);
  // The bucket that has it is the last that begins no later.
  uint64_t low = 0;
  for (uint64_t high = uint64_t{1} << directory_bits_; high - low > 1;) {
    const uint64_t middle = low + (high - low) / 2;
    touch(directory_ + middle, sizeof(uint32_t));
    (directory_[middle] <= index ? low : high) = middle;
  }
  touch(stored(index), stored_bytes_);
  touch(entries_ + index, sizeof(uint32_t));
  Pair pair;
  for (uint32_t i = 0; i < implied_bytes_; ++i) {
    pair.digest.bytes[i] = static_cast<uint8_t>(low >> (directory_bits_ - 8 * (i + 1)));
  }
  std::memcpy(pair.digest.bytes.data() + implied_bytes_, stored(index), stored_bytes_);
  pair.entry = entries_[index];
  return pair;
}

template <typename DigestType>
Result<void> ExactSet<DigestType>::check_order() const {
  if (pairs_ == 0) return {};
  const Places places = places_of<DigestType>(pairs_);
  const auto wrong_directory = [](uint64_t bucket) {
    return Error::at(ErrorCode::integrity_mismatch, "exact_set.directory",
                     bucket * sizeof(uint32_t));
  };
  const uint64_t buckets = uint64_t{1} << directory_bits_;
  for (uint64_t bucket = 0; bucket <= buckets; ++bucket) {
    const uint32_t least = bucket == 0 ? 0 : directory_[bucket - 1];
    const uint64_t most = bucket == 0 ? 0 : pairs_;
    if (directory_[bucket] < least || directory_[bucket] > most) return wrong_directory(bucket);
  }
  if (directory_[buckets] != pairs_) return wrong_directory(buckets);
  // Of the bits that name a bucket, a digest has those after the last whole byte.
  const uint32_t rest_bits = directory_bits_ - 8 * implied_bytes_;
  for (uint64_t bucket = 0; bucket < buckets; ++bucket) {
    for (size_t i = directory_[bucket]; i < directory_[bucket + 1]; ++i) {
      const uint32_t rest = prefix_of(stored(i), rest_bits);
      const uint32_t wanted = static_cast<uint32_t>(bucket) & ((uint32_t{1} << rest_bits) - 1);
      const bool begins = i == directory_[bucket];
      if (rest != wanted) return wrong_directory(begins ? bucket : bucket + 1);
      if (begins) continue;
      const int order = std::memcmp(stored(i - 1), stored(i), stored_bytes_);
      if (order < 0 || (order == 0 && entries_[i - 1] < entries_[i])) continue;
      return Error::at(ErrorCode::integrity_mismatch, "exact_set.order",
                       places.digests + i * stored_bytes_);
    }
  }
  return {};
}

template class ExactSet<Md5>;
template class ExactSet<Sha1>;
template class ExactSet<Sha256>;

}  // namespace safelight
