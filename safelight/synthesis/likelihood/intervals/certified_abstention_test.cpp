#include "safelight/synthesis/likelihood/intervals/certified_abstention.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/intervals/proportion_interval.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr auto kCamera = Proposition::camera;
constexpr auto kGenerated = Proposition::generated;

std::vector<double> spread(size_t count, double from, double step) {
  std::vector<double> out;
  for (size_t i = 0; i < count; ++i) out.push_back(from + step * static_cast<double>(i));
  return out;
}

TEST(CertifiedAbstention, DecidesAsWidelyAsTheBoundAllows) {
  // Of 100 one may be wrong at 5 % (the bound of 1 of 100 is 4.66 %, of 2 of 100 6.16 %).
  const auto camera = spread(100, 0, 1);
  const auto generated = spread(100, 50, 1);
  const std::vector<ScoreGroup> groups{{kCamera, camera}, {kGenerated, generated}};
  const auto abstention = certify_abstention(groups, {});
  ASSERT_TRUE(abstention);
  EXPECT_NEAR(*abstention->generated_from.threshold, 98.5, 1e-9);
  EXPECT_NEAR(*abstention->camera_below.threshold, 50.5, 1e-9);
  EXPECT_EQ(abstention->generated_from.deciding_group, 0);
  EXPECT_EQ(abstention->camera_below.deciding_group, 1);
  EXPECT_EQ(abstention->decide(50), Decision::camera);
  EXPECT_EQ(abstention->decide(51), Decision::abstain);
  EXPECT_EQ(abstention->decide(98), Decision::abstain);
  EXPECT_EQ(abstention->decide(99), Decision::generated);
  EXPECT_EQ(count_decisions(*abstention, groups[0]), (DecisionCounts{100, 52, 1}));
  EXPECT_EQ(count_decisions(*abstention, groups[1]), (DecisionCounts{100, 52, 1}));
}

TEST(CertifiedAbstention, TheWorstGroupDecides) {
  const auto camera = spread(100, 0, 1);
  const auto known = spread(1000, 500, 1);
  const auto unknown = spread(100, 30, 1);
  const std::vector<ScoreGroup> groups{
      {kCamera, camera}, {kGenerated, known}, {kGenerated, unknown}};
  const auto abstention = certify_abstention(groups, {});
  ASSERT_TRUE(abstention);
  EXPECT_EQ(abstention->camera_below.deciding_group, 2);
  EXPECT_NEAR(*abstention->camera_below.threshold, 30.5, 1e-9);
}

TEST(CertifiedAbstention, TooSmallAGroupCertifiesNothingAgainstIt) {
  EXPECT_EQ(least_group_size({}), 59);
  EXPECT_EQ(least_group_size({0.01, 0.95}), 299);
  EXPECT_EQ(least_group_size({0.9, 0.5}), 1);
  const auto camera = spread(59, 0, 1);
  const auto large = spread(500, 100, 1);
  const auto small = spread(58, 100, 1);
  const std::vector<ScoreGroup> groups{{kCamera, camera}, {kGenerated, large}, {kGenerated, small}};
  const auto abstention = certify_abstention(groups, {});
  ASSERT_TRUE(abstention);
  EXPECT_FALSE(abstention->camera_below.threshold);
  EXPECT_EQ(abstention->camera_below.deciding_group, 2);
  EXPECT_TRUE(abstention->generated_from.threshold);
  EXPECT_EQ(abstention->decide(-1000), Decision::abstain);
  EXPECT_EQ(abstention->decide(1000), Decision::generated);
  const auto counts = count_decisions(*abstention, groups[0]);
  EXPECT_EQ(counts.coverage(), (Proportion{0, 59}));
  EXPECT_TRUE(std::isnan(counts.selective_error().share()));
}

TEST(CertifiedAbstention, RangesThatOverlapMeetInTheMiddle) {
  const auto camera = spread(100, 0, 1);
  const auto generated = spread(100, 200, 1);
  const std::vector<ScoreGroup> groups{{kCamera, camera}, {kGenerated, generated}};
  const auto abstention = certify_abstention(groups, {});
  ASSERT_TRUE(abstention);
  EXPECT_EQ(abstention->camera_below.threshold, abstention->generated_from.threshold);
  EXPECT_NEAR(*abstention->generated_from.threshold, 149.5, 1e-9);
  DecisionCounts all;
  for (const auto& group : groups) all += count_decisions(*abstention, group);
  EXPECT_EQ(all, (DecisionCounts{200, 200, 0}));
}

TEST(CertifiedAbstention, EqualScoresAreReachedTogetherOrNotAtAll) {
  auto camera = spread(100, 0, 0);
  camera[0] = 5;
  const auto generated = spread(100, 5, 0);
  const std::vector<ScoreGroup> groups{{kCamera, camera}, {kGenerated, generated}};
  const auto abstention = certify_abstention(groups, {});
  ASSERT_TRUE(abstention);
  EXPECT_EQ(count_decisions(*abstention, groups[0]), (DecisionCounts{100, 100, 1}));
  EXPECT_EQ(count_decisions(*abstention, groups[1]), (DecisionCounts{100, 100, 0}));
  const std::vector<ScoreGroup> alike{{kCamera, generated}, {kGenerated, generated}};
  const auto nothing = certify_abstention(alike, {});
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->decide(5), Decision::abstain);
}

TEST(CertifiedAbstention, NoWiderDecisionHoldsInEveryGroup) {
  for (uint64_t seed = 0; seed < 5; ++seed) {
    Random random(seed);
    std::vector<std::vector<double>> scores;
    std::vector<ScoreGroup> groups;
    for (size_t i = 0; i < 6; ++i) {
      scores.push_back(normal_values(60 + random.below(60), i % 2 == 0 ? 0 : 1, random));
    }
    for (size_t i = 0; i < 6; ++i) groups.push_back({i % 2 == 0 ? kCamera : kGenerated, scores[i]});
    const auto abstention = certify_abstention(groups, {});
    ASSERT_TRUE(abstention);
    const auto holds_everywhere = [&](const CertifiedAbstention& tried) {
      return std::ranges::all_of(groups, [&](const ScoreGroup& group) {
        return clopper_pearson_upper_bound(count_decisions(tried, group).error()) <= 0.05;
      });
    };
    EXPECT_TRUE(holds_everywhere(*abstention));
    for (const auto& group : groups) {
      for (const double score : group.scores) {
        if (abstention->decide(score) != Decision::abstain) continue;
        CertifiedAbstention wider = *abstention;
        wider.generated_from.threshold = score;
        const bool generated_wider = holds_everywhere(wider);
        wider = *abstention;
        wider.camera_below.threshold =
            std::nextafter(score, std::numeric_limits<double>::infinity());
        // A wider range may catch no score of the class that it could call wrongly.
        const bool camera_wider = holds_everywhere(wider);
        EXPECT_FALSE(generated_wider && group.truth == kCamera);
        EXPECT_FALSE(camera_wider && group.truth == kGenerated);
      }
    }
  }
}

TEST(CertifiedAbstention, TheTrueErrorIsOverTheRateInAtMostOneOfTwentySets) {
  // Scores of the generated are uniform from 0 to 1: the error is the threshold itself.
  int over = 0;
  const int sets = 400;
  const auto camera = spread(100, 2, 0.001);
  for (uint64_t seed = 0; seed < sets; ++seed) {
    Random random(seed);
    std::vector<double> generated;
    for (int i = 0; i < 120; ++i) generated.push_back(random.unit());
    const auto abstention =
        certify_abstention(std::vector<ScoreGroup>{{kCamera, camera}, {kGenerated, generated}}, {});
    ASSERT_TRUE(abstention);
    over += *abstention->camera_below.threshold > 0.05 ? 1 : 0;
  }
  // Three standard deviations of a binomial of 400 and 0.05.
  EXPECT_LE(over, 33);
}

TEST(CertifiedAbstention, RefusesWhatCannotBeCertified) {
  const std::vector<double> good = spread(100, 0, 1);
  const std::vector<double> bad{1, std::numeric_limits<double>::quiet_NaN()};
  const auto error_of = [](const std::vector<ScoreGroup>& groups) {
    const auto abstention = certify_abstention(groups, {});
    return abstention ? Error{} : abstention.error();
  };
  EXPECT_EQ(error_of({{kCamera, good}, {kGenerated, bad}}),
            (Error{ErrorCode::malformed, "abstention.not-finite"}));
  EXPECT_EQ(error_of({{kCamera, good}}), (Error{ErrorCode::malformed, "abstention.one-class"}));
  EXPECT_EQ(error_of({{kGenerated, good}}), (Error{ErrorCode::malformed, "abstention.one-class"}));
  const auto empty =
      certify_abstention(std::vector<ScoreGroup>{{kCamera, good}, {kGenerated, {}}}, {});
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->camera_below.threshold);
}

}  // namespace
}  // namespace safelight::synthesis
