#pragma once

// Included by one translation unit a SimdLevel, each compiled for its own instructions. Everything
// here is a template over the unit's own type `Ops`, which lives in an unnamed namespace, so that
// no function compiled for a higher level can be linked into a lower one. For the same reason
// nothing here uses functions of the standard library.
//
// `Ops` has: `Vec`, kWords (64-bit words in a Vec), load, store, ones, and
//   sum(a, b, c)      a xor b xor c
//   carry(a, b, c)    the majority of a, b and c
//   both(a, b)        a and b
//   column<v>(a,b,c)  a differs from bit 0 of v, or b from bit 1, or c from bit 2
//   flipped(a, f)     a xor a broadcast of the word f
//   any(a, b, c)      a or b or c
//   store_inverse(to, a)  stores not a, and gives something other than 0 if that has a bit set
//   distance(a, b)    bits in which two rows of four words differ
//   near_of_8(rows, query, radius_bits, distances)  a mask of those of eight rows within the
//   radius,
//                     with the distance of each of the eight

#include <cstddef>
#include <cstdint>

#include "safelight/index/internal/kernels.h"

#define SAFELIGHT_INLINE [[gnu::always_inline]] inline

namespace safelight::index_internal {

/// Full adders in a chain, as Harley and Seal count bits (H. Warren, "Hacker's Delight", 2nd
/// edition, section 5-1): carries<k>() takes inputs until it has the next carry of weight 2^k.
template <typename Ops, typename Input>
class CarryChain {
 public:
  using Vec = typename Ops::Vec;
  SAFELIGHT_INLINE explicit CarryChain(const Input& input) : input_(input) {}

  /// Where at least 32 of the 47 inputs are set: the 15 that the accumulators keep back cannot make
  /// 16, so there are 32 exactly where both carries of weight 16 are set.
  SAFELIGHT_INLINE Vec at_least_32() {
    fill<0>();
    const Vec first = carries<kLevels, 15>();
    const Vec second = carries<kLevels, 31>();
    return Ops::both(first, second);
  }

 private:
  static constexpr size_t kLevels = 4;

  /// Fills the accumulator of each level: 1 + 2 + 4 + 8 inputs.
  template <size_t kLevel>
  SAFELIGHT_INLINE void fill() {
    if constexpr (kLevel < kLevels) {
      kept_[kLevel] = carries<kLevel, (size_t{1} << kLevel) - 1>();
      fill<kLevel + 1>();
    }
  }

  /// The carry of weight 2^kLevel that the 2^kLevel inputs from kFirst on bring about.
  template <size_t kLevel, size_t kFirst>
  SAFELIGHT_INLINE Vec carries() {
    if constexpr (kLevel == 0) {
      return input_.template get<kFirst>();
    } else {
      const Vec a = carries<kLevel - 1, kFirst>();
      const Vec b = carries<kLevel - 1, kFirst + (size_t{1} << (kLevel - 1))>();
      const Vec kept = kept_[kLevel - 1];
      kept_[kLevel - 1] = Ops::sum(kept, a, b);
      return Ops::carry(kept, a, b);
    }
  }

  const Input& input_;
  Vec kept_[kLevels];
};

/// The columns of a query out of a block's table.
template <typename Ops>
struct TableInput {
  const uint64_t* table;
  const uint16_t* places;
  template <size_t kColumn>
  SAFELIGHT_INLINE typename Ops::Vec get() const {
    return Ops::load(table + places[kColumn]);
  }
};

/// The columns of a query made from a block's planes.
template <typename Ops>
struct PlaneInput {
  const uint64_t* planes;
  const uint64_t* flips;
  template <size_t kMember, size_t kColumn>
  SAFELIGHT_INLINE typename Ops::Vec member() const {
    constexpr size_t kPlane = plane_of(kColumn, kMember);
    return Ops::flipped(Ops::load(planes + kPlane * kPlaneWords), flips[kPlane]);
  }
  template <size_t kColumn>
  SAFELIGHT_INLINE typename Ops::Vec get() const {
    return Ops::any(member<0, kColumn>(), member<1, kColumn>(), member<2, kColumn>());
  }
};

/// `near_of_8` where it is no quicker than row by row.
template <typename Ops>
SAFELIGHT_INLINE uint32_t near_one_by_one(const uint64_t* rows, const uint64_t* query,
                                          uint32_t radius_bits, uint16_t* distances) {
  uint32_t near = 0;
  for (uint32_t i = 0; i < 8; ++i) {
    const uint32_t distance_bits = Ops::distance(rows + i * kRowWords, query);
    distances[i] = static_cast<uint16_t>(distance_bits);
    near |= (distance_bits <= radius_bits ? 1u : 0u) << i;
  }
  return near;
}

template <typename Ops>
struct KernelSet {
  using Vec = typename Ops::Vec;

  template <size_t kVariant>
  SAFELIGHT_INLINE static void make_variants(Vec a, Vec b, Vec c, uint64_t* out) {
    if constexpr (kVariant < kVariants) {
      Ops::store(out + kVariant * kPlaneWords, Ops::template column<kVariant>(a, b, c));
      make_variants<kVariant + 1>(a, b, c, out);
    }
  }

  static void make_table(const uint64_t* planes, uint64_t* table) {
    for (size_t column = 0; column < kColumns; ++column) {
      for (size_t word = 0; word < kPlaneWords; word += Ops::kWords) {
        make_variants<0>(Ops::load(planes + plane_of(column, 0) * kPlaneWords + word),
                         Ops::load(planes + plane_of(column, 1) * kPlaneWords + word),
                         Ops::load(planes + plane_of(column, 2) * kPlaneWords + word),
                         table + column * kVariants * kPlaneWords + word);
      }
    }
  }

  /// Writes the rows that pass for one query at place `passed`, and returns the place after it, or
  /// the same where there are none: a branch would be mispredicted at each query that passes.
  template <typename MakeInput>
  SAFELIGHT_INLINE static size_t pass(const MakeInput& make_input, size_t query, size_t passed,
                                      uint32_t* passed_queries, uint64_t* passed_rows) {
    uint64_t seen = 0;
    for (size_t word = 0; word < kPlaneWords; word += Ops::kWords) {
      const auto input = make_input(word);
      const Vec decided = CarryChain<Ops, decltype(make_input(word))>(input).at_least_32();
      seen |= Ops::store_inverse(passed_rows + passed * kPlaneWords + word, decided);
    }
    passed_queries[passed] = static_cast<uint32_t>(query);
    return passed + (seen != 0 ? 1 : 0);
  }

  static size_t filter(const uint64_t* table, const uint16_t* places, size_t count,
                       uint32_t* passed_queries, uint64_t* passed_rows) {
    size_t passed = 0;
    for (size_t query = 0; query < count; ++query, places += kColumns) {
      passed = pass(
          [&](size_t word) {
            return TableInput<Ops>{table + word, places};
          },
          query, passed, passed_queries, passed_rows);
    }
    return passed;
  }

  static size_t filter_few(const uint64_t* planes, const uint64_t* flips, size_t count,
                           uint32_t* passed_queries, uint64_t* passed_rows) {
    size_t passed = 0;
    for (size_t query = 0; query < count; ++query, flips += kPlanes) {
      passed = pass(
          [&](size_t word) {
            return PlaneInput<Ops>{planes + word, flips};
          },
          query, passed, passed_queries, passed_rows);
    }
    return passed;
  }

  static size_t compare_some(const uint64_t* rows, const uint64_t* query, const uint64_t* mask,
                             uint32_t radius_bits, NearRow* out) {
    size_t found = 0;
    for (size_t word = 0; word < kPlaneWords; ++word) {
      for (uint64_t left = mask[word]; left != 0; left &= left - 1) {
        const auto row = static_cast<uint32_t>(word * 64 + __builtin_ctzll(left));
        const uint32_t distance_bits = Ops::distance(rows + row * kRowWords, query);
        if (distance_bits <= radius_bits) out[found++] = {row, distance_bits};
      }
    }
    return found;
  }

  static size_t compare_all(const uint64_t* rows, const uint64_t* query, size_t count,
                            uint32_t radius_bits, NearRow* out) {
    size_t found = 0;
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
      uint16_t distances[8];
      uint32_t near = Ops::near_of_8(rows + row * kRowWords, query, radius_bits, distances);
      for (; near != 0; near &= near - 1) {
        const auto i = static_cast<uint32_t>(__builtin_ctz(near));
        out[found++] = {static_cast<uint32_t>(row) + i, distances[i]};
      }
    }
    for (; row < count; ++row) {
      const uint32_t distance_bits = Ops::distance(rows + row * kRowWords, query);
      if (distance_bits <= radius_bits) out[found++] = {static_cast<uint32_t>(row), distance_bits};
    }
    return found;
  }
};

template <typename Ops>
inline constexpr Kernels kKernelsOf = {&KernelSet<Ops>::make_table, &KernelSet<Ops>::filter,
                                       &KernelSet<Ops>::filter_few, &KernelSet<Ops>::compare_some,
                                       &KernelSet<Ops>::compare_all};

}  // namespace safelight::index_internal
