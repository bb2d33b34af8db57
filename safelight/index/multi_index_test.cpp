#include "safelight/index/multi_index.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <gtest/gtest.h>
#include <mutex>

#include "safelight/base/fault.h"
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

/// The plan of an index of so many rows for a smaller one, with parts of fewer bits: directories of
/// so many keys are for so many rows.
MultiBuildOptions planned_for(uint64_t rows) {
  constexpr uint32_t kMostBits = 14;
  MultiBuildOptions options;
  options.plan = plan_parts(rows, options.radius_bits);
  for (PartPlan& part : options.plan->parts) part.bits = std::min(part.bits, kMostBits);
  return options;
}

void expect_equal(const Matches& found, const Matches& wanted) {
  ASSERT_EQ(found.matches, wanted.matches);
  ASSERT_EQ(found.first, wanted.first);
  ASSERT_EQ(found.cut, wanted.cut);
}

/// Compares an index of each level with the plain loop.
void expect_exact(std::span<const Fingerprint> rows, std::span<const Fingerprint> queries,
                  const SearchOptions& options, const MultiBuildOptions& build = {}) {
  SCOPED_TRACE(testing::Message() << rows.size() << " rows, " << queries.size()
                                  << " queries, radius " << options.radius_bits << ", limit "
                                  << options.max_matches_per_query);
  const Matches wanted = plain_search(rows, queries, options);
  for (const SimdLevel level : levels_here()) {
    SCOPED_TRACE(to_text(level));
    const MultiIndex index = MultiIndex::build(rows, build, level);
    Matches found;
    index.search(queries, options, found);
    ASSERT_NO_FATAL_FAILURE(expect_equal(found, wanted));
  }
}

/// The same over every radius.
void expect_exact_at_every_radius(std::span<const Fingerprint> rows,
                                  std::span<const Fingerprint> queries,
                                  const MultiBuildOptions& build = {}) {
  std::vector<MultiIndex> indexes;
  for (const SimdLevel level : levels_here()) {
    indexes.push_back(MultiIndex::build(rows, build, level));
  }
  Matches found;
  for (uint32_t radius = 0; radius <= 33; ++radius) {
    SCOPED_TRACE(radius);
    const Matches wanted = plain_search(rows, queries, {radius});
    for (const MultiIndex& index : indexes) {
      index.search(queries, {radius}, found);
      ASSERT_NO_FATAL_FAILURE(expect_equal(found, wanted));
    }
  }
}

TEST(MultiIndex, FindsWhatAPlainLoopFindsAmongUniformFingerprints) {
  Random random(1);
  const auto rows = uniform_fingerprints(3000, random);
  expect_exact_at_every_radius(rows, queries_for(rows, 60, 34, random));
}

TEST(MultiIndex, FindsWhatAPlainLoopFindsAmongClusters) {
  Random random(2);
  const auto rows = clustered_fingerprints(3000, random);
  expect_exact_at_every_radius(rows, queries_for(rows, 60, 34, random));
}

TEST(MultiIndex, FindsWhatAPlainLoopFindsAroundHubs) {
  Random random(3);
  const auto rows = hub_heavy_fingerprints(4000, random);
  expect_exact_at_every_radius(rows, queries_for(rows, 60, 34, random));
}

TEST(MultiIndex, FindsWhatAPlainLoopFindsByThePlansOfLargeIndexes) {
  Random random(4);
  const auto rows = hub_heavy_fingerprints(1500, random);
  const auto queries = queries_for(rows, 40, 34, random);
  for (const uint64_t large : {10'000ull, 1'000'000ull, 10'000'000ull, 100'000'000ull}) {
    SCOPED_TRACE(large);
    expect_exact_at_every_radius(rows, queries, planned_for(large));
  }
}

TEST(MultiIndex, FindsWhatAPlainLoopFindsWhateverBytesAnEntryHas) {
  Random random(6);
  const auto rows = hub_heavy_fingerprints(1500, random);
  const auto queries = queries_for(rows, 40, 34, random);
  for (uint32_t bytes = MultiPlan::kMinEntryBytes; bytes <= MultiPlan::kMaxEntryBytes; ++bytes) {
    SCOPED_TRACE(bytes);
    MultiBuildOptions options = planned_for(1'000'000);
    options.plan->entry_bytes = bytes;
    expect_exact(rows, queries, {}, options);
  }
}

TEST(MultiIndex, FindsWhatAPlainLoopFindsWhateverTheRadiusItWasBuiltFor) {
  Random random(5);
  const auto rows = clustered_fingerprints(700, random);
  const auto queries = queries_for(rows, 20, 60, random);
  for (uint32_t built = 0; built <= MultiPlan::kMaxRadiusBits; ++built) {
    SCOPED_TRACE(built);
    const MultiIndex index = MultiIndex::build(rows, {built, 1, {}});
    EXPECT_EQ(index.radius_bits(), built);
    Matches found;
    for (const uint32_t radius : {0u, built / 2, built, built + 1, 256u}) {
      index.search(queries, {radius}, found);
      ASSERT_NO_FATAL_FAILURE(expect_equal(found, plain_search(rows, queries, {radius})));
    }
  }
}

TEST(MultiIndex, FindsRowsWhoseDifferencesAreSpreadAsEvenlyAsCanBe) {
  // 31 flips over the parts such that each has just its threshold, and one of them one less: the
  // one part by which the row can be found. Each part has its turn.
  Random random(6);
  for (const uint64_t planned : {1'000'000ull, 10'000'000ull, 100'000'000ull}) {
    const MultiBuildOptions build = planned_for(planned);
    const std::vector<Fingerprint> rows = {uniform_fingerprint(random)};
    const MultiIndex index = MultiIndex::build(rows, build);
    const auto parts = index.plan().parts;
    std::vector<Fingerprint> queries;
    for (size_t found_by = 0; found_by < parts.size(); ++found_by) {
      Fingerprint query = rows[0];
      for (size_t i = 0; i < parts.size(); ++i) {
        Fingerprint mask;  // as the part table has it
        std::memcpy(mask.words.data(), index.bytes().data() + 64 + i * 72, sizeof mask);
        uint32_t flips = i == found_by ? parts[i].threshold : parts[i].threshold + 1;
        while (flips > 0) {
          const uint64_t bit = random() % 256;
          const uint64_t one = uint64_t{1} << (bit % 64);
          if ((mask.words[bit / 64] & one) == 0) continue;
          if (((query.words[bit / 64] ^ rows[0].words[bit / 64]) & one) != 0) continue;
          query.words[bit / 64] ^= one;
          --flips;
        }
      }
      ASSERT_EQ(hamming_distance(query, rows[0]), 31u);
      queries.push_back(query);
    }
    expect_exact(rows, queries, {31}, build);
  }
}

TEST(MultiIndex, FindsEveryRowWhereAllAreEqual) {
  // Blocks of every kind: read at once, in runs, and through.
  Random random(7);
  const Fingerprint same = uniform_fingerprint(random);
  for (const size_t count : {2, 63, 64, 65, 500, 1023, 1024, 1025, 5000}) {
    const std::vector<Fingerprint> rows(count, same);
    const auto queries = queries_for(rows, 6, 33, random);
    expect_exact(rows, queries, {31});
    expect_exact(rows, queries, {31}, planned_for(1'000'000));
    expect_exact(rows, queries, {31, 7}, planned_for(1'000'000));
    expect_exact(rows, std::vector(3, same), {0});
  }
}

TEST(MultiIndex, FindsEveryRowWhereAllAreWithinTheRadius) {
  Random random(8);
  const Fingerprint centre = uniform_fingerprint(random);
  std::vector<Fingerprint> rows;
  for (int i = 0; i < 3000; ++i) rows.push_back(flip_bits(centre, i % 16, random));
  const std::vector<Fingerprint> queries = {centre, rows[1], rows[2999], centre};
  for (const uint64_t planned : {1'000ull, 1'000'000ull, 10'000'000ull}) {
    expect_exact(rows, queries, {31}, planned_for(planned));
    expect_exact(rows, queries, {31, 100}, planned_for(planned));
  }
}

TEST(MultiIndex, MatchesAListOfExactlyOneFingerprint) {
  Random random(9);
  const std::vector<Fingerprint> rows = {uniform_fingerprint(random)};
  const std::vector<Fingerprint> queries = {flip_bits(rows[0], 31, random),
                                            flip_bits(rows[0], 32, random)};
  expect_exact(rows, queries, {31});
  expect_exact_at_every_radius(rows, queries);
  Matches found;
  MultiIndex::build(rows).search(queries, {}, found);
  EXPECT_EQ(found.matches, (std::vector<Match>{{0, 0, 31}}));
}

TEST(MultiIndex, HoldsNoRowThatWasNotGiven) {
  const std::vector<Fingerprint> zeros(5);
  expect_exact({}, zeros, {31});
  expect_exact({}, zeros, {256});
  for (const size_t rows : {1, 2, 63, 64, 65}) {
    expect_exact(std::vector<Fingerprint>(rows), zeros, {31});
    expect_exact(std::vector<Fingerprint>(rows), zeros, {256});
  }
}

TEST(MultiIndex, LosesNoRowWhateverTheirNumber) {
  Random random(10);
  const auto rows = uniform_fingerprints(1100, random);
  for (const size_t count : {1, 2, 3, 7, 8, 9, 12, 13, 31, 64, 100, 511, 512, 513, 1100}) {
    // Each row is asked for.
    expect_exact(std::span(rows).first(count), std::span(rows).first(count), {31});
  }
}

TEST(MultiIndex, AnswersBatchesOfAnySize) {
  Random random(11);
  const auto rows = clustered_fingerprints(600, random);
  for (const size_t count : {0, 1, 2, 3, 4, 5, 100}) {
    expect_exact(rows, queries_for(rows, count, 31, random), {31});
    expect_exact(rows, queries_for(rows, count, 31, random), {2});
  }
}

TEST(MultiIndex, KeepsTheNearestWithinTheLimitAndCountsTheRest) {
  Random random(12);
  const Fingerprint centre = uniform_fingerprint(random);
  std::vector<Fingerprint> rows = uniform_fingerprints(200, random);
  for (int i = 0; i < 1200; ++i) rows.push_back(flip_bits(centre, random() % 40, random));
  auto queries = queries_for(rows, 20, 10, random);
  queries.push_back(centre);
  for (const uint32_t limit : {0u, 1u, 2u, 10u, 32u, 33u, 511u, 100'000u}) {
    expect_exact(rows, queries, {31, limit});
    expect_exact(rows, queries, {31, limit}, planned_for(1'000'000));
    expect_exact(rows, std::span(queries).last(3), {60, limit});
  }
}

TEST(MultiIndex, PassesOverRemovedRows) {
  Random random(13);
  const auto rows = clustered_fingerprints(800, random);
  const auto queries = queries_for(rows, 30, 20, random);
  // The bitmap may be shorter than the rows: those beyond are not removed.
  std::vector<uint64_t> removed(10);
  for (auto& word : removed) word = random() & random();
  const MultiIndex index = MultiIndex::build(rows);
  for (const uint32_t radius : {31u, 40u}) {
    Matches found;
    index.search(queries, {radius}, removed, found);
    std::vector<Match> wanted;
    for (const Match& match : plain_search(rows, queries, {radius}).matches) {
      const bool is_removed = match.entry / 64 < removed.size() &&
                              (removed[match.entry / 64] >> (match.entry % 64) & 1) != 0;
      if (!is_removed) wanted.push_back(match);
    }
    EXPECT_EQ(found.matches, wanted);
    // What is removed is not counted as cut either.
    Matches limited;
    index.search(queries, {radius, 2}, removed, limited);
    for (size_t query = 0; query < queries.size(); ++query) {
      EXPECT_EQ(limited.of(query).size() + limited.cut[query], found.of(query).size());
    }
  }
}

TEST(MultiIndex, MayStopWhereAQueryHasVeryManyMatches) {
  Random random(21);
  const Fingerprint centre = uniform_fingerprint(random);
  std::vector<Fingerprint> rows = uniform_fingerprints(500, random);
  for (int i = 0; i < 6000; ++i) rows.push_back(flip_bits(centre, random() % 16, random));
  std::vector<Fingerprint> queries = queries_for(std::span(rows).first(500), 20, 31, random);
  queries.push_back(centre);
  for (const SimdLevel level : levels_here()) {
    const MultiIndex index = MultiIndex::build(rows, {}, level);
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

TEST(MultiIndex, ReplacesTheContentOfMatchesThatAreUsedAgain) {
  Random random(14);
  const auto rows = uniform_fingerprints(600, random);
  expect_replaced_matches(MultiIndex::build(rows), rows);
}

TEST(MultiIndex, OwnsItsRowsAcrossAMove) {
  Random random(15);
  const auto rows = uniform_fingerprints(100, random);
  MultiIndex index;
  EXPECT_EQ(index.size(), 0u);
  Matches found;
  index.search(rows, {}, found);
  EXPECT_EQ(found.cut, std::vector<uint64_t>(100, 0));
  index = MultiIndex::build(rows);
  const MultiIndex moved = std::move(index);
  moved.search(std::span(rows).first(1), {0}, found);
  EXPECT_EQ(found.matches, (std::vector<Match>{{0, 0, 0}}));
  for (size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(moved.fingerprint(i), rows[i]);
}

TEST(MultiIndex, WritesTheSameBytesWithAnyNumberOfThreadsAndAtAnyLevel) {
  Random random(16);
  const auto rows = hub_heavy_fingerprints(5000, random);
  const MultiIndex one = MultiIndex::build(rows);
  EXPECT_TRUE(one.check_postings());
  for (const SimdLevel level : levels_here()) {
    for (const unsigned threads : {1u, 2u, 3u, 100u}) {
      const MultiIndex other = MultiIndex::build(rows, {31, threads, {}}, level);
      EXPECT_TRUE(std::ranges::equal(one.bytes(), other.bytes()));
    }
  }
}

TEST(MultiIndex, HandsOverTheSameBytesPieceByPieceEachOnce) {
  Random random(17);
  for (const size_t count : {0, 1, 3, 5000}) {
    const auto rows = hub_heavy_fingerprints(count, random);
    for (const unsigned threads : {1u, 3u}) {
      MultiBuildOptions options;
      options.threads = threads;
      const MultiIndex wanted = MultiIndex::build(rows, options);
      std::vector<std::byte> bytes(wanted.bytes().size());
      std::vector<int> written(bytes.size());
      std::mutex one_at_a_time;
      MultiIndex::write_layout(rows, options,
                               [&](uint64_t offset, std::span<const std::byte> piece) {
                                 const std::lock_guard lock(one_at_a_time);
                                 for (size_t i = 0; i < piece.size(); ++i) {
                                   bytes.at(offset + i) = piece[i];
                                   ++written[offset + i];
                                 }
                               });
      EXPECT_TRUE(std::ranges::equal(bytes, wanted.bytes()));
      EXPECT_TRUE(std::ranges::all_of(written, [](int times) { return times == 1; }));
    }
  }
}

TEST(MultiIndex, EndsTheHandingOverWithWhatTheSinkThrows) {
  Random random(18);
  const auto rows = uniform_fingerprints(2000, random);
  for (const unsigned threads : {1u, 4u}) {
    MultiBuildOptions options;
    options.threads = threads;
    std::atomic<int> pieces{0};
    const auto sink = [&](uint64_t, std::span<const std::byte>) {
      if (++pieces > 3) throw Fault("no space left");
    };
    EXPECT_THROW(MultiIndex::write_layout(rows, options, sink), Fault);
  }
}

TEST(ChooseIndex, TakesTheScanForFewRowsAndForManyQueriesACall) {
  EXPECT_EQ(choose_index(0, 1), IndexKind::flat);
  EXPECT_EQ(choose_index(1'000'000, 1024), IndexKind::multi);
  // Between, it is the queries that decide.
  EXPECT_EQ(choose_index(100'000, 1024), IndexKind::flat);
  EXPECT_EQ(choose_index(100'000, 1), IndexKind::multi);
}

}  // namespace
}  // namespace safelight
