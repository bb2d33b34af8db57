#include "safelight/triage/groups.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

namespace safelight::triage {
namespace {

using Random = std::mt19937_64;

ItemId id_of(uint64_t number) {
  ItemId id;
  for (size_t i = 0; i < 8; ++i) {
    id.value.bytes[i] = static_cast<uint8_t>(number >> (8 * (7 - i)));
  }
  return id;
}

Sha256 content(uint64_t number) { return id_of(number).value; }

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

GroupItem item_of(uint64_t number, const Fingerprint& fingerprint, uint8_t quality = 100) {
  return {id_of(number), content(number), {{fingerprint, PdqMode::reference, quality}}};
}

const Fingerprint& print_of(const GroupItem& item) { return item.fingerprints.at(0).fingerprint; }

std::set<ItemId> ids_of(const Group& group) {
  std::set<ItemId> ids;
  for (const GroupMember& member : group.members) ids.insert(member.item);
  return ids;
}

/// Items in tight and loose clusters, in paths, in equal copies and alone.
std::vector<GroupItem> mixed_items(size_t count, uint64_t seed) {
  Random random(seed);
  std::vector<GroupItem> items;
  Fingerprint last = uniform(random);
  while (items.size() < count) {
    const uint64_t kind = random() % 10;
    if (kind < 2) {
      last = uniform(random);
    } else if (kind < 8) {
      for (uint64_t flips = random() % 30; flips > 0; --flips) {
        last = flip(last, {static_cast<uint32_t>(random() % 256)});
      }
    }
    items.push_back(item_of(items.size(), last));
    if (kind == 9 && items.size() > 1) items.back().sha256 = items[items.size() - 2].sha256;
    if (kind == 9 && items.size() > 1)
      items.back().fingerprints = items[items.size() - 2].fingerprints;
  }
  return items;
}

TEST(FindGroups, PutsItemsOfTheSameBytesTogetherAndNoOthers) {
  std::vector<GroupItem> items;
  for (uint64_t i = 0; i < 30; ++i)
    items.push_back({id_of(i), content(i % 10 < 3 ? i % 10 : i), {}});
  const Groups groups = find_groups(items, {});
  ASSERT_EQ(groups.exact.size(), 3u);
  for (uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(groups.exact[i].representative, id_of(i));
    EXPECT_EQ(ids_of(groups.exact[i]), (std::set{id_of(i), id_of(i + 10), id_of(i + 20)}));
  }
  EXPECT_TRUE(groups.near.empty());
  EXPECT_EQ(groups.without_fingerprint, 30u);
}

TEST(FindGroups, GivesNothingForNothing) {
  const Groups groups = find_groups({}, {});
  EXPECT_TRUE(groups.exact.empty());
  EXPECT_TRUE(groups.near.empty());
}

TEST(FindGroups, PutsTwoPicturesTogetherAtTheRadiusAndNotOneBitFarther) {
  Random random(1);
  const Fingerprint base = uniform(random);
  for (const uint32_t radius : {0u, 1u, 31u, 40u}) {
    SCOPED_TRACE(radius);
    const std::vector<GroupItem> at = {item_of(1, base), item_of(2, flip_run(base, 50, radius))};
    const auto near = find_groups(at, {radius}).near;
    ASSERT_EQ(near.size(), 1u);
    ASSERT_EQ(near[0].members.size(), 2u);
    EXPECT_EQ(near[0].members[0].distance_bits, 0u);
    EXPECT_EQ(near[0].members[1].distance_bits, radius);
    EXPECT_EQ(ids_of(near[0]), (std::set{id_of(1), id_of(2)}));
    const std::vector<GroupItem> over = {item_of(1, base),
                                         item_of(2, flip_run(base, 50, radius + 1))};
    EXPECT_TRUE(find_groups(over, {radius}).near.empty());
  }
}

TEST(FindGroups, DoesNotChainUnlikePicturesThroughAPath) {
  // Each is 20 bits from the next, so that the ends are 200 bits apart.
  const Fingerprint start{};
  std::vector<GroupItem> items;
  for (uint32_t i = 0; i <= 10; ++i) items.push_back(item_of(i, flip_run(start, 0, 20 * i)));
  const Groups groups = find_groups(items, {});
  std::set<ItemId> grouped;
  for (const Group& group : groups.near) {
    EXPECT_LE(group.members.size(), 3u);
    const auto ids = ids_of(group);
    grouped.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(grouped.size(), items.size()) << "each has a neighbour, so each is in a group";
}

TEST(FindGroups, KeepsItsPromisesOnMixedItems) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    for (const uint32_t radius : {0u, 10u, 31u, 45u}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << " radius " << radius);
      const auto items = mixed_items(400, seed);
      const Groups groups = find_groups(items, {radius});
      std::map<ItemId, const GroupItem*> by_id;
      for (const auto& item : items) by_id[item.item] = &item;
      std::map<ItemId, ItemId> group_of;
      for (const Group& group : groups.near) {
        ASSERT_EQ(group.kind, GroupKind::near);
        ASSERT_GE(group.members.size(), 2u);
        ASSERT_EQ(group.members[0].item, group.representative);
        std::set<Sha256> contents;
        for (const GroupMember& member : group.members) {
          const Fingerprint& print = print_of(*by_id[member.item]);
          ASSERT_EQ(member.distance_bits,
                    hamming_distance(print, print_of(*by_id[group.representative])));
          ASSERT_LE(member.distance_bits, radius);
          ASSERT_TRUE(group_of.emplace(member.item, group.representative).second);
          contents.insert(*by_id[member.item]->sha256);
        }
        ASSERT_GE(contents.size(), 2u);
      }
      for (const auto& a : items) {
        for (const auto& b : items) {
          if (a.sha256 == b.sha256) continue;
          const uint32_t distance = hamming_distance(print_of(a), print_of(b));
          if (distance <= radius) {
            ASSERT_TRUE(group_of.contains(a.item)) << "lost a near-duplicate";
          }
          if (distance == 0) {
            ASSERT_EQ(group_of[a.item], group_of[b.item]);
          }
        }
      }
      for (const Group& group : groups.exact) {
        for (const GroupMember& member : group.members) {
          ASSERT_EQ(by_id[member.item]->sha256, by_id[group.representative]->sha256);
        }
      }
    }
  }
}

TEST(FindGroups, DoesNotDependOnTheOrderOfTheItemsNorOnThreadsOrSimd) {
  auto items = mixed_items(1500, 77);
  const Groups wanted = find_groups(items, {});
  ASSERT_GT(wanted.near.size(), 10u);
  ASSERT_GT(wanted.exact.size(), 10u);
  Random random(5);
  for (const SimdLevel level : {SimdLevel::scalar, detect_simd_level()}) {
    for (const uint32_t threads : {1u, 3u}) {
      std::shuffle(items.begin(), items.end(), random);
      GroupOptions options;
      options.level = level;
      options.threads = threads;
      const Groups groups = find_groups(items, options);
      EXPECT_EQ(groups.near, wanted.near);
      EXPECT_EQ(groups.exact, wanted.exact);
    }
  }
}

TEST(FindGroups, FindsCompanyForAPictureWhoseNeighboursStandNearerToAnother) {
  // A hub has four companions at 20 bits and d at 15, which alone is within the radius of 6.
  const Fingerprint hub{};
  const Fingerprint d = flip_run(hub, 0, 15);
  std::vector<GroupItem> items = {item_of(0, hub), item_of(5, d)};
  for (uint32_t i = 1; i <= 4; ++i) items.push_back(item_of(i, flip_run(hub, 20 + 20 * i, 20)));
  items.push_back(item_of(6, flip_run(d, 120, 25)));
  const auto all = std::set{id_of(0), id_of(1), id_of(2), id_of(3), id_of(4)};
  const Groups groups = find_groups(items, {});
  ASSERT_EQ(groups.near.size(), 2u);
  EXPECT_EQ(ids_of(groups.near[0]), all);
  EXPECT_EQ(groups.near[0].representative, id_of(0));
  EXPECT_EQ(ids_of(groups.near[1]), (std::set{id_of(5), id_of(6)}));
  // Two and three that d alone holds together: d is their centre.
  items.push_back(item_of(7, flip_run(d, 150, 30)));
  for (const uint64_t number : {7, 8}) {
    SCOPED_TRACE(number);
    const Groups more = find_groups(items, {});
    ASSERT_EQ(more.near.size(), 2u);
    EXPECT_EQ(ids_of(more.near[0]), all);
    EXPECT_EQ(more.near[1].representative, id_of(5));
    EXPECT_EQ(more.near[1].members.size(), number - 4);
    items.push_back(item_of(8, flip_run(d, 190, 30)));
  }
}

TEST(FindGroups, LeavesOutLowQualityAndMissingFingerprintsAndCountsThem) {
  const Fingerprint same{{1, 2, 3, 4}};
  std::vector<GroupItem> items = {item_of(1, same, 50), item_of(2, same, 49), item_of(3, same, 0),
                                  item_of(4, same)};
  items[3].fingerprints.clear();
  const Groups groups = find_groups(items, {});
  EXPECT_TRUE(groups.near.empty());
  EXPECT_EQ(groups.of_low_quality, 2u);
  EXPECT_EQ(groups.without_fingerprint, 1u);
  items.push_back(item_of(6, same, 50));
  EXPECT_EQ(ids_of(find_groups(items, {}).near.at(0)), (std::set{id_of(1), id_of(6)}));
}

TEST(FindGroups, ComparesFingerprintsWithinEachModeAndNeverAcross) {
  const Fingerprint same{{1, 2, 3, 4}};
  const Fingerprint other = flip_run(same, 0, 100);
  std::vector<GroupItem> items = {item_of(1, same), item_of(2, same)};
  items[0].fingerprints[0].mode = PdqMode::full;
  EXPECT_TRUE(find_groups(items, {}).near.empty());
  // In a mode alone, as a scan of mode full leaves it.
  items[1].fingerprints[0].mode = PdqMode::full;
  const auto full = find_groups(items, {}).near;
  ASSERT_EQ(full.size(), 1u);
  EXPECT_EQ(full[0].mode, PdqMode::full);
  // Alike in one mode and not in the other, each mode decides for itself.
  items = {item_of(1, same), item_of(2, same), item_of(3, other)};
  items[0].fingerprints.push_back({same, PdqMode::full, 100});
  items[1].fingerprints.push_back({other, PdqMode::full, 100});
  items[2].fingerprints.push_back({flip_run(same, 9, 2), PdqMode::full, 100});
  const Groups both = find_groups(items, {});
  ASSERT_EQ(both.near.size(), 2u);
  EXPECT_EQ(both.near[0].mode, PdqMode::reference);
  EXPECT_EQ(ids_of(both.near[0]), (std::set{id_of(1), id_of(2)}));
  EXPECT_EQ(both.near[1].mode, PdqMode::full);
  EXPECT_EQ(ids_of(both.near[1]), (std::set{id_of(1), id_of(3)}));
  EXPECT_EQ(both.near[1].members[1].distance_bits, 2u);
  // Good enough in one of its modes, an item is not counted as left out.
  items[0].fingerprints[0].quality = 0;
  EXPECT_EQ(find_groups(items, {}).of_low_quality, 0u);
}

TEST(FindGroups, MakesNoNearGroupOfOneContentAlone) {
  const Fingerprint same{{1, 2, 3, 4}};
  std::vector<GroupItem> items = {item_of(1, same), item_of(2, same)};
  items[1].sha256 = items[0].sha256;
  EXPECT_TRUE(find_groups(items, {}).near.empty());
  EXPECT_EQ(find_groups(items, {}).exact.size(), 1u);
  // Stills without bytes of their own are each a content.
  items[0].sha256.reset();
  items[1].sha256.reset();
  EXPECT_EQ(find_groups(items, {}).near.size(), 1u);
  EXPECT_TRUE(find_groups(items, {}).exact.empty());
}

TEST(FindGroups, HoldsAHubOfVeryManyEqualFingerprints) {
  const Fingerprint same{{1, 2, 3, 4}};
  std::vector<GroupItem> items;
  for (uint64_t i = 0; i < 100'000; ++i) items.push_back(item_of(i, same));
  const Groups groups = find_groups(items, {});
  ASSERT_EQ(groups.near.size(), 1u);
  EXPECT_EQ(groups.near[0].members.size(), items.size());
}

TEST(FindGroups, HoldsAHubOfVeryManyFingerprintsThatAreAllAlike) {
  // 6,000 at up to 15 bits of a template: 36 million pairs, none of which is kept.
  Random random(3);
  const Fingerprint hub = uniform(random);
  std::vector<GroupItem> items = {item_of(0, hub)};
  for (uint64_t i = 1; i <= 6'000; ++i) {
    Fingerprint near = hub;
    for (int flips = 0; flips < 15; ++flips) {
      near = flip(near, {static_cast<uint32_t>(random() % 256)});
    }
    items.push_back(item_of(i, near));
  }
  const Groups groups = find_groups(items, {});
  ASSERT_EQ(groups.near.size(), 1u);
  EXPECT_EQ(groups.near[0].members.size(), items.size());
}

}  // namespace
}  // namespace safelight::triage
