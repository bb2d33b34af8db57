#include "safelight/triage/ranking.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>

namespace safelight::triage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ItemId id_of(uint8_t number) {
  ItemId id;
  id.value.bytes[0] = number;
  return id;
}

Hit hit_of(Disposition disposition, MatchKind kind, uint32_t distance_bits = 0) {
  Hit hit;
  hit.list = "demo";
  hit.disposition = disposition;
  hit.kind = kind;
  hit.distance_bits = distance_bits;
  return hit;
}

Group group_of(GroupKind kind, std::vector<uint8_t> numbers) {
  Group group;
  group.kind = kind;
  group.representative = id_of(numbers[0]);
  for (const uint8_t number : numbers) group.members.push_back({id_of(number), 0});
  return group;
}

std::vector<int> order_of(const std::vector<RankedItem>& ranked) {
  std::vector<int> numbers;
  for (const RankedItem& one : ranked) numbers.push_back(one.item.value.bytes[0]);
  return numbers;
}

class RankItems : public testing::Test {
 protected:
  void add(uint8_t number, std::vector<Hit> hits, Coverage coverage = Coverage::full,
           OriginGrades origin = {}) {
    hits_.push_back(std::make_unique<std::vector<Hit>>(std::move(hits)));
    items_.push_back({id_of(number), coverage, origin, *hits_.back()});
  }
  /// With evidence of a camera.
  void add_camera(uint8_t number, Grade grade, std::vector<Hit> hits = {},
                  Coverage coverage = Coverage::full) {
    add(number, std::move(hits), coverage, {grade, Grade::fact});
  }
  const RankedItem& place_of(const std::vector<RankedItem>& ranked, uint8_t number) {
    return *std::find_if(ranked.begin(), ranked.end(),
                         [&](const RankedItem& one) { return one.item == id_of(number); });
  }

  std::vector<std::unique_ptr<std::vector<Hit>>> hits_;
  std::vector<RankItem> items_;
};

TEST_F(RankItems, OrdersByClassThenBySortOfHitThenByDistance) {
  add(1, {});
  add(2, {}, Coverage::partial);
  add(3, {}, Coverage::none);
  add(4, {hit_of(Disposition::review, MatchKind::pdq, 3)});
  add(5, {hit_of(Disposition::review, MatchKind::md5)});
  add(6, {hit_of(Disposition::known, MatchKind::pdq, 30)});
  add(7, {hit_of(Disposition::known, MatchKind::pdq, 2)});
  add(8, {hit_of(Disposition::known, MatchKind::sha1)});
  add(9, {hit_of(Disposition::ordinary, MatchKind::sha256)});
  add(10, {hit_of(Disposition::unknown, MatchKind::sha256)});
  const auto ranked = rank_items(items_, {});
  EXPECT_THAT(order_of(ranked), ElementsAre(8, 7, 6, 5, 4, 3, 2, 1, 10, 9));
  EXPECT_THAT(ranked[1].reason, HasSubstr("2 bits"));
  EXPECT_THAT(ranked[0].reason, HasSubstr("SHA-1"));
  for (const RankedItem& one : ranked) EXPECT_FALSE(one.reason.empty());
}

TEST_F(RankItems, LetsTheGraverHitWinWhereListsDisagree) {
  add(1, {hit_of(Disposition::ordinary, MatchKind::sha256),
          hit_of(Disposition::review, MatchKind::pdq, 31)});
  add(2, {hit_of(Disposition::review, MatchKind::md5),
          hit_of(Disposition::known, MatchKind::pdq, 31)});
  const auto ranked = rank_items(items_, {});
  EXPECT_EQ(place_of(ranked, 1).rank_class, RankClass::review);
  EXPECT_EQ(place_of(ranked, 2).rank_class, RankClass::known);
}

TEST_F(RankItems, SetsNothingAsideByMd5OrLikenessAlone) {
  add(1, {hit_of(Disposition::ordinary, MatchKind::md5)});
  add(2, {hit_of(Disposition::ordinary, MatchKind::pdq, 0)});
  add(3, {hit_of(Disposition::ordinary, MatchKind::md5)}, Coverage::none);
  const auto ranked = rank_items(items_, {});
  EXPECT_EQ(place_of(ranked, 1).rank_class, RankClass::unmatched);
  EXPECT_EQ(place_of(ranked, 2).rank_class, RankClass::unmatched);
  EXPECT_EQ(place_of(ranked, 3).rank_class, RankClass::not_examined);
}

TEST_F(RankItems, MovesUpWhatLooksLikeAnItemWithAHit) {
  add(1, {});
  add(2, {}, Coverage::partial);
  add(3, {hit_of(Disposition::known, MatchKind::md5)});
  add(4, {hit_of(Disposition::ordinary, MatchKind::sha256)});
  add(5, {});
  Groups groups;
  groups.near = {group_of(GroupKind::near, {1, 2, 3, 4})};
  const auto ranked = rank_items(items_, groups);
  EXPECT_THAT(order_of(ranked), ElementsAre(3, 1, 2, 5, 4));
  EXPECT_EQ(ranked[1].rank_class, RankClass::beside_hit);
  EXPECT_THAT(ranked[1].reason, HasSubstr(to_hex(id_of(3).value)));
  EXPECT_EQ(place_of(ranked, 4).rank_class, RankClass::ordinary);
}

TEST_F(RankItems, ShowsAGroupOnceInAClassWithAllOfItTogether) {
  for (uint8_t number = 1; number <= 8; ++number) add(number, {});
  Groups groups;
  groups.near = {group_of(GroupKind::near, {5, 1, 7})};
  groups.exact = {group_of(GroupKind::exact, {2, 8}), group_of(GroupKind::exact, {5, 7})};
  const auto ranked = rank_items(items_, groups);
  EXPECT_THAT(order_of(ranked), ElementsAre(1, 5, 7, 2, 8, 3, 4, 6));
  EXPECT_EQ(ranked[0].shown_with, std::nullopt);
  EXPECT_EQ(ranked[1].shown_with, id_of(1));
  EXPECT_EQ(ranked[2].shown_with, id_of(1));
  EXPECT_EQ(ranked[4].shown_with, id_of(2));
}

TEST_F(RankItems, LetsTheEarlierGroupDecideForAnItemThatIsInNearGroupsOfBothModes) {
  add(1, {});
  add(2, {hit_of(Disposition::known, MatchKind::md5)});
  add(3, {hit_of(Disposition::known, MatchKind::md5)});
  for (uint8_t number = 4; number <= 6; ++number) add(number, {});
  Groups groups;
  groups.near = {group_of(GroupKind::near, {1, 2}), group_of(GroupKind::near, {4, 6}),
                 group_of(GroupKind::near, {1, 3}), group_of(GroupKind::near, {5, 6})};
  const auto ranked = rank_items(items_, groups);
  EXPECT_THAT(place_of(ranked, 1).reason, HasSubstr(to_hex(id_of(2).value)));
  EXPECT_EQ(place_of(ranked, 6).shown_with, id_of(4));
  EXPECT_EQ(place_of(ranked, 5).shown_with, std::nullopt);
}

TEST_F(RankItems, RaisesEvidenceOfACameraByItsStrength) {
  add(1, {});
  add_camera(2, Grade::weak);
  add_camera(3, Grade::declared);
  add_camera(4, Grade::verified);
  add_camera(5, Grade::verified_trusted);
  add_camera(6, Grade::declared);
  EXPECT_THAT(order_of(rank_items(items_, {})), ElementsAre(5, 4, 3, 6, 2, 1));
}

TEST_F(RankItems, LetsNoEvidenceOfOriginCrossAClassOrTheNearnessOfAHit) {
  add(1, {hit_of(Disposition::known, MatchKind::md5)});
  add_camera(2, Grade::declared, {hit_of(Disposition::known, MatchKind::md5)});
  add_camera(3, Grade::verified_trusted, {hit_of(Disposition::known, MatchKind::pdq, 1)});
  add(4, {hit_of(Disposition::review, MatchKind::md5)});
  add(5, {}, Coverage::none);
  add_camera(6, Grade::verified_trusted, {}, Coverage::none);
  add_camera(7, Grade::declared, {}, Coverage::partial);
  add(8, {}, Coverage::partial);
  add_camera(9, Grade::verified_trusted);
  const auto ranked = rank_items(items_, {});
  EXPECT_THAT(order_of(ranked), ElementsAre(2, 1, 3, 4, 6, 5, 7, 8, 9));
}

TEST_F(RankItems, LeavesWhatIsOrdinaryWhereItStands) {
  add(1, {hit_of(Disposition::ordinary, MatchKind::sha256)});
  add_camera(2, Grade::verified_trusted, {hit_of(Disposition::ordinary, MatchKind::sha256)});
  const auto ranked = rank_items(items_, {});
  EXPECT_THAT(order_of(ranked), ElementsAre(1, 2));
  const Finding camera{"camera_metadata", Grade::declared, "", {}, {}};
  EXPECT_EQ(full_reason(ranked[1], {{&camera}, {}}), ranked[1].reason);
}

TEST_F(RankItems, NeverMovesAnItemForEvidenceOfSynthesis) {
  std::mt19937 random(7);
  for (uint8_t number = 0; number < 200; ++number) {
    std::vector<Hit> hits;
    if (random() % 3 == 0) {
      hits.push_back(hit_of(static_cast<Disposition>(random() % 4),
                            static_cast<MatchKind>(random() % 4), random() % 32));
    }
    const Grade camera = random() % 2 == 0 ? Grade::fact : Grade::declared;
    add(number, hits, static_cast<Coverage>(random() % 3), {camera, Grade::fact});
  }
  Groups groups;
  groups.near = {group_of(GroupKind::near, {5, 90, 7}), group_of(GroupKind::near, {1, 2})};
  groups.exact = {group_of(GroupKind::exact, {100, 8})};
  const auto without = rank_items(items_, groups);
  for (RankItem& item : items_) {
    item.origin.synthesis = static_cast<Grade>(random() % kGrades);
  }
  EXPECT_EQ(rank_items(items_, groups), without);
}

TEST_F(RankItems, CountsAPhotographEditedWithAGeneratorAsFromACamera) {
  add(1, {});
  add(2, {}, Coverage::full, {Grade::declared, Grade::verified});
  EXPECT_THAT(order_of(rank_items(items_, {})), ElementsAre(2, 1));
}

TEST_F(RankItems, ShowsAGroupByItsItemFromACameraAndRaisesTheOthersWithIt) {
  for (uint8_t number = 1; number <= 4; ++number) add(number, {});
  add_camera(5, Grade::declared);
  Groups groups;
  groups.near = {group_of(GroupKind::near, {2, 4, 5})};
  const auto ranked = rank_items(items_, groups);
  EXPECT_THAT(order_of(ranked), ElementsAre(5, 2, 4, 1, 3));
  EXPECT_EQ(ranked[0].shown_with, std::nullopt);
  EXPECT_EQ(ranked[1].shown_with, id_of(5));
  EXPECT_EQ(ranked[2].shown_with, id_of(5));
}

TEST_F(RankItems, RaisesEvidenceOfACameraAmongWhatLooksLikeAHit) {
  add(1, {});
  add(2, {hit_of(Disposition::known, MatchKind::md5)});
  add(3, {hit_of(Disposition::known, MatchKind::md5)});
  add_camera(4, Grade::declared);
  Groups groups;
  groups.near = {group_of(GroupKind::near, {2, 1}), group_of(GroupKind::near, {3, 4})};
  EXPECT_THAT(order_of(rank_items(items_, groups)), ElementsAre(2, 3, 4, 1));
}

TEST_F(RankItems, SaysInTheFullReasonWhatEvidenceOfOriginHasToDoWithThePlace) {
  add_camera(1, Grade::declared);
  add(2, {});
  const auto ranked = rank_items(items_, {});
  const Finding camera{"camera_metadata", Grade::declared, "", {}, {{"model", "Canon EOS 5D"}}};
  EXPECT_EQ(
      full_reason(ranked[0], {{&camera}, {}}),
      "Examined; no list says anything of it. Evidence of a camera: EXIF declares \"Canon EOS "
      "5D\" (declared: anybody can write it).");
  EXPECT_EQ(full_reason(ranked[1], {}), ranked[1].reason);
}

TEST_F(RankItems, EvidenceOfOriginAddsNothingToTheSizeOfTheOrder) {
  struct WithoutOrigin {
    ItemId item;
    Coverage coverage;
    std::span<const Hit> hits;
  };
  EXPECT_EQ(sizeof(RankItem), sizeof(WithoutOrigin));
}

TEST_F(RankItems, LosesNoItemAndDoesNotDependOnTheirOrder) {
  std::mt19937 random(4);
  for (uint8_t number = 0; number < 200; ++number) {
    std::vector<Hit> hits;
    while (random() % 2 == 0) {
      hits.push_back(hit_of(static_cast<Disposition>(random() % 4),
                            static_cast<MatchKind>(random() % 4), random() % 32));
    }
    add(number, hits, static_cast<Coverage>(random() % 3),
        {static_cast<Grade>(random() % kGrades), static_cast<Grade>(random() % kGrades)});
  }
  Groups groups;
  for (uint8_t first = 0; first < 180; first = static_cast<uint8_t>(first + 9)) {
    groups.near.push_back(group_of(GroupKind::near, {first, static_cast<uint8_t>(first + 3),
                                                     static_cast<uint8_t>(first + 4)}));
    groups.exact.push_back(group_of(GroupKind::exact, {first, static_cast<uint8_t>(first + 5)}));
  }
  const auto ranked = rank_items(items_, groups);
  auto numbers = order_of(ranked);
  for (size_t i = 1; i < ranked.size(); ++i) {
    EXPECT_LE(ranked[i - 1].rank_class, ranked[i].rank_class);
  }
  std::shuffle(items_.begin(), items_.end(), random);
  EXPECT_EQ(rank_items(items_, groups), ranked);
  std::sort(numbers.begin(), numbers.end());
  ASSERT_EQ(numbers.size(), 200u);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(numbers[i], i);
}

}  // namespace
}  // namespace safelight::triage
