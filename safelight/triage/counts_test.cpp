#include "safelight/triage/counts.h"

#include <gtest/gtest.h>
#include <stdexcept>

#include "safelight/triage/internal/review_sample.h"

namespace safelight::triage {
namespace {

using sample::change;
using sample::hit;
using sample::item;
using sample::picture;
using sample::unlike;

class CountCase : public sample::Case {
 protected:
  Counts counts() {
    TriageOptions options;
    options.sample = 0;
    auto writer = triage_writer();
    update_review(writer, reader(), options, 1);
    const casefile::Reader now = reader();
    return count_case(now, *stored_review(now));
  }
};

TEST_F(CountCase, CountsEachItemInOnePlace) {
  casefile::Batch batch;
  batch.contents = {picture(1, 0), picture(2, 7), unlike(3), unlike(4), unlike(5), unlike(6)};
  batch.items = {item("a/1", 1),
                 item("a/2", 1),
                 item("b/3", 1),
                 item("b/4", 2),
                 item("k/5", 3),
                 item("k/6", 3),
                 item("o/7", 4),
                 item("p/8", 5, Coverage::partial),
                 item("p/9", {}, Coverage::none),
                 item("10", 6)};
  batch.hits = {change(3, hit(Disposition::known, MatchKind::sha1)),
                change(4, hit(Disposition::ordinary, MatchKind::sha1))};
  writer_->commit(batch);
  const Counts now = counts();
  EXPECT_EQ(now.exact_groups, 2u);
  EXPECT_EQ(now.near_groups, 1u);
  EXPECT_EQ(now.all.items, 10u);
  EXPECT_EQ(now.all.contents, 6u);
  EXPECT_EQ(now.all.in_groups, 6u);
  EXPECT_EQ(now.all.known, 2u);
  EXPECT_EQ(now.all.ordinary, 1u);
  EXPECT_EQ(now.all.not_examined, 1u);
  EXPECT_EQ(now.all.partly_examined, 1u);
  EXPECT_EQ(now.all.to_review, 4u);
  EXPECT_EQ(now.all.same_bytes + now.all.same_group, 3u);
  EXPECT_EQ(now.all.to_review + now.all.need_not_be_opened(), now.all.items);
  EXPECT_EQ(now.by_source.size(), 1u);
  EXPECT_EQ(now.by_source.at("S1"), now.all);
  const auto folder = [&](const std::string& name) { return now.by_folder.at({"S1", name}); };
  EXPECT_EQ(now.by_folder.size(), 6u);
  EXPECT_EQ(folder("a").items, 2u);
  EXPECT_EQ(folder("a").contents, 1u);
  EXPECT_EQ(folder("b").contents, 2u);
  EXPECT_EQ(folder("k").known, 2u);
  EXPECT_EQ(folder("").to_review, 1u);
  Tally sum;
  for (const auto& [name, tally] : now.by_folder) {
    sum.items += tally.items;
    sum.to_review += tally.to_review;
  }
  EXPECT_EQ(sum.items, now.all.items);
  EXPECT_EQ(sum.to_review, now.all.to_review);
}

TEST_F(CountCase, TellsTheSameBytesFromPicturesThatLookAlike) {
  casefile::Batch batch;
  batch.contents = {picture(1, 0), picture(2, 7)};
  batch.contents[0].examination.width = 1000;
  batch.items = {item("a/1", 1), item("a/2", 1), item("a/3", 2)};
  writer_->commit(batch);
  const Counts now = counts();
  EXPECT_EQ(now.all.to_review, 1u);
  EXPECT_EQ(now.all.same_bytes, 1u);
  EXPECT_EQ(now.all.same_group, 1u);
}

TEST_F(CountCase, RefusesAnItemThatTheReviewDoesNotKnow) {
  (void)counts();
  const Review empty = *stored_review(reader());
  casefile::Batch batch;
  batch.contents = {unlike(1)};
  batch.items = {item("1", 1)};
  writer_->commit(batch);
  EXPECT_THROW(count_case(reader(), empty), std::invalid_argument);
}

}  // namespace
}  // namespace safelight::triage
