#include "safelight/triage/ranking.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <random>

#include "safelight/triage/internal/beside.h"

namespace safelight::triage {
namespace {

using testing::ElementsAre;

/// What an item is without anything that raises it.
ItemFacts plain() {
  ItemFacts facts;
  facts.coverage = Coverage::full;
  facts.may_picture = true;
  return facts;
}

ItemFacts with_hit(HitClass hit, uint8_t distance_bits = 0) {
  ItemFacts facts = plain();
  facts.hit = hit;
  facts.distance_bits = distance_bits;
  return facts;
}

Group group_of(GroupKind kind, std::vector<ItemNumber> numbers, uint32_t distance_bits = 0) {
  Group group;
  group.kind = kind;
  group.centre = group.shown = numbers[0];
  for (const ItemNumber number : numbers) {
    group.members.push_back({number, number == numbers[0] ? 0 : distance_bits});
  }
  return group;
}

class RankItems : public testing::Test {
 protected:
  /// Gives each its own folder, unless a test has said another.
  ItemNumber add(ItemFacts facts) {
    if (facts.folder == 0) facts.folder = 1000 + facts_.size();
    facts_.push_back(facts);
    return static_cast<ItemNumber>(facts_.size() - 1);
  }
  std::vector<Ranked> rank() {
    RankOptions options;
    options.sample = sample_;
    return rank_items(facts_, known_, options, groups_);
  }
  /// Items in the order of review, without those that follow others.
  std::vector<ItemNumber> order() {
    const auto ranked = rank();
    std::vector<ItemNumber> numbers;
    for (ItemNumber item = 0; item < ranked.size(); ++item) {
      if (ranked[item].shown_with == kNobody) numbers.push_back(item);
    }
    std::sort(numbers.begin(), numbers.end(), [&](ItemNumber a, ItemNumber b) {
      return std::tuple(ranked[a].rank_class, ranked[a].key(), a) <
             std::tuple(ranked[b].rank_class, ranked[b].key(), b);
    });
    return numbers;
  }

  std::vector<ItemFacts> facts_;
  std::vector<std::pair<uint64_t, ItemNumber>> known_;
  Groups groups_;
  uint32_t sample_ = 0;
};

TEST_F(RankItems, OrdersByClass) {
  add(plain());
  ItemFacts facts = plain();
  facts.coverage = Coverage::partial;
  add(facts);
  facts.coverage = Coverage::none;
  add(facts);
  add(with_hit(HitClass::ordinary));
  add(with_hit(HitClass::known));
  add(with_hit(HitClass::resembles, 3));
  add(with_hit(HitClass::review));
  facts = plain();
  facts.folder = 1006;
  add(facts);
  EXPECT_THAT(order(), ElementsAre(5, 6, 7, 2, 1, 0, 4, 3));
  EXPECT_EQ(rank()[7].rank_class, RankClass::beside_known);
}

TEST_F(RankItems, ThatSomethingIsKnownSetsItAsideAndItsCoverageDoesNotMatter) {
  ItemFacts facts = with_hit(HitClass::known);
  facts.coverage = Coverage::none;
  add(facts);
  facts = with_hit(HitClass::ordinary);
  facts.coverage = Coverage::partial;
  add(facts);
  const auto ranked = rank();
  EXPECT_EQ(ranked[0].rank_class, RankClass::known);
  EXPECT_EQ(ranked[1].rank_class, RankClass::ordinary);
}

TEST_F(RankItems, WithinAClassEachWeightDecidesBeforeTheNext) {
  // From the last weight to the first, each step has everything against it but its own.
  ItemFacts best = with_hit(HitClass::resembles, 0);
  best.victim_identified = Stated::no;
  best.device = DeviceMatch::serial;
  best.camera = Grade::verified_trusted;
  best.recency = Recency::captured;
  ItemFacts one = best;
  one.distance_bits = 1;
  ItemFacts recency = best;
  recency.recency = Recency::written;
  ItemFacts camera = best;
  camera.camera = Grade::declared;
  ItemFacts device = best;
  device.device = DeviceMatch::model;
  ItemFacts victim = best;
  victim.victim_identified = Stated::not_stated;
  ItemFacts identified = best;
  identified.victim_identified = Stated::yes;
  for (const ItemFacts& facts : {identified, victim, device, camera, recency, one, best})
    add(facts);
  EXPECT_THAT(order(), ElementsAre(6, 5, 4, 3, 2, 1, 0));
}

TEST_F(RankItems, RaisesEvidenceOfACameraByItsStrength) {
  for (const Grade grade :
       {Grade::fact, Grade::weak, Grade::declared, Grade::verified, Grade::verified_trusted}) {
    ItemFacts facts = plain();
    facts.camera = grade;
    add(facts);
  }
  EXPECT_THAT(order(), ElementsAre(4, 3, 2, 1, 0));
}

TEST_F(RankItems, NoWeightMovesAnItemOutOfItsClassAndOrdinaryOnesNotAtAll) {
  add(with_hit(HitClass::resembles, 31));
  for (const HitClass hit : {HitClass::none, HitClass::ordinary, HitClass::ordinary}) {
    ItemFacts facts = with_hit(hit);
    if (facts_.size() != 2) {
      facts.camera = Grade::verified_trusted;
      facts.device = DeviceMatch::serial;
      facts.recency = Recency::captured;
    }
    add(facts);
  }
  EXPECT_THAT(order(), ElementsAre(0, 1, 2, 3));
}

TEST_F(RankItems, MovesUpWhatLooksLikeAnItemWithAHit) {
  add(plain());
  ItemFacts partial = plain();
  partial.coverage = Coverage::partial;
  add(partial);
  add(with_hit(HitClass::known));
  add(with_hit(HitClass::ordinary));
  add(plain());
  groups_.near = {group_of(GroupKind::near, {2, 0, 1, 3}, 12)};
  const auto ranked = rank();
  EXPECT_EQ(ranked[0].rank_class, RankClass::beside_known);
  EXPECT_EQ(ranked[1].rank_class, RankClass::beside_known);
  EXPECT_EQ(ranked[0].near_known, 2u);
  EXPECT_EQ(ranked[0].near_bits, 12u);
  EXPECT_EQ(ranked[2].rank_class, RankClass::known) << "a hit by digest needs no eyes";
  EXPECT_EQ(ranked[3].rank_class, RankClass::ordinary) << "harmless bytes stay so";
  EXPECT_EQ(ranked[4].rank_class, RankClass::unmatched);
}

TEST_F(RankItems, MovesUpWhatIsInOnePlaceWithAHit) {
  constexpr int64_t kNoon = 1'700'000'000;
  ItemFacts known = with_hit(HitClass::known);
  known.folder = 1;
  known.archive = 2;
  known.source = 1;
  known.captured_s = kNoon;
  known.written_s = kNoon + 1'000'000;
  add(known);
  ItemFacts facts = plain();
  facts.folder = 1;
  add(facts);  // 1: in its folder
  facts = plain();
  facts.archive = 2;
  add(facts);  // 2: in its archive
  facts = plain();
  facts.source = 1;
  facts.captured_s = kNoon + 600;
  add(facts);  // 3: captured with it
  facts.captured_s = kNoon + 601;
  add(facts);  // 4: a second too late
  facts.captured_s = kNoon;
  facts.source = 2;
  add(facts);  // 5: another source
  facts = plain();
  facts.source = 1;
  facts.written_s = known.written_s - 600;
  add(facts);  // 6: written with it
  facts = plain();
  facts.folder = 1;
  facts.may_picture = false;
  add(facts);  // 7: in its folder, and no picture
  facts = plain();
  facts.folder = 1;
  facts.source = 1;
  facts.written_s = known.written_s;
  add(facts);  // 8: in its folder in the same minutes
  EXPECT_THAT(order(), ElementsAre(8, 2, 1, 3, 6, 4, 5, 7, 0));
  const auto ranked = rank();
  EXPECT_EQ(ranked[1].beside, (KnownBeside{1, 0, 0, 0}));
  EXPECT_EQ(ranked[3].beside, (KnownBeside{0, 0, 1, 0}));
  EXPECT_EQ(ranked[4].rank_class, RankClass::unmatched);
  EXPECT_EQ(ranked[5].rank_class, RankClass::unmatched);
  EXPECT_EQ(ranked[7].rank_class, RankClass::unmatched);
  EXPECT_EQ(ranked[0].rank_class, RankClass::known);
}

TEST_F(RankItems, TakesMinutesInWhichVeryManyWereWrittenForThoseOfACopy) {
  ItemFacts facts = with_hit(HitClass::known);
  facts.source = 1;
  facts.written_s = 1'000'000;
  add(facts);
  facts.hit = HitClass::none;
  for (uint32_t i = 1; i < internal::BesideFinder::kMaxAtOnce; ++i) add(facts);
  EXPECT_EQ(rank()[1].rank_class, RankClass::beside_known);
  add(facts);
  EXPECT_EQ(rank()[1].rank_class, RankClass::unmatched);
}

TEST_F(RankItems, PutsWhatLooksNearerFirstAndBeforeWhatIsOnlyInOnePlace) {
  ItemFacts known = with_hit(HitClass::known);
  known.folder = 1;
  add(known);
  ItemFacts in_folder = plain();
  in_folder.folder = 1;
  add(in_folder);
  add(plain());
  add(plain());
  groups_.near = {group_of(GroupKind::near, {0, 2}, 30)};
  groups_.near.push_back(group_of(GroupKind::near, {4, 3}, 5));
  add(with_hit(HitClass::known));
  EXPECT_THAT(order(), ElementsAre(3, 2, 1, 0, 4));
}

TEST_F(RankItems, PutsWhatHasMoreKnownNeighboursFirst) {
  for (const uint64_t folder : {1u, 1u, 1u, 2u}) {
    ItemFacts known = with_hit(HitClass::known);
    known.folder = folder;
    add(known);
  }
  ItemFacts facts = plain();
  facts.folder = 2;
  add(facts);
  facts.folder = 1;
  add(facts);
  EXPECT_THAT(order(), ElementsAre(5, 4, 0, 1, 2, 3));
  EXPECT_EQ(rank()[5].beside.folder, 3u);
}

TEST_F(RankItems, DoesNotCountAnItemAsItsOwnNeighbour) {
  for (int i = 0; i < 3; ++i) {
    ItemFacts facts = with_hit(HitClass::resembles, 4);
    facts.folder = i < 2 ? 1 : 2;
    facts.archive = 7;
    facts.source = 1;
    facts.captured_s = 5;
    add(facts);
  }
  const auto ranked = rank();
  EXPECT_EQ(ranked[0].beside, (KnownBeside{1, 2, 2, 0}));
  EXPECT_EQ(ranked[2].beside, (KnownBeside{0, 2, 2, 0}));
}

TEST_F(RankItems, PutsAllPlacesOfSomeBytesIntoTheBestClassOfOneOfThem) {
  ItemFacts known = with_hit(HitClass::known);
  known.folder = 1;
  add(known);
  add(plain());
  ItemFacts in_folder = plain();
  in_folder.folder = 1;
  add(in_folder);
  groups_.exact = {group_of(GroupKind::exact, {1, 2})};
  const auto ranked = rank();
  EXPECT_EQ(ranked[1].rank_class, RankClass::beside_known);
  EXPECT_EQ(ranked[1].copy_of, 2u);
  EXPECT_EQ(ranked[2].copy_of, kNobody);
}

TEST_F(RankItems, ShowsTheBestOfAGroupAtThePlaceOfTheOneThatSaysMost) {
  add(plain());  // alone, and of the lowest number
  ItemFacts small = plain();
  small.camera = Grade::declared;
  small.pixels = 100;
  add(small);
  ItemFacts large = plain();
  large.pixels = 10'000;
  add(large);
  groups_.near = {group_of(GroupKind::near, {1, 2}, 9)};
  const auto ranked = rank();
  EXPECT_EQ(ranked[2].shown_with, kNobody);
  EXPECT_EQ(ranked[2].placed_by, 1u);
  EXPECT_EQ(ranked[1].shown_with, 2u);
  EXPECT_EQ(ranked[1].placed_by, kNobody);
  EXPECT_THAT(order(), ElementsAre(2, 0));
  EXPECT_EQ(groups_.near[0].shown, 2u);
  EXPECT_EQ(groups_.near[0].centre, 1u);
}

TEST_F(RankItems, ChoosesWhatIsShownByQualityPixelsDerivationTimeAndNumber) {
  ItemFacts facts = plain();
  facts.quality = 100;
  facts.pixels = 500;
  facts.last_step = static_cast<uint8_t>(StepKind::directory_entry);
  facts.depth = 1;
  facts.written_s = 100;
  const auto shown_of_two = [&](const ItemFacts& better) {
    facts_ = {facts, better};
    for (size_t i = 0; i < 2; ++i) facts_[i].folder = i + 1;
    groups_.exact = {};
    groups_.near = {group_of(GroupKind::near, {0, 1})};
    (void)rank();
    return groups_.near[0].shown;
  };
  EXPECT_EQ(shown_of_two(facts), 0u);
  ItemFacts better = facts;
  better.captured_s = 50;
  EXPECT_EQ(shown_of_two(better), 1u) << "older";
  facts.captured_s = 10;
  facts.depth = 3;
  EXPECT_EQ(shown_of_two(better), 1u) << "fewer steps";
  facts.depth = 1;
  facts.last_step = static_cast<uint8_t>(StepKind::archive_member);
  better.depth = 5;
  EXPECT_EQ(shown_of_two(better), 1u) << "a file before a member";
  facts.last_step = static_cast<uint8_t>(StepKind::directory_entry);
  better.last_step = static_cast<uint8_t>(StepKind::embedded_picture);
  better.pixels = 501;
  EXPECT_EQ(shown_of_two(better), 1u) << "more pixels";
  better.pixels = 1;
  facts.quality = 70;
  EXPECT_EQ(shown_of_two(better), 1u) << "of a better quality class";
  facts.quality = 80;
  better.quality = 99;
  EXPECT_EQ(shown_of_two(better), 0u) << "of the same class, then pixels";
}

TEST_F(RankItems, ShowsAGroupOnceInAClassAndNothingBehindAnItemOfAnotherClass) {
  for (int i = 0; i < 8; ++i) add(plain());
  facts_[6].coverage = Coverage::none;
  groups_.near = {group_of(GroupKind::near, {5, 1, 6, 7})};
  groups_.exact = {group_of(GroupKind::exact, {2, 4}), group_of(GroupKind::exact, {5, 7})};
  const auto ranked = rank();
  EXPECT_EQ(ranked[1].shown_with, kNobody);
  EXPECT_EQ(ranked[5].shown_with, 1u);
  EXPECT_EQ(ranked[7].shown_with, 1u) << "the near group counts before the exact one";
  EXPECT_EQ(ranked[6].shown_with, kNobody);
  EXPECT_EQ(ranked[2].shown_with, kNobody);
  EXPECT_EQ(ranked[4].shown_with, 2u);
}

TEST_F(RankItems, LetsTheEarlierGroupDecideForAnItemThatIsInNearGroupsOfBothModes) {
  add(plain());
  add(with_hit(HitClass::review));
  add(with_hit(HitClass::review));
  for (int i = 0; i < 3; ++i) add(plain());
  groups_.near = {group_of(GroupKind::near, {0, 1}), group_of(GroupKind::near, {3, 5}),
                  group_of(GroupKind::near, {0, 2}), group_of(GroupKind::near, {4, 5})};
  const auto ranked = rank();
  EXPECT_EQ(ranked[0].near_known, 1u);
  EXPECT_EQ(ranked[5].shown_with, 3u);
  EXPECT_EQ(ranked[4].shown_with, kNobody);
}

TEST_F(RankItems, DrawsTheSampleByContents) {
  for (int i = 0; i < 6; ++i) {
    known_.emplace_back(i < 2 ? 50 : 100 - i, add(with_hit(HitClass::known)));
  }
  const auto sampled = [&](uint32_t sample) {
    sample_ = sample;
    std::vector<ItemNumber> out;
    const auto ranked = rank();
    for (ItemNumber item = 0; item < ranked.size(); ++item) {
      if (ranked[item].rank_class == RankClass::known_sample) out.push_back(item);
    }
    return out;
  };
  EXPECT_THAT(sampled(0), ElementsAre());
  EXPECT_THAT(sampled(1), ElementsAre(0, 1));
  EXPECT_THAT(sampled(2), ElementsAre(0, 1, 5));
  EXPECT_THAT(sampled(100), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(KeyOf, SortsLikeTheWeights) {
  std::mt19937 random(3);
  const auto some = [&] {
    const auto byte = [&](uint32_t values) { return static_cast<uint8_t>(random() % values); };
    Weights weights;
    weights.victim = byte(3);
    weights.device = byte(4);
    weights.camera = byte(7);
    weights.recency = byte(3);
    weights.nearness = byte(256);
    weights.neighbours = static_cast<uint16_t>(random() % 3 * 300);
    return weights;
  };
  const auto tie = [](const Weights& w) {
    return std::tuple(w.victim, w.device, w.camera, w.recency, w.nearness, -int{w.neighbours});
  };
  for (int round = 0; round < 2000; ++round) {
    const Weights a = some();
    const Weights b = some();
    EXPECT_EQ(key_of(a) < key_of(b), tie(a) < tie(b));
    EXPECT_EQ(key_of(a).size(), sizeof(Ranked::key_bytes));
  }
}

TEST(RankClassNames, AreReadAsTheyAreWritten) {
  for (size_t i = 0; i < kRankClasses; ++i) {
    const auto rank_class = static_cast<RankClass>(i);
    EXPECT_EQ(rank_class_from_text(to_text(rank_class)).value(), rank_class);
  }
  EXPECT_FALSE(rank_class_from_text("clean"));
}

TEST(ItemFactsSize, StaysSmallEnoughForMillions) { EXPECT_LE(sizeof(ItemFacts), 64u); }

}  // namespace
}  // namespace safelight::triage
