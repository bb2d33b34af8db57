#include "safelight/triage/review.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <map>
#include <random>

#include "safelight/casefile/verify.h"
#include "safelight/triage/internal/review_sample.h"
#include "safelight/triage/reasons.h"

namespace safelight::triage {
namespace {

using sample::change;
using sample::hit;
using sample::id_of;
using sample::item;
using sample::picture;
using sample::unlike;

class ReviewCase : public sample::Case {
 protected:
  UpdateCounts update(Regroup regroup = Regroup::no) {
    auto writer = triage_writer();
    return update_review(writer, reader(), options_, 2, regroup);
  }
  [[nodiscard]] Review review() const {
    auto found = stored_review(reader());
    EXPECT_TRUE(found);
    return std::move(*found);
  }
  [[nodiscard]] RankClass class_of(const Review& review, const std::string& path) const {
    return review.places[*review.find(id_of(path))].rank_class;
  }
  [[nodiscard]] std::vector<std::string> codes_of(const std::string& path) const {
    std::vector<std::string> codes;
    reader().for_each_item([&](const casefile::StoredItem& stored) {
      if (stored.item.id != id_of(path)) return;
      for (const Reason& reason : stored.review->reasons) codes.push_back(reason.code);
    });
    return codes;
  }
  /// Paths in the order of review.
  [[nodiscard]] std::vector<std::string> order() const {
    const Review now = review();
    std::vector<std::string> paths(now.items.size());
    reader().for_each_item([&](const casefile::StoredItem& stored) {
      paths[now.places[*now.find(stored.item.id)].rank - 1] = stored.display_path;
    });
    return paths;
  }

  TriageOptions options_;
};

TEST_F(ReviewCase, GroupsRanksAndStoresWhatTheCaseHolds) {
  casefile::Batch batch;
  batch.contents = {picture(20, 0), picture(21, 7), unlike(22)};
  batch.items = {item("a/1", {}, Coverage::none), item("b/2", 20), item("c/3", 20), item("d/4", 21),
                 item("e/5", 22)};
  batch.hits = {change(21, hit(Disposition::known, MatchKind::pdq, 9))};
  writer_->commit(batch);
  EXPECT_FALSE(stored_review(reader()));
  const UpdateCounts counts = update();
  EXPECT_EQ(counts.new_items, 5u);
  EXPECT_EQ(counts.reviews_written, 5u);
  EXPECT_EQ(counts.groups_written, 2u);

  const Review now = review();
  ASSERT_EQ(now.groups.exact.size(), 1u);
  EXPECT_EQ(now.groups.exact[0].members.size(), 2u);
  ASSERT_EQ(now.groups.near.size(), 1u);
  EXPECT_EQ(now.groups.near[0].members.size(), 3u);
  EXPECT_EQ(now.groups.without_fingerprint, 1u);
  EXPECT_EQ(class_of(now, "d/4"), RankClass::resembles_known);
  EXPECT_EQ(class_of(now, "b/2"), RankClass::beside_known);
  EXPECT_EQ(class_of(now, "c/3"), RankClass::beside_known);
  EXPECT_EQ(class_of(now, "a/1"), RankClass::not_examined);
  const auto paths = order();
  EXPECT_EQ(paths[0], "d/4");
  EXPECT_EQ(paths[3], "a/1");
  EXPECT_EQ(paths[4], "e/5");
  const ItemNumber second = *now.find(id_of(paths[1]));
  const ItemNumber third = *now.find(id_of(paths[2]));
  EXPECT_EQ(now.places[third].shown_with, second);
  EXPECT_THAT(codes_of("d/4"), testing::ElementsAre("resembles_entry"));
  EXPECT_THAT(codes_of(paths[2]), testing::ElementsAre("looks_like_hit", "no_match", "shown_with"));
  EXPECT_FALSE(casefile::verify_case(directory(), {}).mismatch);
}

TEST_F(ReviewCase, IsNotCurrentAfterTheEvidenceChangedAndAfterNothingElse) {
  casefile::Batch batch;
  batch.contents = {picture(20, 0)};
  batch.items = {item("1", 20)};
  writer_->commit(batch);
  update();
  writer_->note("report.written", {});
  EXPECT_TRUE(stored_review(reader()));
  writer_->commit({{}, {}, {change(20, hit(Disposition::known, MatchKind::sha1))}});
  EXPECT_FALSE(stored_review(reader()));
  update();
  EXPECT_EQ(class_of(review(), "1"), RankClass::known_sample);
}

TEST_F(ReviewCase, WritesOnlyWhatChanged) {
  casefile::Batch batch;
  for (uint8_t number = 1; number <= 40; ++number) {
    batch.contents.push_back(unlike(number));
    batch.items.push_back(item("folder/" + std::to_string(number), number));
  }
  writer_->commit(batch);
  EXPECT_EQ(update().reviews_written, 40u);
  const UpdateCounts again = update();
  EXPECT_EQ(again.reviews_written, 0u);
  EXPECT_EQ(again.groups_written, 0u);
  EXPECT_EQ(again.new_items, 0u);
  // One that comes first moves no row of the others.
  casefile::Batch more;
  more.contents = {unlike(41)};
  more.items = {item("other/41", 41)};
  more.hits = {change(41, hit(Disposition::review, MatchKind::sha1))};
  writer_->commit(more);
  const UpdateCounts after = update();
  EXPECT_EQ(after.reviews_written, 1u);
  EXPECT_EQ(after.new_items, 1u);
  EXPECT_EQ(order()[0], "other/41");
}

TEST_F(ReviewCase, GroupsFollowAdditions) {
  casefile::Batch batch;
  batch.contents = {picture(1, 0), picture(2, 0xf), unlike(3)};
  batch.items = {item("1", 1), item("2", 2), item("3", 3)};
  writer_->commit(batch);
  update();
  const Review before = review();
  ASSERT_EQ(before.groups.near.size(), 1u);
  const ItemId centre = before.items[before.groups.near[0].centre];
  casefile::Batch more;
  for (uint8_t number = 10; number < 20; ++number) {
    more.contents.push_back(picture(number, 0xff00u | number));
    more.items.push_back(item(std::to_string(number), number));
  }
  writer_->commit(more);
  const UpdateCounts counts = update();
  EXPECT_EQ(counts.new_items, 10u);
  const Review after = review();
  ASSERT_EQ(after.groups.near.size(), 1u);
  EXPECT_EQ(after.items[after.groups.near[0].centre], centre);
  EXPECT_EQ(after.groups.near[0].members.size(), 12u);
  // From nothing, one that has the most neighbours is the centre.
  update(Regroup::yes);
  EXPECT_EQ(review().groups.near[0].members.size(), 12u);
}

TEST_F(ReviewCase, TheReviewReadIsTheSameAsOneMadeFromNothing) {
  std::mt19937_64 random(5);
  casefile::Batch batch;
  for (uint8_t number = 1; number <= 60; ++number) {
    batch.contents.push_back(picture(number, random() & 0x30f0f));
    for (uint64_t copy = random() % 3; copy < 3; ++copy) {
      batch.items.push_back(item("f" + std::to_string(random() % 5) + "/" + std::to_string(number) +
                                     "-" + std::to_string(copy),
                                 number));
    }
    if (random() % 6 == 0) {
      batch.hits.push_back(change(number, hit(static_cast<Disposition>(random() % 4),
                                              static_cast<MatchKind>(random() % 4), 3)));
    }
  }
  writer_->commit(batch);
  update();
  const Review first = review();
  update(Regroup::yes);
  const Review again = review();
  EXPECT_EQ(first.items, again.items);
  EXPECT_EQ(first.places, again.places);
  EXPECT_EQ(first.groups.exact, again.groups.exact);
  EXPECT_EQ(first.groups.near, again.groups.near);
  // Ranks are a permutation, and those that follow stand directly behind the one they follow.
  std::vector<ItemNumber> by_rank(first.items.size(), kNobody);
  for (ItemNumber number = 0; number < first.items.size(); ++number) {
    ASSERT_EQ(by_rank.at(first.places[number].rank - 1), kNobody);
    by_rank[first.places[number].rank - 1] = number;
  }
  ItemNumber lead = kNobody;
  for (const ItemNumber number : by_rank) {
    if (first.places[number].shown_with == kNobody) {
      lead = number;
    } else {
      EXPECT_EQ(first.places[number].shown_with, lead);
      EXPECT_EQ(first.places[number].rank_class, first.places[lead].rank_class);
    }
  }
}

TEST_F(ReviewCase, OptionsAreKeptAndAskedForAgain) {
  casefile::Batch batch;
  batch.contents = {unlike(1)};
  batch.items = {item("1", 1)};
  writer_->commit(batch);
  EXPECT_EQ(stored_options(reader()), TriageOptions{});
  options_.device = {"Make", "Model 3", "\"S\"1"};
  options_.seized_on = "2026-11-01";
  options_.recent_days = 7;
  options_.beside_minutes = 3;
  options_.sample = 0;
  options_.radius_bits = 20;
  update();
  EXPECT_EQ(stored_options(reader()), options_);
  EXPECT_EQ(review().options, options_);
}

TEST_F(ReviewCase, AnotherRadiusGroupsAnew) {
  casefile::Batch batch;
  batch.contents = {picture(1, 0), picture(2, 0xffff)};
  batch.items = {item("1", 1), item("2", 2)};
  writer_->commit(batch);
  options_.radius_bits = 15;
  update();
  EXPECT_TRUE(review().groups.near.empty());
  options_.radius_bits = 16;
  update();
  EXPECT_EQ(review().groups.near.size(), 1u);
  options_.radius_bits = 15;
  update();
  EXPECT_TRUE(review().groups.near.empty());
}

TEST_F(ReviewCase, AnItemWhoseFileWasReplacedLeavesItsGroup) {
  casefile::Batch batch;
  batch.contents = {picture(1, 0), picture(2, 3), unlike(3)};
  batch.items = {item("1", 1), item("2", 2)};
  writer_->commit(batch);
  update();
  EXPECT_EQ(review().groups.near.size(), 1u);
  casefile::Batch more;
  more.items = {item("2", 3)};
  writer_->commit(more);
  update();
  EXPECT_TRUE(review().groups.near.empty());
  EXPECT_FALSE(casefile::verify_case(directory(), {}).mismatch);
}

TEST_F(ReviewCase, TheSampleOfKnownContentsIsTheSameEachTimeAndAsLargeAsAsked) {
  casefile::Batch batch;
  for (uint8_t number = 1; number <= 50; ++number) {
    batch.contents.push_back(unlike(number));
    batch.items.push_back(item("a/" + std::to_string(number), number));
    batch.items.push_back(item("b/" + std::to_string(number), number));
    batch.hits.push_back(change(number, hit(Disposition::known, MatchKind::sha1)));
  }
  writer_->commit(batch);
  const auto sampled = [&] {
    std::vector<ItemId> out;
    const Review now = review();
    for (ItemNumber number = 0; number < now.items.size(); ++number) {
      if (now.places[number].rank_class == RankClass::known_sample)
        out.push_back(now.items[number]);
    }
    return out;
  };
  options_.sample = 7;
  update();
  const auto seven = sampled();
  EXPECT_EQ(seven.size(), 14u) << "both places of each content";
  update(Regroup::yes);
  EXPECT_EQ(sampled(), seven);
  options_.sample = 8;
  update();
  const auto eight = sampled();
  EXPECT_EQ(eight.size(), 16u);
  EXPECT_TRUE(std::includes(eight.begin(), eight.end(), seven.begin(), seven.end()));
  options_.sample = 0;
  update();
  EXPECT_TRUE(sampled().empty());
}

TEST_F(ReviewCase, EvidenceOfSynthesisMovesNothing) {
  casefile::Batch batch;
  std::mt19937 random(8);
  for (uint8_t number = 1; number <= 60; ++number) {
    batch.contents.push_back(unlike(number));
    if (random() % 3 == 0) {
      batch.contents.back().examination.findings = {
          {"camera_metadata", Grade::declared, "A camera.", {}, {{"make", "X"}}}};
    }
    batch.items.push_back(
        item(std::to_string(random() % 4) + "/" + std::to_string(number), number));
    if (random() % 4 == 0) {
      batch.hits.push_back(change(number, hit(static_cast<Disposition>(random() % 4),
                                              static_cast<MatchKind>(random() % 4), 9)));
    }
  }
  writer_->commit(batch);
  update();
  const auto without = order();
  casefile::Batch marked;
  for (auto content : batch.contents) {
    if (random() % 2 == 0) continue;
    content.examination.findings.push_back(
        {"generator_mark", static_cast<Grade>(1 + random() % 5), "A generator.", {}, {}});
    for (const char* supports : {"generated", "inconclusive"}) {
      content.examination.findings.push_back(
          {"origin_estimate", Grade::weak, "A ratio.", {}, {{"supports", supports}}});
    }
    content.examination.findings.push_back({"origin_cues", Grade::fact, "Cues.", {}, {}});
    marked.contents.push_back(content);
  }
  writer_->commit(marked);
  update();
  EXPECT_EQ(order(), without);
}

TEST_F(ReviewCase, AnEstimateThatSupportsACameraRaisesWithinTheClass) {
  casefile::Batch batch;
  for (uint8_t number = 1; number <= 12; ++number) {
    batch.contents.push_back(unlike(number));
    batch.items.push_back(item("a/" + std::to_string(number), number));
  }
  writer_->commit(batch);
  update();
  const auto before = order();
  casefile::ExaminedContent estimated = batch.contents[4];
  estimated.examination.findings = {
      {"origin_estimate", Grade::weak, "A ratio.", {}, {{"supports", "camera"}}}};
  casefile::Batch one;
  one.contents = {estimated};
  writer_->commit(one);
  update();
  const auto after = order();
  ASSERT_EQ(after.size(), before.size());
  EXPECT_EQ(after.front(), "a/5");
  EXPECT_NE(before.front(), "a/5");
}

TEST_F(ReviewCase, ACaseWithoutItemsHasAReview) {
  update();
  EXPECT_TRUE(review().items.empty());
}

TEST_F(ReviewCase, GroupsACaseThatHoldsModeFullAlone) {
  casefile::Batch batch;
  batch.contents = {picture(20, 0, PdqMode::full), picture(21, 7, PdqMode::full)};
  batch.items = {item("1", 20), item("2", 21)};
  writer_->commit(batch);
  update();
  const Review now = review();
  ASSERT_EQ(now.groups.near.size(), 1u);
  EXPECT_EQ(now.groups.near[0].mode, PdqMode::full);
  EXPECT_EQ(now.groups.near[0].members[1].distance_bits, 3u);
}

TEST_F(ReviewCase, GoesOnFromAStoreThatWasInterrupted) {
  // What a store wrote before it was killed: members of groups that are not there, an item in a
  // group of another's, and no state.
  casefile::Batch batch;
  batch.contents = {picture(1, 0), picture(2, 3), picture(3, 0xff00000000), unlike(4)};
  batch.items = {item("1", 1), item("2", 2), item("3", 3), item("4", 4)};
  writer_->commit(batch);
  update();
  const Review wanted = review();
  triage_writer().commit({{{GroupKind::near, PdqMode::reference, id_of("4"), id_of("4"), 2}},
                          {{id_of("1"), GroupKind::near, PdqMode::reference, id_of("4"), 2},
                           {id_of("2"), GroupKind::near, PdqMode::reference, std::nullopt, 0}},
                          {{id_of("1"), {"review", "1234567", {}, id_of("2")}}},
                          std::nullopt});
  update();
  const Review now = review();
  EXPECT_EQ(now.places, wanted.places);
  ASSERT_EQ(now.groups.near.size(), 1u);
  EXPECT_EQ(now.groups.near[0].members.size(), wanted.groups.near[0].members.size());
}

TEST_F(ReviewCase, IsOfTheCaseAsItWasWhenSomethingIsWrittenMeanwhile) {
  casefile::Batch batch;
  batch.contents = {picture(1, 0), picture(2, 3)};
  batch.items = {item("1", 1), item("2", 2)};
  writer_->commit(batch);
  const auto reading = reader();
  auto writer = triage_writer();
  {
    const auto snapshot = reading.snapshot();
    const uint64_t before = reading.version();
    casefile::Batch more;
    more.contents = {picture(3, 1)};
    more.items = {item("3", 3)};
    writer_->commit(more);
    EXPECT_EQ(reading.version(), before);
    update_review(writer, reading, options_, 1);
  }
  EXPECT_FALSE(stored_review(reading)) << "the third is not in it";
  EXPECT_EQ(reading.find_review(id_of("3")), std::nullopt);
  EXPECT_TRUE(reading.find_review(id_of("2")));
  const auto current = current_review(writer, reading, options_, 1);
  ASSERT_TRUE(current);
  EXPECT_EQ(current->update.new_items, 1u);
  ASSERT_EQ(current->review.groups.near.size(), 1u);
  EXPECT_EQ(current->review.groups.near[0].members.size(), 3u);
}

TEST_F(ReviewCase, TheCurrentOneIsGivenAsItIsStoredWhereNothingChanged) {
  casefile::Batch batch;
  batch.items = {item("1", {}, Coverage::none)};
  writer_->commit(batch);
  const auto reading = reader();
  auto writer = triage_writer();
  EXPECT_EQ(current_review(writer, reading, options_, 1)->update.reviews_written, 1u);
  const auto head = reading.head();
  EXPECT_EQ(current_review(writer, reading, options_, 1)->review.items.size(), 1u);
  EXPECT_EQ(reading.head(), head);
  options_.sample = 7;
  const auto other = current_review(writer, reading, options_, 1);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->review.options, options_);
}

TEST(ParseDay, ReadsADayAndNothingElse) {
  EXPECT_EQ(parse_day("1970-01-02").value(), 86'400'000'000'000);
  EXPECT_EQ(parse_day("2024-02-29").value(), 1'709'164'800'000'000'000);
  for (const char* text : {"", "2024-02-30", "2023-02-29", "2024-2-29", "2024/02/29", "2024-13-01",
                           "2024-02-29 ", "20240-2-29", "aaaa-bb-cc"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

}  // namespace
}  // namespace safelight::triage
