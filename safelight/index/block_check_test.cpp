#include "safelight/index/block_check.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <thread>

#include "safelight/base/fault.h"
#include "safelight/index/exact_set.h"
#include "safelight/index/flat_index.h"
#include "safelight/index/internal/plain_search_for_test.h"
#include "safelight/index/multi_index.h"

namespace safelight {
namespace {

using index_internal::clustered_fingerprints;
using index_internal::levels_here;
using index_internal::plain_search;
using index_internal::queries_for;
using index_internal::Random;
using index_internal::uniform_fingerprints;

constexpr size_t kBlock = BlockCheck::kBlockBytes;

AlignedBytes random_bytes(size_t size) {
  AlignedBytes bytes(size);
  Random random(1);
  for (std::byte& byte : bytes.bytes()) byte = static_cast<std::byte>(random());
  return bytes;
}

/// Places of damage: the ends of each block, and in between often enough to meet every kind of
/// value.
std::vector<size_t> places_in(std::span<const std::byte> bytes) {
  std::vector<size_t> places;
  for (size_t place = 0; place < bytes.size(); place += 1021) places.push_back(place);
  for (size_t place = kBlock; place < bytes.size(); place += kBlock) {
    places.push_back(place - 1);
    places.push_back(place);
  }
  places.push_back(bytes.size() - 1);
  return places;
}

/// Damages one place after another and calls `answers(check)`: true where the answer is right. That
/// it is wrong is never allowed. Returns how many places were refused.
template <typename Answers>
size_t refused_of(std::span<std::byte> bytes, const std::vector<size_t>& places,
                  const Answers& answers) {
  const auto sums = BlockCheck::sums_of(bytes);
  size_t refused = 0;
  for (const size_t place : places) {
    bytes[place] ^= std::byte{0x10};
    const BlockCheck check(bytes, sums, "the list GREEN");
    try {
      EXPECT_TRUE(answers(check)) << place;
    } catch (const Fault& fault) {
      ++refused;
      EXPECT_EQ(fault.what(), "the list GREEN is damaged: the block at byte " +
                                  std::to_string(place / kBlock * kBlock) +
                                  " does not fit its sum");
    }
    bytes[place] ^= std::byte{0x10};
  }
  return refused;
}

TEST(BlockCheck, HasASumForEachBlockAndForTheShortOneAtTheEnd) {
  EXPECT_EQ(BlockCheck::blocks_of(0), 0u);
  EXPECT_EQ(BlockCheck::blocks_of(1), 1u);
  EXPECT_EQ(BlockCheck::blocks_of(kBlock), 1u);
  EXPECT_EQ(BlockCheck::blocks_of(kBlock + 1), 2u);
  const AlignedBytes bytes = random_bytes(kBlock + 1);
  EXPECT_EQ(BlockCheck::sums_of(bytes.bytes()).size(), 2u);
  EXPECT_TRUE(BlockCheck::sums_of({}).empty());
  // XXH3-64 of "a", as its authors' command-line tool gives it.
  const std::byte letter{'a'};
  EXPECT_EQ(BlockCheck::sums_of(std::span(&letter, 1)),
            (std::vector<uint64_t>{0xe6c6'32b6'1e96'4e1f}));
}

TEST(BlockCheck, LooksOnlyAtTheBlocksThatAreTouched) {
  AlignedBytes bytes = random_bytes(3 * kBlock + 5);
  const auto sums = BlockCheck::sums_of(bytes.bytes());
  const BlockCheck check(bytes.bytes(), sums, "it");
  bytes.bytes()[kBlock] ^= std::byte{1};
  const std::byte* from = bytes.bytes().data();
  EXPECT_NO_THROW(check.touch(from, 0));
  EXPECT_NO_THROW(check.touch(from + kBlock, 0));
  EXPECT_NO_THROW(check.touch(from, kBlock));
  EXPECT_THROW(check.touch(from + kBlock - 1, 2), Fault);
  EXPECT_THROW(check.touch(from + kBlock, 1), Fault);
  EXPECT_THROW(check.touch(from, 2 * kBlock + 1), Fault);
  EXPECT_NO_THROW(check.touch(from + 2 * kBlock, kBlock + 5));
  EXPECT_EQ(check.check(bytes.bytes().subspan(kBlock - 1, 2)).error(),
            Error::at(ErrorCode::integrity_mismatch, "block-check.sum", kBlock));
  EXPECT_TRUE(check.check(bytes.bytes().first(kBlock)));
  EXPECT_TRUE(check.check({}));
}

TEST(BlockCheck, FindsDamageInTheShortBlockAtTheEnd) {
  AlignedBytes bytes = random_bytes(2 * kBlock + 5);
  const auto sums = BlockCheck::sums_of(bytes.bytes());
  for (size_t place = 2 * kBlock; place < bytes.bytes().size(); ++place) {
    bytes.bytes()[place] ^= std::byte{1};
    const BlockCheck check(bytes.bytes(), sums, "it");
    EXPECT_THROW(check.touch(bytes.bytes().data() + 2 * kBlock, 1), Fault);
    bytes.bytes()[place] ^= std::byte{1};
  }
}

TEST(BlockCheck, RefusesDamageAtEveryCallButLooksAtSoundBlocksOnce) {
  AlignedBytes bytes = random_bytes(2 * kBlock);
  const auto sums = BlockCheck::sums_of(bytes.bytes());
  const BlockCheck check(bytes.bytes(), sums, "it");
  check.touch(bytes.bytes().data(), 1);
  for (const size_t place : {size_t{0}, kBlock}) bytes.bytes()[place] ^= std::byte{1};
  EXPECT_NO_THROW(check.touch(bytes.bytes().data(), 1));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THROW(check.touch(bytes.bytes().data() + kBlock, 1), Fault);
  }
}

TEST(BlockCheck, ChecksAllIncludingWhatIsKnown) {
  AlignedBytes bytes = random_bytes(2 * kBlock + 1);
  const auto sums = BlockCheck::sums_of(bytes.bytes());
  const BlockCheck check(bytes.bytes(), sums, "it");
  EXPECT_TRUE(check.check_all());
  for (const size_t place : {size_t{3}, kBlock + 7, 2 * kBlock}) {
    bytes.bytes()[place] ^= std::byte{1};
    EXPECT_EQ(check.check_all().error(),
              Error::at(ErrorCode::integrity_mismatch, "block-check.sum", place / kBlock * kBlock));
    bytes.bytes()[place] ^= std::byte{1};
  }
  EXPECT_TRUE(BlockCheck({}, {}, "nothing").check_all());
}

TEST(BlockCheck, IsSafeFromManyThreads) {
  const AlignedBytes bytes = random_bytes(70 * kBlock + 9);
  const auto sums = BlockCheck::sums_of(bytes.bytes());
  auto broken = sums;
  broken[66] ^= 1;
  const BlockCheck check(bytes.bytes(), broken, "it");
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> threads;
    for (uint64_t seed = 0; seed < 4; ++seed) {
      threads.emplace_back([&, seed] {
        Random random(seed);
        for (int i = 0; i < 3000; ++i) {
          const size_t place = random() % (bytes.bytes().size() - 8);
          try {
            check.touch(bytes.bytes().data() + place, 8);
            EXPECT_FALSE(place / kBlock == 66 || (place + 7) / kBlock == 66);
          } catch (const Fault&) {
            ++refused;
          }
        }
      });
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(BlockCheck, KeepsMultiIndexFromAnsweringOutOfDamagedBytes) {
  Random random(2);
  const auto rows = clustered_fingerprints(12'000, random);
  const auto queries = queries_for(rows, 6, 31, random);
  const MultiIndex built = MultiIndex::build(rows);
  AlignedBytes bytes(built.bytes().size());
  std::ranges::copy(built.bytes(), bytes.bytes().begin());
  const auto places = places_in(bytes.bytes());
  const auto levels = levels_here();
  for (const uint32_t radius : {0u, 31u, 40u}) {
    const Matches wanted = plain_search(rows, queries, {radius});
    size_t turn = 0;
    size_t not_opened = 0;
    const size_t refused = refused_of(bytes.bytes(), places, [&](const BlockCheck& check) {
      const auto index = MultiIndex::view(bytes.bytes(), levels[turn++ % levels.size()], &check);
      if (!index) {
        EXPECT_EQ(index.error().rule, "block-check.sum");
        ++not_opened;
        return true;
      }
      Matches found;
      index->search(queries, {radius}, found);
      return found.matches == wanted.matches && found.cut == wanted.cut;
    });
    // A search at the radius that it is built for has something to read nearly everywhere.
    if (radius == 31) {
      EXPECT_GT(not_opened + refused, places.size() * 9 / 10);
      EXPECT_GT(refused, 0u);
    }
  }
  EXPECT_GT(refused_of(bytes.bytes(), places,
                       [&](const BlockCheck& check) {
                         const auto index =
                             MultiIndex::view(bytes.bytes(), SimdLevel::scalar, &check);
                         return !index || index->fingerprint(5000) == rows[5000];
                       }),
            0u);
}

TEST(BlockCheck, KeepsFlatIndexFromAnsweringOutOfDamagedBytes) {
  Random random(3);
  const auto rows = uniform_fingerprints(4000, random);
  AlignedBytes bytes(FlatIndex::layout_bytes(rows.size()));
  FlatIndex::write_layout(rows, bytes.bytes());
  const auto places = places_in(bytes.bytes());
  const auto view = [&](const BlockCheck& check) {
    return FlatIndex::view(bytes.bytes(), rows.size(), SimdLevel::scalar, &check).value();
  };
  // It reads everything, whatever is asked.
  EXPECT_EQ(refused_of(bytes.bytes(), places,
                       [&](const BlockCheck& check) {
                         Matches found;
                         view(check).search(std::span(rows).first(1), {}, found);
                         return true;
                       }),
            places.size());
  const size_t refused = refused_of(bytes.bytes(), places, [&](const BlockCheck& check) {
    return view(check).fingerprint(7) == rows[7];
  });
  EXPECT_GT(refused, 0u);
  EXPECT_LT(refused, places.size());
}

TEST(BlockCheck, KeepsExactSetFromAnsweringOutOfDamagedBytes) {
  Random random(4);
  std::vector<ExactSet<Sha1>::Pair> pairs(9000);
  for (auto& pair : pairs) {
    for (uint8_t& byte : pair.digest.bytes) byte = static_cast<uint8_t>(random());
    pair.entry = static_cast<uint32_t>(random());
  }
  ExactSet<Sha1>::sort_and_unique(pairs);
  AlignedBytes bytes(ExactSet<Sha1>::layout_bytes(pairs.size()));
  ExactSet<Sha1>::write_layout(pairs, bytes.bytes());
  std::vector<Sha1> digests;
  for (size_t i = 0; i < pairs.size(); i += 7) digests.push_back(pairs[i].digest);
  const auto places = places_in(bytes.bytes());
  const auto finds = [&](std::span<const uint32_t> found, size_t i) {
    return found.size() == 1 && found[0] == pairs[i * 7].entry;
  };
  const size_t together = refused_of(bytes.bytes(), places, [&](const BlockCheck& check) {
    const auto set = ExactSet<Sha1>::view(bytes.bytes(), pairs.size(), &check);
    std::vector<std::span<const uint32_t>> found(digests.size());
    set->find(digests, found);
    for (size_t i = 0; i < found.size(); ++i) {
      if (!finds(found[i], i)) return false;
    }
    return true;
  });
  EXPECT_EQ(together, places.size());
  const size_t one = refused_of(bytes.bytes(), places, [&](const BlockCheck& check) {
    const auto set = ExactSet<Sha1>::view(bytes.bytes(), pairs.size(), &check);
    return finds(set->find(digests[50]), 50) && set->pair(350) == pairs[350];
  });
  EXPECT_GT(one, 0u);
  EXPECT_LT(one, places.size());
}

}  // namespace
}  // namespace safelight
