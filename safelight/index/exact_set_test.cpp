#include "safelight/index/exact_set.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace safelight {
namespace {

template <typename DigestType>
class ExactSetTest : public testing::Test {
 protected:
  using Set = ExactSet<DigestType>;
  using Pair = typename Set::Pair;

  DigestType digest() {
    DigestType digest;
    for (auto& byte : digest.bytes) byte = static_cast<uint8_t>(random_());
    return digest;
  }

  /// `count` pairs; every fourth shares its digest with an earlier one.
  std::vector<Pair> pairs(size_t count) {
    std::vector<Pair> pairs;
    for (uint32_t i = 0; i < count; ++i) {
      pairs.push_back({i % 4 == 3 ? pairs[random_() % i].digest : digest(), i * 7 % 1'000'003});
    }
    return pairs;
  }

  /// Compares find(), one by one and together, with a map; half of the queries are absent.
  void expect_finds(const Set& set, const std::vector<Pair>& pairs) {
    std::map<DigestType, std::vector<uint32_t>> wanted;
    for (const Pair& pair : pairs) wanted[pair.digest].push_back(pair.entry);
    for (auto& [digest, entries] : wanted) {
      std::sort(entries.begin(), entries.end());
      entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    }
    std::vector<DigestType> queries;
    for (const Pair& pair : pairs) {
      queries.push_back(pair.digest);
      DigestType near = pair.digest;
      near.bytes[random_() % near.bytes.size()] ^= static_cast<uint8_t>(1 << random_() % 8);
      queries.push_back(near);
    }
    std::vector<std::span<const uint32_t>> together(queries.size());
    set.find(queries, together);
    for (size_t i = 0; i < queries.size(); ++i) {
      const auto found = set.find(queries[i]);
      const std::vector<uint32_t> entries(found.begin(), found.end());
      const auto place = wanted.find(queries[i]);
      ASSERT_EQ(entries, place == wanted.end() ? std::vector<uint32_t>{} : place->second);
      ASSERT_TRUE(std::equal(found.begin(), found.end(), together[i].begin(), together[i].end()));
    }
  }

  std::mt19937_64 random_{7};
};

using DigestTypes = testing::Types<Md5, Sha1, Sha256>;
TYPED_TEST_SUITE(ExactSetTest, DigestTypes);

TYPED_TEST(ExactSetTest, FindsTheEntriesOfEachDigestWhateverTheirNumber) {
  for (const size_t count : {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 100, 1000, 5000}) {
    SCOPED_TRACE(count);
    const auto pairs = this->pairs(count);
    const auto set = TestFixture::Set::build(pairs);
    EXPECT_EQ(set.size(), count);
    EXPECT_TRUE(set.check_order());
    this->expect_finds(set, pairs);
  }
}

TYPED_TEST(ExactSetTest, FindsNothingInAnEmptySet) {
  const typename TestFixture::Set set;
  EXPECT_TRUE(set.find(this->digest()).empty());
  const std::vector<TypeParam> queries(3);
  std::vector<std::span<const uint32_t>> found(3);
  set.find(queries, found);
  EXPECT_TRUE(found[2].empty());
}

TYPED_TEST(ExactSetTest, FindsTheExtremes) {
  typename TestFixture::Pair lowest;
  typename TestFixture::Pair highest{{}, 1};
  highest.digest.bytes.fill(0xff);
  auto pairs = this->pairs(500);
  pairs.push_back(lowest);
  pairs.push_back(highest);
  this->expect_finds(TestFixture::Set::build(pairs), pairs);
  this->expect_finds(TestFixture::Set::build({lowest}), {lowest});
  this->expect_finds(TestFixture::Set::build({highest}), {highest});
}

TYPED_TEST(ExactSetTest, FindsDigestsThatAllBeginAlike) {
  // As somebody could arrange it: every look-up falls into one bucket.
  auto pairs = this->pairs(3000);
  for (auto& pair : pairs) std::fill_n(pair.digest.bytes.begin(), 8, uint8_t{0x5a});
  this->expect_finds(TestFixture::Set::build(pairs), pairs);
}

TYPED_TEST(ExactSetTest, HoldsADigestOfManyEntries) {
  auto pairs = this->pairs(100);
  const auto shared = pairs[50].digest;
  for (uint32_t i = 0; i < 10'000; ++i) pairs.push_back({shared, 2'000'000 + i});
  const auto set = TestFixture::Set::build(pairs);
  this->expect_finds(set, pairs);
  EXPECT_GE(set.find(shared).size(), 10'000u);
}

TYPED_TEST(ExactSetTest, KeepsARepeatedPairOnce) {
  const auto digest = this->digest();
  const auto set = TestFixture::Set::build({{digest, 4}, {digest, 2}, {digest, 4}});
  EXPECT_EQ(set.size(), 2u);
  const auto found = set.find(digest);
  EXPECT_EQ(std::vector<uint32_t>(found.begin(), found.end()), (std::vector<uint32_t>{2, 4}));
  EXPECT_EQ(set.pair(1).entry, 4u);
  EXPECT_EQ(set.pair(1).digest, digest);
}

TYPED_TEST(ExactSetTest, LooksAtALayoutThatLiesElsewhere) {
  auto pairs = this->pairs(777);
  TestFixture::Set::sort_and_unique(pairs);
  AlignedBytes bytes(TestFixture::Set::layout_bytes(pairs.size()));
  TestFixture::Set::write_layout(pairs, bytes.bytes());
  const auto set = TestFixture::Set::view(bytes.bytes(), pairs.size());
  ASSERT_TRUE(set);
  this->expect_finds(*set, pairs);
}

TYPED_TEST(ExactSetTest, RefusesALayoutOfTheWrongSizeOrPlace) {
  const uint64_t size = TestFixture::Set::layout_bytes(100);
  AlignedBytes bytes(size + 64);
  EXPECT_TRUE(TestFixture::Set::view(bytes.bytes().first(size), 100));
  EXPECT_EQ(TestFixture::Set::view(bytes.bytes().first(size - 1), 100).error(),
            Error::at(ErrorCode::truncated, "exact_set.length", size - 1));
  EXPECT_EQ(TestFixture::Set::view(bytes.bytes(), 100).error(),
            Error::at(ErrorCode::malformed, "exact_set.length", size));
  EXPECT_EQ(TestFixture::Set::view(bytes.bytes().subspan(4, size), 100).error().rule,
            "exact_set.alignment");
  EXPECT_EQ(TestFixture::Set::view(bytes.bytes(), TestFixture::Set::kMaxPairs + 1).error().code,
            ErrorCode::limit_exceeded);
  EXPECT_TRUE(TestFixture::Set::view({}, 0));
}

TYPED_TEST(ExactSetTest, SeesDamageToTheOrderAndToTheDirectory) {
  auto pairs = this->pairs(64);
  TestFixture::Set::sort_and_unique(pairs);
  const auto damaged_at = [&](size_t place, uint8_t value) {
    AlignedBytes bytes(TestFixture::Set::layout_bytes(pairs.size()));
    TestFixture::Set::write_layout(pairs, bytes.bytes());
    bytes.bytes()[place] = std::byte{value};
    return TestFixture::Set::view(bytes.bytes(), pairs.size())->check_order().error();
  };
  // 64 pairs have 16 buckets: 17 places in 128 bytes, then the digests.
  EXPECT_EQ(damaged_at(4 * 3 + 1, 0xff),
            Error::at(ErrorCode::integrity_mismatch, "exact_set.directory", 4 * 3));
  // The first differs from the second beyond the bits that the directory sees.
  const size_t low = 128 + 1;
  for (size_t i = 1; i < pairs.size(); ++i) {
    if (pairs[i].digest.bytes[0] != pairs[i - 1].digest.bytes[0]) continue;
    EXPECT_EQ(
        damaged_at(low + (i - 1) * TypeParam::kSize, 0xff),
        Error::at(ErrorCode::integrity_mismatch, "exact_set.order", 128 + i * TypeParam::kSize));
    return;
  }
  FAIL() << "no two digests begin alike";
}

TYPED_TEST(ExactSetTest, StoresOnlyWhatTheBucketDoesNotImply) {
  // 2,047 pairs have 8 bits of directory, 2,048 have 9; a byte is implied from there on.
  const auto round_up = [](uint64_t bytes) { return (bytes + 63) / 64 * 64; };
  for (const uint64_t count : {1023u, 1024u, 2047u, 2048u, 100'000'000u}) {
    const auto bits = static_cast<uint32_t>(std::bit_width(count / 8));
    const uint64_t stored_bytes = TypeParam::kSize - bits / 8;
    EXPECT_EQ(TestFixture::Set::layout_bytes(count), round_up(4 * ((uint64_t{1} << bits) + 1)) +
                                                         round_up(stored_bytes * count) +
                                                         round_up(4 * count));
  }
  EXPECT_LE(static_cast<double>(TestFixture::Set::layout_bytes(100'000'000)),
            1e8 * TypeParam::kSize * 1.15);
  for (const size_t count : {1100, 2047, 2048, 3000}) {
    auto pairs = this->pairs(count);
    const auto set = TestFixture::Set::build(pairs);
    TestFixture::Set::sort_and_unique(pairs);
    ASSERT_TRUE(set.check_order());
    for (size_t i = 0; i < pairs.size(); ++i) ASSERT_EQ(set.pair(i), pairs[i]);
    this->expect_finds(set, pairs);
  }
}

TYPED_TEST(ExactSetTest, SeesADirectoryThatDoesNotFitBytesThatItImplies) {
  auto pairs = this->pairs(2048);
  TestFixture::Set::sort_and_unique(pairs);
  AlignedBytes bytes(TestFixture::Set::layout_bytes(pairs.size()));
  TestFixture::Set::write_layout(pairs, bytes.bytes());
  const auto error_with = [&](size_t bucket, uint32_t value) {
    uint32_t before;
    std::memcpy(&before, bytes.bytes().data() + 4 * bucket, 4);
    std::memcpy(bytes.bytes().data() + 4 * bucket, &value, 4);
    const auto checked = TestFixture::Set::view(bytes.bytes(), pairs.size())->check_order();
    std::memcpy(bytes.bytes().data() + 4 * bucket, &before, 4);
    return checked.error();
  };
  const auto wrong = [](size_t bucket) {
    return Error::at(ErrorCode::integrity_mismatch, "exact_set.directory", 4 * bucket);
  };
  EXPECT_EQ(error_with(0, 1), wrong(0));
  EXPECT_EQ(error_with(512, 2047), wrong(512));
  EXPECT_EQ(error_with(7, 3000), wrong(7));
  EXPECT_EQ(error_with(100, 0), wrong(100));
  // A pair on the other side of a bucket's end is seen by the bit of it that is stored.
  std::array<uint32_t, 513> directory;
  std::memcpy(directory.data(), bytes.bytes().data(), sizeof directory);
  size_t bucket = 1;
  while (directory[bucket] - directory[bucket - 1] < 2 ||
         directory[bucket + 1] - directory[bucket] < 2) {
    ++bucket;
  }
  EXPECT_EQ(error_with(bucket, directory[bucket] + 1), wrong(bucket));
  EXPECT_EQ(error_with(bucket, directory[bucket] - 1), wrong(bucket));
}

TEST(ExactSet, WritesTheBytesOfTheDocumentedExample) {
  // docs/formats/exact_set.md.
  std::vector<ExactSet<Md5>::Pair> pairs = {
      {*parse_hex<Md5>("900150983cd24fb0d6963f7d28e17f72"), 3},
      {*parse_hex<Md5>("0cc175b9c0f1b6a831c399e269772661"), 7},
  };
  ExactSet<Md5>::sort_and_unique(pairs);
  ASSERT_EQ(ExactSet<Md5>::layout_bytes(2), 192u);
  std::vector<std::byte> bytes(192, std::byte{0xee});
  ExactSet<Md5>::write_layout(pairs, bytes);
  std::vector<uint8_t> wanted(192);
  wanted[4] = 2;
  std::memcpy(wanted.data() + 64, pairs[0].digest.bytes.data(), 16);
  std::memcpy(wanted.data() + 80, pairs[1].digest.bytes.data(), 16);
  wanted[64] = 0x0c;
  wanted[80] = 0x90;
  wanted[128] = 7;
  wanted[132] = 3;
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), std::as_bytes(std::span(wanted)).begin()));
}

}  // namespace
}  // namespace safelight
