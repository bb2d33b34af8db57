#include "safelight/casefile/review.h"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/casefile/act_writer.h"
#include "safelight/casefile/internal/row_text.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"

namespace safelight::casefile {
namespace {

ItemId item(uint64_t number) { return sample::item(number, 0).id; }

class Review : public testing::Test {
 protected:
  Review() {
    sample::make_case(directory_, 20);
    writer_.emplace(Writer::open(directory_, clock_, log_));
  }
  [[nodiscard]] Reader reader() const { return Reader::open(directory_); }
  void store(const TriageBatch& batch) { sample::store_triage(directory_, batch); }

  const sample::Folder folder_;
  const std::filesystem::path directory_ = folder_ / "case";
  const sample::TickingClock clock_;
  sample::KeepingLog log_;
  std::optional<Writer> writer_;
};

TEST_F(Review, IsReadAsItWasWritten) {
  TriageBatch batch;
  batch.groups = {{GroupKind::near, PdqMode::full, item(1), item(2), 3},
                  {GroupKind::exact, PdqMode::reference, item(4), item(4), 2}};
  batch.members = {{item(2), GroupKind::near, PdqMode::full, item(1), 17},
                   {item(3), GroupKind::near, PdqMode::reference, std::nullopt, 0}};
  batch.reviews = {{item(5),
                    {"review",
                     std::string("\0\x01\xff", 3),
                     {{"hit", {{"list", "a \"b\""}}}, {"x", {}}},
                     item(6)}},
                   {item(6), {"unmatched", "", {}, std::nullopt}}};
  store(batch);
  EXPECT_FALSE(reader().triage_state()) << "not stored whole yet";
  const TriageState state{reader().evidence_version(), {{"radius", "31"}}};
  store({{}, {}, {}, state});
  EXPECT_EQ(reader().triage_state(), state);

  store({{}, {}, {batch.reviews[1]}, {}});
  EXPECT_FALSE(reader().triage_state()->whole) << "a later store has begun";
  EXPECT_EQ(reader().triage_state()->options, state.options);
  store({{}, {}, {}, state});
  EXPECT_TRUE(reader().triage_state()->whole);

  std::vector<StoredGroup> groups;
  reader().for_each_group([&](const StoredGroup& one) { groups.push_back(one); });
  EXPECT_EQ(groups, batch.groups);
  std::vector<StoredMember> members;
  reader().for_each_member([&](const StoredMember& one) { members.push_back(one); });
  EXPECT_EQ(members, batch.members);
  std::vector<ItemId> reviewed;
  reader().for_each_review([&](const ItemReview& one) {
    reviewed.push_back(one.item);
    EXPECT_EQ(one.review, batch.reviews[std::min<size_t>(reviewed.size() - 1, 1)].review);
  });
  EXPECT_THAT(reviewed, testing::ElementsAre(item(5), item(6), item(6)));
  EXPECT_FALSE(verify_case(directory_, {}).mismatch);
}

TEST_F(Review, TheLastThatWasStoredOfAnItemComesWithItAlsoAfterARevision) {
  store({{}, {}, {{item(5), {"unmatched", "a", {}, {}}}}, {}});
  const TriageBatch latest{{}, {}, {{item(5), {"review", "b", {{"hit", {}}}, {}}}}, TriageState{}};
  store(latest);
  Item changed = sample::item(5, 3);
  writer_->commit({{}, {changed}, {}});
  reader().for_each_item([&](const StoredItem& stored) {
    if (stored.item.id == item(5)) {
      EXPECT_EQ(stored.revision, 2u);
      EXPECT_EQ(stored.review, latest.reviews[0].review);
    } else {
      EXPECT_FALSE(stored.review);
    }
    EXPECT_EQ(reader().find_review(stored.item.id), stored.review);
  });
  EXPECT_FALSE(reader().find_review({sample::digest_of("no item")}));
}

TEST_F(Review, OfAnOrderThatWasNeverStoredWholeThereIsNone) {
  store({{}, {}, {{item(5), {"unmatched", "a", {}, {}}}}, {}});
  EXPECT_FALSE(reader().find_review(item(5)));
}

TEST_F(Review, TheVersionOfTheCaseRisesWithWhateverIsWritten) {
  uint64_t before = reader().version();
  const auto rises = [&] {
    const uint64_t now = reader().version();
    return now > std::exchange(before, now);
  };
  EXPECT_FALSE(rises());
  store({{}, {}, {{item(5), {"unmatched", "a", {}, {}}}}, TriageState{}});
  EXPECT_TRUE(rises());
  writer_->note("report.written", {});
  EXPECT_TRUE(rises());
}

TEST_F(Review, TheVersionOfTheEvidenceChangesWithWhatIsFoundAndNotWithTriage) {
  const uint64_t before = reader().evidence_version();
  EXPECT_EQ(reader().review_version(), before);
  store({{}, {}, {{item(5), {"unmatched", "a", {}, {}}}}, TriageState{}});
  writer_->note("report.written", {});
  writer_->begin_run({"scan", {}, "0"});
  EXPECT_EQ(reader().evidence_version(), before);
  const uint64_t of_order = reader().review_version();
  EXPECT_GT(of_order, before);
  writer_->note("report.written", {});
  EXPECT_EQ(reader().review_version(), of_order);
  writer_->commit({{}, {}, {sample::hit(4, HitState::withdrawn)}});
  const uint64_t after_hit = reader().evidence_version();
  EXPECT_GT(after_hit, before);
  EXPECT_EQ(reader().review_version(), after_hit);
  writer_->commit(sample::batch(20, 2));
  EXPECT_GT(reader().evidence_version(), after_hit);
}

TEST_F(Review, AnItemSaysInWhichCommitItWasRecordedOrItsContentExamined) {
  std::map<ItemId, uint64_t> before;
  reader().for_each_item([&](const StoredItem& one) { before[one.item.id] = one.recorded_in; });
  // Contents 0 and 1 have items 0 to 3.
  writer_->commit({{sample::content(1)}, {}, {}});
  writer_->commit(sample::batch(20, 2));
  const uint64_t version = reader().evidence_version();
  size_t later = 0;
  reader().for_each_item([&](const StoredItem& one) {
    const auto known = before.find(one.item.id);
    if (known == before.end()) {
      EXPECT_EQ(one.recorded_in, version);
    } else if (one.recorded_in != known->second) {
      EXPECT_EQ(one.recorded_in, version - 1);
      ++later;
    }
  });
  EXPECT_EQ(later, 2u);
}

TEST_F(Review, IsStoredBesideARunByOneProgramAtATime) {
  auto triage = TriageWriter::open(directory_, clock_, log_);
  EXPECT_FALSE(TriageWriter::try_open(directory_, clock_, log_));
  EXPECT_THROW(TriageWriter::open(directory_, clock_, log_), Fault);
  ActWriter acts = ActWriter::open(directory_, clock_, log_);
  for (uint64_t i = 0; i < 3; ++i) {
    writer_->commit(sample::batch(20 + i, 1));
    triage.commit({{}, {}, {{item(i), {"review", "", {}, {}}}}, TriageState{i, {}}});
    acts.act({ActKind::flag, "ada", "x", "", {}}, std::array{item(i)});
  }
  EXPECT_EQ(reader().find_review(item(2))->rank_class, "review");
  EXPECT_EQ(reader().triage_state()->as_of, 2u);
  EXPECT_FALSE(verify_case(directory_, {}).mismatch);
}

TEST_F(Review, ItemsThatAreNotInTheCaseAreRefusedAndNothingIsWritten) {
  const auto head = reader().head();
  const ItemId unknown{sample::digest_of("no item")};
  TriageBatch batch;
  batch.reviews = {{item(1), {"review", "", {}, unknown}}};
  EXPECT_THROW(store(batch), std::invalid_argument);
  batch = {};
  batch.groups = {{GroupKind::near, PdqMode::full, unknown, item(1), 2}};
  EXPECT_THROW(store(batch), std::invalid_argument);
  batch = {};
  batch.members = {{unknown, GroupKind::near, PdqMode::full, item(1), 2}};
  EXPECT_THROW(store(batch), std::invalid_argument);
  EXPECT_EQ(reader().head(), head);
  EXPECT_FALSE(verify_case(directory_, {}).mismatch);
}

TEST_F(Review, HitsSayTheirRecordAndWhetherTheVictimIsIdentified) {
  HitChange change = sample::hit(1);
  change.hit.source_record = 77;
  change.hit.victim_identified = Stated::no;
  writer_->commit({{}, {}, {change}});
  const auto stored = reader().find_content(change.content);
  ASSERT_EQ(stored->hits.size(), 1u);
  EXPECT_EQ(stored->hits[0].hit, change.hit);
  // A later row of the same name that says neither replaces it.
  change.hit.source_record = 0;
  change.hit.victim_identified = Stated::not_stated;
  writer_->commit({{}, {}, {change}});
  EXPECT_EQ(reader().find_content(change.content)->hits[0].hit, change.hit);
  EXPECT_FALSE(verify_case(directory_, {}).mismatch);
}

TEST(ReasonRows, AreReadAsTheyWereWritten) {
  const std::vector<Reason> reasons = {{"a", {}}, {"b", {{"n", "1"}, {"n", "\"2\"\n"}}}};
  EXPECT_EQ(reasons_from_row(reasons_to_row(reasons)), reasons);
  EXPECT_EQ(reasons_to_row({}), "[]");
  EXPECT_EQ(reasons_to_row({{"b", {{"n", "1"}}}}), R"([["b",[["n","1"]]]])");
}

TEST(ReasonRows, OfAnotherShapeAreDamage) {
  for (const char* row : {"", "{}", "[1]", "[[]]", "[[\"a\"]]", "[[1,[]]]", "[[\"a\",[],1]]",
                          "[[\"a\",{}]]", "[[\"a\",[[\"n\"]]]]", "[[\"a\",[[\"n\",1]]]]"}) {
    EXPECT_THROW(reasons_from_row(row), Fault) << row;
  }
}

}  // namespace
}  // namespace safelight::casefile
