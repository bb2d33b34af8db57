#include "safelight/triage/groups.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "safelight/triage/internal/stars.h"

namespace safelight::triage {
namespace {

using Random = std::mt19937_64;
using Seen = GroupInput::Seen;
using Numbers = std::set<ItemNumber>;

/// An item as the tests make it; its number is its place among the others.
struct TestItem {
  std::optional<Sha256> sha256;
  std::vector<PdqHash> fingerprints;
  Seen seen = Seen::no;
};

Sha256 content(uint64_t number) {
  Sha256 digest;
  for (size_t i = 0; i < 8; ++i) digest.bytes[i] = static_cast<uint8_t>(number >> (8 * (7 - i)));
  return digest;
}

Fingerprint uniform(Random& random) { return {{random(), random(), random(), random()}}; }

Fingerprint flip(Fingerprint fingerprint, std::initializer_list<uint32_t> bits) {
  for (const uint32_t bit : bits) fingerprint.words[bit / 64] ^= uint64_t{1} << (bit % 64);
  return fingerprint;
}

/// The fingerprint with bits `first` to `first + count - 1` flipped.
Fingerprint flip_run(Fingerprint fingerprint, uint32_t first, uint32_t count) {
  for (uint32_t bit = first; bit < first + count; ++bit) fingerprint = flip(fingerprint, {bit});
  return fingerprint;
}

Fingerprint flip_some(Fingerprint fingerprint, uint64_t flips, Random& random) {
  for (; flips > 0; --flips) {
    fingerprint = flip(fingerprint, {static_cast<uint32_t>(random() % 256)});
  }
  return fingerprint;
}

TestItem item_of(uint64_t number, const Fingerprint& fingerprint, uint8_t quality = 100) {
  return {content(number), {{fingerprint, PdqMode::reference, quality}}};
}

/// Items of different contents that have these fingerprints.
std::vector<TestItem> items_of(std::span<const Fingerprint> fingerprints) {
  std::vector<TestItem> items;
  for (const Fingerprint& one : fingerprints) items.push_back(item_of(items.size(), one));
  return items;
}

const Fingerprint& print_of(const TestItem& item) { return item.fingerprints.at(0).fingerprint; }

Groups group(const std::vector<TestItem>& items, const GroupOptions& options = {},
             std::span<const Group> before = {}) {
  GroupInput input;
  for (const TestItem& item : items) input.add(item.sha256, item.fingerprints, item.seen);
  return find_groups(std::move(input), options, before);
}

Numbers numbers_of(const Group& group) {
  Numbers numbers;
  for (const GroupMember& member : group.members) numbers.insert(member.item);
  return numbers;
}

std::set<Numbers> partition_of(const std::vector<Group>& groups) {
  std::set<Numbers> out;
  for (const Group& group : groups) out.insert(numbers_of(group));
  return out;
}

/// Items in tight and loose clusters, in paths, in equal copies and alone.
std::vector<TestItem> mixed_items(size_t count, uint64_t seed) {
  Random random(seed);
  std::vector<TestItem> items;
  Fingerprint last = uniform(random);
  while (items.size() < count) {
    const uint64_t kind = random() % 10;
    if (kind < 2) {
      last = uniform(random);
    } else if (kind < 8) {
      last = flip_some(last, random() % 30, random);
    }
    items.push_back(item_of(items.size(), last));
    if (kind == 9 && items.size() > 1) items.back() = items[items.size() - 2];
  }
  return items;
}

/// What README.md promises of near groups.
void expect_promises(const std::vector<TestItem>& items, const std::vector<Group>& near,
                     uint32_t radius) {
  std::map<ItemNumber, ItemNumber> group_of;
  for (const Group& group : near) {
    ASSERT_EQ(group.kind, GroupKind::near);
    ASSERT_GE(group.members.size(), 2u);
    ASSERT_EQ(group.members[0].item, group.centre);
    std::set<std::optional<Sha256>> contents;
    for (const GroupMember& member : group.members) {
      ASSERT_EQ(member.distance_bits,
                hamming_distance(print_of(items[member.item]), print_of(items[group.centre])));
      ASSERT_LE(member.distance_bits, radius);
      ASSERT_TRUE(group_of.emplace(member.item, group.centre).second);
      contents.insert(items[member.item].sha256);
    }
    ASSERT_GE(contents.size(), 2u);
  }
  for (ItemNumber a = 0; a < items.size(); ++a) {
    for (ItemNumber b = 0; b < items.size(); ++b) {
      if (items[a].sha256 == items[b].sha256) continue;
      const uint32_t distance = hamming_distance(print_of(items[a]), print_of(items[b]));
      if (distance <= radius) {
        ASSERT_TRUE(group_of.contains(a)) << "lost a near-duplicate";
      }
      if (distance == 0) {
        ASSERT_EQ(group_of[a], group_of[b]);
      }
    }
  }
}

TEST(FindGroups, PutsItemsOfTheSameBytesTogetherAndNoOthers) {
  std::vector<TestItem> items;
  for (uint64_t i = 0; i < 30; ++i) items.push_back({content(i % 10 < 3 ? i % 10 : i), {}});
  const Groups groups = group(items);
  ASSERT_EQ(groups.exact.size(), 3u);
  for (ItemNumber i = 0; i < 3; ++i) {
    EXPECT_EQ(groups.exact[i].centre, i);
    EXPECT_EQ(numbers_of(groups.exact[i]), (Numbers{i, i + 10, i + 20}));
  }
  EXPECT_TRUE(groups.near.empty());
  EXPECT_EQ(groups.without_fingerprint, 30u);
}

TEST(FindGroups, GivesNothingForNothing) {
  const Groups groups = group({});
  EXPECT_TRUE(groups.exact.empty());
  EXPECT_TRUE(groups.near.empty());
}

TEST(FindGroups, PutsTwoPicturesTogetherAtTheRadiusAndNotOneBitFarther) {
  Random random(1);
  const Fingerprint base = uniform(random);
  for (const uint32_t radius : {0u, 1u, 31u, 40u}) {
    SCOPED_TRACE(radius);
    const auto near =
        group({item_of(1, base), item_of(2, flip_run(base, 50, radius))}, {radius}).near;
    ASSERT_EQ(near.size(), 1u);
    ASSERT_EQ(near[0].members.size(), 2u);
    EXPECT_EQ(near[0].members[0].distance_bits, 0u);
    EXPECT_EQ(near[0].members[1].distance_bits, radius);
    EXPECT_EQ(numbers_of(near[0]), (Numbers{0, 1}));
    const std::vector<TestItem> over = {item_of(1, base),
                                        item_of(2, flip_run(base, 50, radius + 1))};
    EXPECT_TRUE(group(over, {radius}).near.empty());
  }
}

TEST(FindGroups, DoesNotChainUnlikePicturesThroughAPath) {
  // Each is 20 bits from the next, so that the ends are 200 bits apart.
  const Fingerprint start{};
  std::vector<TestItem> items;
  for (uint32_t i = 0; i <= 10; ++i) items.push_back(item_of(i, flip_run(start, 0, 20 * i)));
  const Groups groups = group(items);
  Numbers grouped;
  for (const Group& group : groups.near) {
    EXPECT_LE(group.members.size(), 3u);
    grouped.merge(numbers_of(group));
  }
  EXPECT_EQ(grouped.size(), items.size()) << "each has a neighbour, so each is in a group";
}

TEST(FindGroups, KeepsItsPromisesOnMixedItems) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    for (const uint32_t radius : {0u, 10u, 31u, 45u}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << " radius " << radius);
      const auto items = mixed_items(400, seed);
      const Groups groups = group(items, {radius});
      expect_promises(items, groups.near, radius);
      for (const Group& group : groups.exact) {
        for (const GroupMember& member : group.members) {
          ASSERT_EQ(items[member.item].sha256, items[group.centre].sha256);
        }
      }
    }
  }
}

TEST(FindGroups, DoesNotDependOnTheOrderOfTheItemsNorOnThreadsOrSimd) {
  const auto items = mixed_items(1500, 77);
  const Groups wanted = group(items);
  ASSERT_GT(wanted.near.size(), 10u);
  ASSERT_GT(wanted.exact.size(), 10u);
  Random random(5);
  std::vector<ItemNumber> order(items.size());
  std::iota(order.begin(), order.end(), 0u);
  for (const SimdLevel level : {SimdLevel::scalar, detect_simd_level()}) {
    for (const uint32_t threads : {1u, 3u}) {
      std::shuffle(order.begin(), order.end(), random);
      std::vector<TestItem> shuffled;
      for (const ItemNumber number : order) shuffled.push_back(items[number]);
      GroupOptions options;
      options.level = level;
      options.threads = threads;
      Groups groups = group(shuffled, options);
      for (auto* of_kind : {&groups.near, &groups.exact}) {
        for (Group& group : *of_kind) {
          for (GroupMember& member : group.members) member.item = order[member.item];
        }
      }
      EXPECT_EQ(partition_of(groups.near), partition_of(wanted.near));
      EXPECT_EQ(partition_of(groups.exact), partition_of(wanted.exact));
    }
  }
}

TEST(FindGroups, FindsCompanyForAPictureWhoseNeighboursStandNearerToAnother) {
  // A hub has four companions at 20 bits and d at 15, which alone is within the radius of 6.
  const Fingerprint hub{};
  const Fingerprint d = flip_run(hub, 0, 15);
  std::vector<TestItem> items = {item_of(0, hub)};
  for (uint32_t i = 1; i <= 4; ++i) items.push_back(item_of(i, flip_run(hub, 20 + 20 * i, 20)));
  items.push_back(item_of(5, d));
  items.push_back(item_of(6, flip_run(d, 120, 25)));
  const Numbers all{0, 1, 2, 3, 4};
  const Groups groups = group(items);
  ASSERT_EQ(groups.near.size(), 2u);
  EXPECT_EQ(numbers_of(groups.near[0]), all);
  EXPECT_EQ(groups.near[0].centre, 0u);
  EXPECT_EQ(numbers_of(groups.near[1]), (Numbers{5, 6}));
  // Two and three that d alone holds together: d is their centre.
  items.push_back(item_of(7, flip_run(d, 150, 30)));
  for (const uint64_t number : {7, 8}) {
    SCOPED_TRACE(number);
    const Groups more = group(items);
    ASSERT_EQ(more.near.size(), 2u);
    EXPECT_EQ(numbers_of(more.near[0]), all);
    EXPECT_EQ(more.near[1].centre, 5u);
    EXPECT_EQ(more.near[1].members.size(), number - 4);
    items.push_back(item_of(8, flip_run(d, 190, 30)));
  }
}

TEST(FindGroups, LeavesOutLowQualityAndMissingFingerprintsAndCountsThem) {
  const Fingerprint same{{1, 2, 3, 4}};
  std::vector<TestItem> items = {item_of(1, same, 50), item_of(2, same, 49), item_of(3, same, 0),
                                 item_of(4, same)};
  items[3].fingerprints.clear();
  const Groups groups = group(items);
  EXPECT_TRUE(groups.near.empty());
  EXPECT_EQ(groups.of_low_quality, 2u);
  EXPECT_EQ(groups.without_fingerprint, 1u);
  items.push_back(item_of(6, same, 50));
  EXPECT_EQ(numbers_of(group(items).near.at(0)), (Numbers{0, 4}));
}

TEST(FindGroups, ComparesFingerprintsWithinEachModeAndNeverAcross) {
  const Fingerprint same{{1, 2, 3, 4}};
  const Fingerprint other = flip_run(same, 0, 100);
  std::vector<TestItem> items = {item_of(0, same), item_of(1, same)};
  items[0].fingerprints[0].mode = PdqMode::full;
  EXPECT_TRUE(group(items).near.empty());
  // In a mode alone, as a scan of mode full leaves it.
  items[1].fingerprints[0].mode = PdqMode::full;
  const auto full = group(items).near;
  ASSERT_EQ(full.size(), 1u);
  EXPECT_EQ(full[0].mode, PdqMode::full);
  // Alike in one mode and not in the other, each mode decides for itself.
  items = {item_of(0, same), item_of(1, same), item_of(2, other)};
  items[0].fingerprints.push_back({same, PdqMode::full, 100});
  items[1].fingerprints.push_back({other, PdqMode::full, 100});
  items[2].fingerprints.push_back({flip_run(same, 9, 2), PdqMode::full, 100});
  const Groups both = group(items);
  ASSERT_EQ(both.near.size(), 2u);
  EXPECT_EQ(both.near[0].mode, PdqMode::reference);
  EXPECT_EQ(numbers_of(both.near[0]), (Numbers{0, 1}));
  EXPECT_EQ(both.near[1].mode, PdqMode::full);
  EXPECT_EQ(numbers_of(both.near[1]), (Numbers{0, 2}));
  EXPECT_EQ(both.near[1].members[1].distance_bits, 2u);
  // Good enough in one of its modes, an item is not counted as left out.
  items[0].fingerprints[0].quality = 0;
  EXPECT_EQ(group(items).of_low_quality, 0u);
}

TEST(FindGroups, MakesNoNearGroupOfOneContentAlone) {
  const Fingerprint same{{1, 2, 3, 4}};
  std::vector<TestItem> items = {item_of(1, same), item_of(1, same)};
  EXPECT_TRUE(group(items).near.empty());
  EXPECT_EQ(group(items).exact.size(), 1u);
  // Stills without bytes of their own are each a content.
  items[0].sha256.reset();
  items[1].sha256.reset();
  EXPECT_EQ(group(items).near.size(), 1u);
  EXPECT_TRUE(group(items).exact.empty());
}

TEST(FindGroups, HoldsAHubOfVeryManyEqualFingerprints) {
  const std::vector<Fingerprint> same(100'000, Fingerprint{{1, 2, 3, 4}});
  const Groups groups = group(items_of(same));
  ASSERT_EQ(groups.near.size(), 1u);
  EXPECT_EQ(groups.near[0].members.size(), same.size());
}

TEST(FindGroups, HoldsAHubOfVeryManyFingerprintsThatAreAllAlike) {
  // 6,000 at up to 15 bits of a template: 36 million pairs, none of which is kept.
  Random random(3);
  std::vector<Fingerprint> prints = {uniform(random)};
  while (prints.size() <= 6'000) prints.push_back(flip_some(prints[0], 15, random));
  const Groups groups = group(items_of(prints));
  ASSERT_EQ(groups.near.size(), 1u);
  EXPECT_EQ(groups.near[0].members.size(), prints.size());
}

/// The rule of README.md, each step as it is written there.
std::vector<uint32_t> stars_by_the_rule(std::span<const Fingerprint> prints, uint32_t radius) {
  const auto distance = [&](size_t a, size_t b) { return hamming_distance(prints[a], prints[b]); };
  std::vector<uint32_t> count(prints.size(), 0);
  for (size_t a = 0; a < prints.size(); ++a) {
    for (size_t b = 0; b < prints.size(); ++b) count[a] += distance(a, b) <= radius ? 1 : 0;
    count[a] = std::min(count[a], internal::kMaxCountedNeighbours);
  }
  std::vector<uint32_t> ranked(prints.size());
  std::iota(ranked.begin(), ranked.end(), 0u);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](uint32_t a, uint32_t b) { return count[a] > count[b]; });
  std::vector<uint32_t> centres;
  for (const uint32_t place : ranked) {
    if (std::none_of(centres.begin(), centres.end(),
                     [&](uint32_t centre) { return distance(centre, place) <= radius; })) {
      centres.push_back(place);
    }
  }
  std::vector<uint32_t> centre_of(prints.size());
  for (uint32_t place = 0; place < prints.size(); ++place) {
    centre_of[place] = *std::min_element(
        centres.begin(), centres.end(),
        [&](uint32_t a, uint32_t b) { return distance(a, place) < distance(b, place); });
  }
  const auto size_of = [&](uint32_t centre) {
    return std::count(centre_of.begin(), centre_of.end(), centre);
  };
  std::vector<uint32_t> lonely;
  for (const uint32_t centre : centres) {
    if (count[centre] > 1 && size_of(centre) == 1) lonely.push_back(centre);
  }
  for (const uint32_t centre : lonely) {
    if (size_of(centre) != 1) continue;
    uint32_t nearest = centre;
    for (uint32_t place = 0; place < prints.size(); ++place) {
      if (place == centre || distance(place, centre) > radius) continue;
      if (nearest == centre || distance(place, centre) < distance(nearest, centre)) nearest = place;
    }
    const uint32_t other = centre_of[nearest];
    if (other == nearest) {
      centre_of[centre] = nearest;
    } else if (size_of(other) > 2) {
      centre_of[nearest] = centre;
    } else {
      centre_of[other] = centre_of[centre] = centre_of[nearest] = nearest;
    }
  }
  return centre_of;
}

std::vector<Fingerprint> sorted_prints(std::vector<Fingerprint> prints) {
  std::sort(prints.begin(), prints.end());
  prints.erase(std::unique(prints.begin(), prints.end()), prints.end());
  return prints;
}

/// Fingerprints that use few bits, so that nearly all of them have neighbours and ties abound.
std::vector<Fingerprint> crowded_prints(size_t count, uint32_t bits, Random& random) {
  std::vector<Fingerprint> prints(count);
  for (Fingerprint& one : prints) {
    one.words[0] = random() & ((uint64_t{1} << bits) - 1);
  }
  return sorted_prints(std::move(prints));
}

void expect_the_rule(const std::vector<Fingerprint>& prints, uint32_t radius) {
  const auto wanted = stars_by_the_rule(prints, radius);
  for (const IndexKind kind : {IndexKind::flat, IndexKind::multi}) {
    for (const uint32_t threads : {1u, 3u}) {
      internal::StarOptions options;
      options.radius_bits = radius;
      options.threads = threads;
      options.level = detect_simd_level();
      options.index = kind;
      ASSERT_EQ(internal::find_stars(prints, options), wanted);
    }
  }
}

TEST(FindStars, FollowsTheRuleOnMixedFingerprints) {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    for (const uint32_t radius : {0u, 12u, 31u, 50u}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << " radius " << radius);
      std::vector<Fingerprint> prints;
      for (const TestItem& item : mixed_items(300, seed)) prints.push_back(print_of(item));
      expect_the_rule(sorted_prints(std::move(prints)), radius);
    }
  }
}

TEST(FindStars, FollowsTheRuleWhereNearlyAllHaveAsManyNeighbours) {
  Random random(9);
  for (const uint32_t bits : {8u, 12u, 20u, 40u}) {
    for (const uint32_t radius : {1u, 2u, 4u, 8u}) {
      SCOPED_TRACE(testing::Message() << bits << " bits, radius " << radius);
      expect_the_rule(crowded_prints(250, bits, random), radius);
    }
  }
  // A cube in which every fingerprint has the same number of neighbours.
  std::vector<Fingerprint> cube;
  for (uint64_t value = 0; value < 256; ++value) cube.push_back({{value, 0, 0, 0}});
  for (const uint32_t radius : {1u, 2u, 3u}) expect_the_rule(sorted_prints(cube), radius);
}

TEST(FindStars, FollowsTheRuleWhereMoreAreNearThanAreCounted) {
  Random random(10);
  std::vector<Fingerprint> prints = {uniform(random)};
  while (prints.size() < internal::kMaxCountedNeighbours + 300) {
    prints.push_back(flip_some(prints[0], 18, random));
  }
  expect_the_rule(sorted_prints(std::move(prints)), 31);
}

TEST(FindStars, FollowsTheRuleOnPathsAndOnRings) {
  std::vector<Fingerprint> prints;
  const Fingerprint start{};
  for (uint32_t i = 0; i < 25; ++i) prints.push_back(flip_run(start, 0, 10 * i));
  for (const uint32_t radius : {9u, 10u, 20u, 31u, 63u}) {
    expect_the_rule(sorted_prints(prints), radius);
  }
  prints.clear();
  for (uint32_t i = 0; i < 64; ++i) {
    Fingerprint one;
    for (uint32_t bit = 0; bit < 16; ++bit) one = flip(one, {(4 * i + bit) % 256});
    prints.push_back(one);
  }
  for (const uint32_t radius : {8u, 16u, 24u}) expect_the_rule(sorted_prints(prints), radius);
}

/// Marks all items as seen, and adds others behind them.
std::vector<TestItem> with_more(std::vector<TestItem> items, const std::vector<TestItem>& more) {
  for (TestItem& item : items) item.seen = Seen::yes;
  items.insert(items.end(), more.begin(), more.end());
  return items;
}

TEST(ExtendGroups, KeepsItsPromisesAdditionForAddition) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    const uint32_t radius = seed % 3 == 0 ? 20 : 31;
    const auto all = mixed_items(420, 100 + seed);
    std::vector<TestItem> items(all.begin(), all.begin() + 200);
    Groups groups = group(items, {radius});
    for (size_t at = 200; at < all.size(); at += 55) {
      items = with_more(items, {all.begin() + static_cast<ptrdiff_t>(at),
                                all.begin() + static_cast<ptrdiff_t>(at + 55)});
      const Groups before = std::move(groups);
      groups = group(items, {radius}, before.near);
      expect_promises(items, groups.near, radius);
      // What is found again from nothing differs in which groups, not in who has company.
      Numbers grouped;
      for (const Group& group : groups.near) grouped.merge(numbers_of(group));
      for (TestItem& item : items) item.seen = Seen::no;
      Numbers anew;
      for (const Group& group : group(items, {radius}).near) anew.merge(numbers_of(group));
      EXPECT_EQ(grouped, anew);
    }
  }
}

TEST(ExtendGroups, LeavesGroupsAsTheyAreWhereNothingWasAdded) {
  const auto items = mixed_items(500, 4);
  const Groups groups = group(items);
  EXPECT_EQ(group(with_more(items, {}), {}, groups.near).near, groups.near);
}

TEST(ExtendGroups, FindsTheSameAsAtOnceWhereNothingWasThere) {
  const auto items = mixed_items(500, 5);
  EXPECT_EQ(group(items, {}, {}).near, group(with_more({}, items), {}, {}).near);
}

TEST(ExtendGroups, TakesNewPicturesIntoTheNearestGroupAndLeavesItsCentre) {
  const Fingerprint a{};
  const Fingerprint b = flip_run(a, 0, 50);
  std::vector<TestItem> items = {item_of(0, a), item_of(1, flip_run(a, 200, 4)), item_of(2, b),
                                 item_of(3, flip_run(b, 220, 4))};
  const Groups before = group(items);
  ASSERT_EQ(before.near.size(), 2u);
  const ItemNumber centre_a =
      numbers_of(before.near[0]).contains(0) ? before.near[0].centre : before.near[1].centre;
  // Twenty that all have more neighbours than the old centre: it stays the centre.
  std::vector<TestItem> more;
  for (uint32_t i = 0; i < 20; ++i) {
    more.push_back(item_of(10 + i, flip_run(flip_run(a, 100, 8), 120 + i, 1)));
  }
  more.push_back(item_of(40, flip_run(a, 0, 20)));
  const Groups after = group(with_more(items, more), {}, before.near);
  ASSERT_EQ(after.near.size(), 2u);
  EXPECT_EQ(after.near[0].centre, centre_a);
  EXPECT_EQ(after.near[0].members.size(), 23u);
  EXPECT_TRUE(numbers_of(after.near[0]).contains(24)) << "20 bits from a, 30 from b";
}

TEST(ExtendGroups, GroupsNewPicturesAmongThemselvesAndWithThoseThatWereAlone) {
  const Fingerprint alone{};
  const Fingerprint other = flip_run(alone, 100, 100);
  std::vector<TestItem> items = {item_of(0, alone), item_of(1, other)};
  const Groups before = group(items);
  EXPECT_TRUE(before.near.empty());
  const Groups after = group(
      with_more(items, {item_of(2, flip_run(alone, 0, 10)), item_of(3, flip_run(alone, 30, 10)),
                        item_of(4, flip_run(flip_run(alone, 0, 100), 200, 50))}),
      {}, before.near);
  ASSERT_EQ(after.near.size(), 1u);
  EXPECT_EQ(numbers_of(after.near[0]), (Numbers{0, 2, 3}));
}

TEST(ExtendGroups, AGroupGivesAMemberToANewPictureThatHasNoOtherCompany) {
  // c with members at 20 bits; the new one is near to one of them and not to c.
  const Fingerprint c{};
  const Fingerprint member = flip_run(c, 0, 20);
  std::vector<TestItem> items = {item_of(0, c), item_of(1, member)};
  const TestItem lonely = item_of(9, flip_run(c, 0, 45));
  const Groups pair = group(items);
  // Of a pair the common neighbour becomes the centre of the three.
  Groups after = group(with_more(items, {lonely}), {}, pair.near);
  ASSERT_EQ(after.near.size(), 1u);
  EXPECT_EQ(numbers_of(after.near[0]), (Numbers{0, 1, 2}));
  EXPECT_EQ(after.near[0].centre, 1u);
  // A larger group gives it away.
  items.push_back(item_of(2, flip_run(c, 100, 20)));
  items.push_back(item_of(3, flip_run(c, 150, 20)));
  const Groups four = group(items);
  ASSERT_EQ(four.near.at(0).centre, 0u);
  after = group(with_more(items, {lonely}), {}, four.near);
  EXPECT_EQ(partition_of(after.near), (std::set<Numbers>{{0, 2, 3}, {1, 4}}));
}

TEST(ExtendGroups, KeepsTheCentreOfAGroupOfEqualFingerprints) {
  const Fingerprint same = flip_run({}, 0, 200);
  const std::vector<TestItem> items = {item_of(0, same), item_of(1, same)};
  const Groups before = group(items);
  const Groups after =
      group(with_more(items, {item_of(2, flip_run(same, 190, 10))}), {}, before.near);
  ASSERT_EQ(after.near.size(), 1u);
  EXPECT_EQ(after.near[0].centre, 0u);
  EXPECT_EQ(after.near[0].members.size(), 3u);
}

TEST(ExtendGroups, LooksAgainAtWhatLostItsGroupWithAnItemThatChanged) {
  // The centre's file was replaced by another picture: its members find each other.
  const Fingerprint c{};
  std::vector<TestItem> items = {item_of(0, c), item_of(1, flip_run(c, 0, 12)),
                                 item_of(2, flip_run(c, 20, 12)), item_of(3, flip_run(c, 40, 12))};
  const Groups before = group(items);
  ASSERT_EQ(before.near.at(0).centre, 0u);
  items = with_more(items, {});
  items[0] = item_of(99, flip_run(c, 0, 256));
  const Groups after = group(items, {}, before.near);
  EXPECT_EQ(partition_of(after.near), (std::set<Numbers>{{1, 2, 3}}));
  expect_promises(items, after.near, 31);
}

TEST(ExtendGroups, HoldsWhateverIsSaidToHaveBeenBefore) {
  // Groups as a store could hold them that was half written: members twice, too far, centres that
  // are members, items without a fingerprint.
  Random random(6);
  for (int round = 0; round < 200; ++round) {
    auto items = mixed_items(60, 300 + static_cast<uint64_t>(round));
    items[7].fingerprints.clear();
    const auto right = group(items);
    items = with_more(items, {});
    std::vector<Group> before = right.near;
    for (int i = 0; i < 5; ++i) {
      Group group;
      group.kind = GroupKind::near;
      group.centre = static_cast<ItemNumber>(random() % items.size());
      group.members.push_back({group.centre, 0});
      for (uint64_t more = random() % 5; more > 0; --more) {
        group.members.push_back({static_cast<ItemNumber>(random() % items.size()), 3});
      }
      before.push_back(group);
    }
    std::shuffle(before.begin(), before.end(), random);
    items[7].sha256 = content(1'000'000);
    const Groups after = group(items, {}, before);
    items[7].fingerprints = {{uniform(random), PdqMode::reference, 0}};
    expect_promises(items, after.near, 31);
  }
}

}  // namespace
}  // namespace safelight::triage
