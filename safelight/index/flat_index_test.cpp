#include "safelight/index/flat_index.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "safelight/index/internal/plain_search_for_test.h"

namespace safelight {
namespace {

using index_internal::clustered_fingerprints;
using index_internal::expect_replaced_matches;
using index_internal::flip_bits;
using index_internal::hub_heavy_fingerprints;
using index_internal::levels_here;
using index_internal::plain_search;
using index_internal::queries_for;
using index_internal::Random;
using index_internal::uniform_fingerprint;
using index_internal::uniform_fingerprints;

/// Compares every level with the plain loop.
void expect_exact(std::span<const Fingerprint> rows, std::span<const Fingerprint> queries,
                  const SearchOptions& options) {
  SCOPED_TRACE(testing::Message() << rows.size() << " rows, " << queries.size()
                                  << " queries, radius " << options.radius_bits << ", limit "
                                  << options.max_matches_per_query);
  const Matches wanted = plain_search(rows, queries, options);
  for (const SimdLevel level : levels_here()) {
    SCOPED_TRACE(to_text(level));
    const FlatIndex index = FlatIndex::build(rows, level);
    Matches found;
    index.search(queries, options, found);
    ASSERT_EQ(found.matches, wanted.matches);
    ASSERT_EQ(found.first, wanted.first);
    ASSERT_EQ(found.cut, wanted.cut);
  }
}

constexpr uint32_t kRadii[] = {0, 1, 15, 30, 31, 32, 33, 64, 128, 255, 256};

TEST(FlatIndex, FindsWhatAPlainLoopFindsAmongUniformFingerprints) {
  Random random(1);
  const auto rows = uniform_fingerprints(3000, random);
  for (const uint32_t radius : kRadii) {
    expect_exact(rows, queries_for(rows, radius < 64 ? 40 : 5, 40, random), {radius});
  }
}

TEST(FlatIndex, FindsWhatAPlainLoopFindsAmongClusters) {
  Random random(2);
  const auto rows = clustered_fingerprints(2500, random);
  for (const uint32_t radius : kRadii) {
    expect_exact(rows, queries_for(rows, radius < 64 ? 40 : 5, 40, random), {radius});
  }
}

TEST(FlatIndex, FindsWhatAPlainLoopFindsAroundHubs) {
  Random random(3);
  const auto rows = hub_heavy_fingerprints(4000, random);
  for (const uint32_t radius : kRadii) {
    expect_exact(rows, queries_for(rows, radius < 64 ? 60 : 5, 31, random), {radius});
  }
}

TEST(FlatIndex, FindsEveryRowAtExactlyTheRadiusAndNoneOneBitFarther) {
  Random random(4);
  for (const uint32_t radius : {0u, 1u, 7u, 30u, 31u, 32u, 100u}) {
    const Fingerprint query = uniform_fingerprint(random);
    std::vector<Fingerprint> rows;
    for (int i = 0; i < 700; ++i) rows.push_back(flip_bits(query, radius + i % 2, random));
    const std::vector<Fingerprint> queries(10, query);
    expect_exact(rows, queries, {radius});
    Matches found;
    FlatIndex::build(rows).search(queries, {radius}, found);
    EXPECT_EQ(found.of(9).size(), 350u);
  }
}

TEST(FlatIndex, FindsAnyPatternOf31DifferingBits) {
  // The filter is a lower bound of the distance only if no bit counts twice; so each bit in turn,
  // and runs of bits from every place, with and without a table.
  Random random(5);
  const Fingerprint row = uniform_fingerprint(random);
  std::vector<Fingerprint> queries;
  for (uint32_t begin = 0; begin < 256; ++begin) {
    for (const uint32_t stride : {1u, 3u, 47u, 141u}) {
      Fingerprint query = row;
      for (uint32_t i = 0; i < 31; ++i) {
        const uint32_t bit = (begin + i * stride) % 256;
        query.words[bit / 64] ^= uint64_t{1} << (bit % 64);
      }
      queries.push_back(query);
    }
  }
  expect_exact(std::span(&row, 1), queries, {31});
  for (size_t i = 0; i < queries.size(); i += 97) {
    expect_exact(std::span(&row, 1), std::span(queries).subspan(i, 1), {31});
  }
}

TEST(FlatIndex, FindsEveryRowWhereAllAreEqual) {
  Random random(6);
  const std::vector<Fingerprint> rows(1500, uniform_fingerprint(random));
  expect_exact(rows, queries_for(rows, 12, 33, random), {31});
  expect_exact(rows, queries_for(rows, 12, 0, random), {0});
}

TEST(FlatIndex, FindsEveryRowWhereAllAreWithinTheRadius) {
  Random random(7);
  const Fingerprint centre = uniform_fingerprint(random);
  std::vector<Fingerprint> rows;
  for (int i = 0; i < 1100; ++i) rows.push_back(flip_bits(centre, i % 16, random));
  const std::vector<Fingerprint> queries = {centre};
  expect_exact(rows, queries, {31});
  Matches found;
  FlatIndex::build(rows).search(queries, {}, found);
  EXPECT_EQ(found.matches.size(), rows.size());
}

TEST(FlatIndex, MatchesAListOfExactlyOneFingerprint) {
  Random random(8);
  const std::vector<Fingerprint> rows = {uniform_fingerprint(random)};
  const std::vector<Fingerprint> queries = {flip_bits(rows[0], 31, random),
                                            flip_bits(rows[0], 32, random)};
  expect_exact(rows, queries, {31});
  Matches found;
  FlatIndex::build(rows).search(queries, {}, found);
  EXPECT_EQ(found.matches, (std::vector<Match>{{0, 0, 31}}));
}

TEST(FlatIndex, HoldsNoRowThatWasNotGiven) {
  // The last block is filled up with zero rows, which must not be found.
  const std::vector<Fingerprint> zeros(20);
  expect_exact({}, zeros, {31});
  expect_exact({}, zeros, {256});
  for (const size_t rows : {1, 2, 63, 64, 65, 511, 512, 513}) {
    expect_exact(std::vector<Fingerprint>(rows), zeros, {31});
    expect_exact(std::vector<Fingerprint>(rows), std::span(zeros).first(1), {31});
    expect_exact(std::vector<Fingerprint>(rows), std::span(zeros).first(1), {256});
  }
}

TEST(FlatIndex, LosesNoRowWhateverTheirNumber) {
  Random random(9);
  const auto rows = uniform_fingerprints(1100, random);
  for (const size_t count : {1, 7, 63, 64, 65, 127, 448, 449, 511, 512, 513, 1023, 1024, 1025}) {
    // Each row is asked for.
    expect_exact(std::span(rows).first(count), std::span(rows).first(count), {31});
  }
}

TEST(FlatIndex, AnswersBatchesOfAnySize) {
  Random random(10);
  const auto rows = clustered_fingerprints(1300, random);
  for (const size_t count : {0, 1, 2, 7, 8, 9, 1000, 1023, 1024, 1025, 2500}) {
    const auto some = count > 9 ? std::span(rows).first(600) : std::span(rows);
    expect_exact(some, queries_for(some, count, 31, random), {31});
  }
}

TEST(FlatIndex, KeepsTheNearestWithinTheLimitAndCountsTheRest) {
  Random random(11);
  const Fingerprint centre = uniform_fingerprint(random);
  std::vector<Fingerprint> rows = uniform_fingerprints(200, random);
  for (int i = 0; i < 1200; ++i) rows.push_back(flip_bits(centre, random() % 40, random));
  auto queries = queries_for(rows, 20, 10, random);
  queries.push_back(centre);
  for (const uint32_t limit : {0u, 1u, 2u, 10u, 511u, 100'000u}) {
    expect_exact(rows, queries, {31, limit});
    expect_exact(rows, std::span(queries).last(3), {31, limit});
    expect_exact(rows, std::span(queries).last(3), {60, limit});
  }
}

TEST(FlatIndex, MayStopWhereAQueryHasVeryManyMatches) {
  Random random(21);
  const Fingerprint centre = uniform_fingerprint(random);
  std::vector<Fingerprint> rows = uniform_fingerprints(500, random);
  for (int i = 0; i < 6000; ++i) rows.push_back(flip_bits(centre, random() % 16, random));
  std::vector<Fingerprint> queries = queries_for(std::span(rows).first(500), 20, 31, random);
  queries.push_back(centre);
  for (const SimdLevel level : levels_here()) {
    const FlatIndex index = FlatIndex::build(rows, level);
    for (const uint32_t radius : {31u, 40u}) {
      const Matches all = plain_search(rows, queries, {radius});
      for (const uint64_t stop_after : {0u, 1u, 300u, 5000u, 100'000u}) {
        Matches found;
        index.search(queries, {radius, 50, stop_after}, found);
        for (size_t query = 0; query < queries.size(); ++query) {
          const uint64_t wanted = all.of(query).size();
          const uint64_t counted = found.of(query).size() + found.cut[query];
          EXPECT_LE(counted, wanted);
          EXPECT_GE(counted, std::min(wanted, stop_after));
          for (const Match& match : found.of(query)) {
            EXPECT_EQ(match.distance_bits, hamming_distance(rows[match.entry], queries[query]));
          }
        }
      }
    }
  }
}

TEST(FlatIndex, ReplacesTheContentOfMatchesThatAreUsedAgain) {
  Random random(12);
  const auto rows = uniform_fingerprints(600, random);
  expect_replaced_matches(FlatIndex::build(rows), rows);
}

TEST(FlatIndex, LooksAtALayoutThatLiesElsewhere) {
  Random random(13);
  const auto rows = uniform_fingerprints(777, random);
  AlignedBytes bytes(FlatIndex::layout_bytes(rows.size()));
  FlatIndex::write_layout(rows, bytes.bytes());
  const auto index = FlatIndex::view(bytes.bytes(), rows.size());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->size(), rows.size());
  EXPECT_TRUE(index->check_planes());
  for (size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(index->fingerprint(i), rows[i]);
  Matches found;
  index->search(rows, {}, found);
  EXPECT_EQ(found.matches, plain_search(rows, rows, {}).matches);
}

TEST(FlatIndex, OwnsItsRowsAcrossAMove) {
  Random random(14);
  const auto rows = uniform_fingerprints(100, random);
  FlatIndex index;
  EXPECT_EQ(index.size(), 0u);
  index = FlatIndex::build(rows);
  const FlatIndex moved = std::move(index);
  Matches found;
  moved.search(std::span(rows).first(1), {0}, found);
  EXPECT_EQ(found.matches, (std::vector<Match>{{0, 0, 0}}));
}

TEST(FlatIndex, RefusesALayoutOfTheWrongSizeOrPlace) {
  const std::vector<Fingerprint> rows(600);
  AlignedBytes bytes(FlatIndex::layout_bytes(rows.size()) + 64);
  const auto whole = bytes.bytes().first(FlatIndex::layout_bytes(rows.size()));
  FlatIndex::write_layout(rows, whole);
  EXPECT_EQ(FlatIndex::view(whole.first(whole.size() - 1), 600).error(),
            Error::at(ErrorCode::truncated, "fingerprint_planes.length", whole.size() - 1));
  EXPECT_EQ(FlatIndex::view(bytes.bytes(), 600).error(),
            Error::at(ErrorCode::malformed, "fingerprint_planes.length", whole.size()));
  EXPECT_EQ(FlatIndex::view(bytes.bytes().subspan(8, whole.size()), 600).error().rule,
            "fingerprint_planes.alignment");
  EXPECT_EQ(FlatIndex::view(whole, FlatIndex::kMaxRows + 1).error().code,
            ErrorCode::limit_exceeded);
  EXPECT_TRUE(FlatIndex::view({}, 0));
}

TEST(FlatIndex, SeesPlanesThatDoNotFitTheRows) {
  Random random(15);
  const auto rows = uniform_fingerprints(1025, random);
  AlignedBytes bytes(FlatIndex::layout_bytes(rows.size()));
  FlatIndex::write_layout(rows, bytes.bytes());
  const uint64_t block_bytes = 141 * 64;
  bytes.bytes()[block_bytes + 5] ^= std::byte{1};
  EXPECT_EQ(FlatIndex::view(bytes.bytes(), rows.size())->check_planes().error(),
            Error::at(ErrorCode::integrity_mismatch, "fingerprint_planes.planes", block_bytes));
}

TEST(FlatIndex, WritesTheBytesOfTheDocumentedExample) {
  // docs/formats/fingerprint_planes.md: row 0 has bit 0 set, row 1 bits 0, 141 and 255.
  const std::vector<Fingerprint> rows = {Fingerprint{{1, 0, 0, 0}},
                                         Fingerprint{{1, 0, 1 << 13, uint64_t{1} << 63}}};
  ASSERT_EQ(FlatIndex::layout_bytes(2), 141u * 64 + 64);
  std::vector<std::byte> bytes(FlatIndex::layout_bytes(2), std::byte{0xee});
  FlatIndex::write_layout(rows, bytes);
  std::vector<std::byte> wanted(bytes.size());
  wanted[0x0000] = std::byte{0x01};
  wanted[0x1c80] = std::byte{0x02};
  wanted[0x2340] = std::byte{0x01};
  wanted[0x2360] = std::byte{0x01};
  wanted[0x2371] = std::byte{0x20};
  wanted[0x237f] = std::byte{0x80};
  EXPECT_EQ(bytes, wanted);
}

}  // namespace
}  // namespace safelight
