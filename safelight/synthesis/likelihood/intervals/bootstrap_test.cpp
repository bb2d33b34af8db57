#include "safelight/synthesis/likelihood/intervals/bootstrap.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <mutex>

#include "safelight/synthesis/likelihood/measures/cllr.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr auto kCamera = Proposition::camera;
constexpr auto kGenerated = Proposition::generated;

struct Set {
  std::vector<double> values;
  std::vector<Proposition> labels;
  std::vector<size_t> sources;
  operator SourcedRows() const { return {labels, sources}; }  // NOLINT
};

/// `sources` sources of each class with `each` rows, whose values share a part of their source's
/// own.
Set drawn_set(size_t sources, size_t each, double shared_part, uint64_t seed) {
  Random random(seed);
  Set set;
  for (size_t source = 0; source < 2 * sources; ++source) {
    const bool camera = source < sources;
    const double shared = normal_values(1, 0, random)[0];
    for (const double own : normal_values(each, 0, random)) {
      set.values.push_back((camera ? 1 : 0) + std::sqrt(shared_part) * shared +
                           std::sqrt(1 - shared_part) * own);
      set.labels.push_back(camera ? kCamera : kGenerated);
      set.sources.push_back(source);
    }
  }
  return set;
}

Statistic mean_of_camera(const Set& set) {
  return [&set](std::span<const size_t> rows) {
    const auto camera = by_class(set.values, set.labels, rows).camera;
    double sum = 0;
    for (const double value : camera) sum += value;
    return sum / static_cast<double>(camera.size());
  };
}

TEST(Bootstrap, EachReplicateHoldsWholeSourcesAndAsManyOfEachClass) {
  Set set;
  for (const auto& [source, label, rows] :
       {std::tuple{7, kCamera, 3}, {9, kCamera, 1}, {7, kGenerated, 2}, {2, kGenerated, 4}}) {
    for (int i = 0; i < rows; ++i) {
      set.labels.push_back(label);
      set.sources.push_back(static_cast<size_t>(source));
    }
  }
  // Rows 0 to 2, 3, 4 to 5, 6 to 9: the source numbered 7 is two, one of each class.
  const std::vector<std::pair<size_t, size_t>> clusters{{0, 3}, {3, 4}, {4, 6}, {6, 10}};
  const auto statistic = [&](std::span<const size_t> rows) {
    std::vector<size_t> times(10, 0);
    for (const size_t row : rows) ++times.at(row);
    std::vector<size_t> of_cluster;
    for (const auto& [from, to] : clusters) {
      for (size_t row = from; row < to; ++row) EXPECT_EQ(times[row], times[from]);
      of_cluster.push_back(times[from]);
    }
    EXPECT_EQ(of_cluster[0] + of_cluster[1], 2);
    EXPECT_EQ(of_cluster[2] + of_cluster[3], 2);
    return 0.0;
  };
  const auto interval = bootstrap_interval(set, statistic, {.replicates = 200});
  EXPECT_EQ(interval.undefined, 0);
}

TEST(Bootstrap, ThreadsChangeNothingAndTheSeedDoes) {
  const Set set = drawn_set(5, 10, 0.3, 1);
  const auto statistics = [&](std::span<const size_t> rows) {
    const auto values = by_class(set.values, set.labels, rows);
    return std::vector<double>{cllr_min(values), auc(values)};
  };
  const auto one = bootstrap_intervals(set, statistics, {.replicates = 300, .seed = 5});
  const auto four =
      bootstrap_intervals(set, statistics, {.replicates = 300, .seed = 5, .threads = 4});
  const auto other = bootstrap_intervals(set, statistics, {.replicates = 300, .seed = 6});
  ASSERT_EQ(one.size(), 2);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(one[i].estimate, four[i].estimate);
    EXPECT_EQ(one[i].interval, four[i].interval);
    EXPECT_NE(one[i].interval, other[i].interval);
    EXPECT_LE(one[i].interval.lower, one[i].estimate);
    EXPECT_GE(one[i].interval.upper, one[i].interval.lower);
  }
}

TEST(Bootstrap, OfIndependentRowsItIsTheTextbookInterval) {
  const Set set = drawn_set(400, 1, 0, 2);
  const auto interval = bootstrap_interval(set, mean_of_camera(set), {.replicates = 4000});
  double squares = 0;
  for (size_t row = 0; row < 400; ++row)
    squares += std::pow(set.values[row] - interval.estimate, 2);
  const double half = 1.96 * std::sqrt(squares / 400 / 400);
  EXPECT_NEAR(interval.interval.lower, interval.estimate - half, 0.15 * half);
  EXPECT_NEAR(interval.interval.upper, interval.estimate + half, 0.15 * half);
}

TEST(Bootstrap, CoversTheTruthWhereRowsOfASourceAreAlike) {
  // An interval over rows is a third as wide here: it would cover in fewer than half of the sets.
  int covered = 0;
  const int sets = 60;
  for (uint64_t seed = 0; seed < sets; ++seed) {
    const Set set = drawn_set(20, 20, 0.5, seed);
    const auto interval = bootstrap_interval(set, mean_of_camera(set), {.replicates = 200});
    covered += interval.interval.lower <= 1 && interval.interval.upper >= 1 ? 1 : 0;
  }
  EXPECT_GE(covered, 50);
}

TEST(Bootstrap, LeavesOutAndCountsReplicatesWithoutANumber) {
  const Set set = drawn_set(2, 3, 0, 4);
  const auto without_first = [&](std::span<const size_t> rows) {
    const bool has_first = std::ranges::find(rows, size_t{0}) != rows.end();
    return has_first ? 3.0 : std::numeric_limits<double>::quiet_NaN();
  };
  const auto interval = bootstrap_interval(set, without_first, {.replicates = 1000});
  EXPECT_EQ(interval.interval, (Interval{3, 3}));
  // Of two sources the first is missed in a quarter of the draws; five standard deviations.
  EXPECT_NEAR(static_cast<double>(interval.undefined), 250, 69);

  const auto never = [](std::span<const size_t>) { return std::nan(""); };
  const auto undefined = bootstrap_interval(set, never, {.replicates = 10});
  EXPECT_EQ(undefined.undefined, 10);
  EXPECT_TRUE(std::isnan(undefined.interval.lower));
  EXPECT_TRUE(std::isnan(undefined.interval.upper));
  EXPECT_TRUE(std::isnan(undefined.estimate));
}

TEST(Bootstrap, AnInfiniteFigureIsTheEndOfItsInterval) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Set set = drawn_set(4, 3, 0, 4);
  const auto infinite_with_first = [&](std::span<const size_t> rows) {
    return std::ranges::find(rows, size_t{0}) != rows.end() ? infinity : 1.0;
  };
  const auto interval = bootstrap_interval(set, infinite_with_first, {.replicates = 1000});
  EXPECT_EQ(interval.interval, (Interval{1, infinity}));
}

TEST(Bootstrap, AMissingClassGivesWhatTheStatisticSays) {
  Set set = drawn_set(3, 2, 0, 4);
  set.labels.assign(set.labels.size(), kCamera);
  const auto statistic = [&](std::span<const size_t> rows) {
    return cllr(by_class(set.values, set.labels, rows));
  };
  EXPECT_EQ(bootstrap_interval(set, statistic, {.replicates = 10}).undefined, 10);
  EXPECT_EQ(bootstrap_interval(SourcedRows{}, statistic, {.replicates = 10}).undefined, 10);
}

}  // namespace
}  // namespace safelight::synthesis
