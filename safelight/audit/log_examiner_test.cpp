#include "safelight/audit/log_examiner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/audit/chain.h"

namespace safelight::audit {
namespace {

using testing::HasSubstr;
using Log = std::vector<std::vector<std::byte>>;
using Kind = LogBreak::Kind;

/// A log of which the record `changed`, if any, is another one, with all links made for it.
Log sample_log(size_t count, size_t changed = SIZE_MAX) {
  Log log;
  Chain chain;
  for (size_t i = 0; i < count; ++i) {
    const std::string body = i == changed ? "{}" : "{\"n\":" + std::to_string(i) + "}";
    log.push_back(chain.append(static_cast<int64_t>(i), "test", body));
  }
  return log;
}

TreeHead head_of(const Log& log, size_t size) {
  Frontier tree;
  for (size_t i = 0; i < size; ++i) tree.append(record_hash(log[i]));
  return tree.head();
}

/// The heads that were noted of a log at these sizes, named "head SIZE".
NotedHeads heads_of(const Log& log, std::initializer_list<size_t> sizes) {
  std::vector<NotedHead> out;
  for (const size_t size : sizes)
    out.push_back({head_of(log, size), "head " + std::to_string(size)});
  return NotedHeads(std::move(out));
}

std::optional<LogBreak> examine(const Log& log, const NotedHeads& noted = {}) {
  LogExaminer examiner(noted);
  for (const auto& bytes : log) examiner.add(bytes);
  examiner.finish();
  return examiner.broken();
}

void expect_place(const std::optional<LogBreak>& found, Kind kind, uint64_t first, uint64_t last) {
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, kind) << found->what;
  EXPECT_EQ(found->first, first) << found->what;
  EXPECT_EQ(found->last, last) << found->what;
}

/// The record with a field changed, its links left alone.
template <typename Change>
void edit(Log& log, size_t number, Change&& change) {
  Record record = *decode_record(log[number]);
  change(record);
  log[number] = encode(record);
}

TEST(LogExaminer, FindsNothingInALogAsItWasWritten) {
  const Log log = sample_log(20);
  LogExaminer examiner(heads_of(log, {0, 7, 7, 20}));
  for (size_t i = 0; i < log.size(); ++i) {
    const auto record = examiner.add(log[i]);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->sequence, i);
  }
  examiner.finish();
  EXPECT_FALSE(examiner.broken());
  EXPECT_EQ(examiner.head(), head_of(log, 20));
  EXPECT_EQ(examiner.vouched_size(), 20u);
  EXPECT_EQ(examiner.heads_fitting(), 4u);
  EXPECT_FALSE(examine({}));
}

TEST(LogExaminer, NamesAnEditedRecordByWhatTheNextOneSays) {
  for (size_t i = 0; i + 1 < 20; ++i) {
    Log log = sample_log(20);
    edit(log, i, [](Record& record) { record.body = "{ }"; });
    expect_place(examine(log), Kind::altered, i, i);
    edit(log, i, [](Record& record) { record.time_ns = 77; });
    expect_place(examine(log), Kind::altered, i, i);
  }
}

TEST(LogExaminer, NamesARecordWhoseOwnLinksWereEdited) {
  for (size_t i = 1; i + 1 < 20; ++i) {
    Log log = sample_log(20);
    edit(log, i, [](Record& record) { record.previous.bytes[3] ^= 1; });
    expect_place(examine(log), Kind::altered, i, i);
    log = sample_log(20);
    edit(log, i, [](Record& record) { record.previous_root.bytes[3] ^= 1; });
    expect_place(examine(log), Kind::altered, i, i);
    edit(log, i, [](Record& record) { record.previous.bytes[3] ^= 1; });
    expect_place(examine(log), Kind::altered, i, i);
    log = sample_log(20);
    edit(log, i, [](Record& record) { record.sequence += 3; });
    expect_place(examine(log), Kind::altered, i, i);
    log = sample_log(20);
    log[i][0] = std::byte{'X'};
    expect_place(examine(log), Kind::altered, i, i);
  }
}

TEST(LogExaminer, BoundsWhatTheLastRecordCannotTell) {
  Log log = sample_log(20);
  edit(log, 19, [](Record& record) { record.previous_root.bytes[3] ^= 1; });
  expect_place(examine(log), Kind::altered, 0, 19);
  expect_place(examine(log, heads_of(log, {5, 15})), Kind::altered, 15, 19);
}

TEST(LogExaminer, NamesWhatIsMissingMovedOrDoubled) {
  Log log = sample_log(20);
  log.erase(log.begin() + 4, log.begin() + 7);
  expect_place(examine(log), Kind::missing, 4, 6);
  log = sample_log(20);
  log.erase(log.begin());
  expect_place(examine(log), Kind::missing, 0, 0);
  log = sample_log(20);
  std::swap(log[4], log[9]);
  expect_place(examine(log), Kind::misplaced, 4, 4);
  log = sample_log(20);
  log.insert(log.begin() + 4, log[3]);
  expect_place(examine(log), Kind::misplaced, 4, 4);
  log = sample_log(20);
  std::rotate(log.begin() + 4, log.begin() + 5, log.begin() + 10);
  expect_place(examine(log), Kind::misplaced, 4, 4);
}

TEST(LogExaminer, NeedsAHeadToSeeACutTail) {
  const Log whole = sample_log(20);
  Log cut = whole;
  cut.resize(12);
  EXPECT_FALSE(examine(cut));
  EXPECT_FALSE(examine(cut, heads_of(whole, {5, 12})));
  auto found = examine(cut, heads_of(whole, {12, 15, 20}));
  expect_place(found, Kind::cut_off, 12, 19);
  EXPECT_EQ(found->what, "records 12 to 19 are missing: head 20 held 20");
  found = examine(cut, heads_of(whole, {5, 13}));
  expect_place(found, Kind::cut_off, 5, 12);
  EXPECT_EQ(found->what,
            "record 12 is missing: head 13 held 13; no noted head tells whether records 5 to 11 "
            "are as written");
  expect_place(examine({}, heads_of(whole, {3})), Kind::cut_off, 0, 2);
}

TEST(LogExaminer, BoundsARewrittenPastByTheHeadsAroundIt) {
  const Log whole = sample_log(20);
  for (size_t i = 0; i < 20; ++i) {
    const Log rewritten = sample_log(20, i);
    EXPECT_FALSE(examine(rewritten));
    const uint64_t first = i / 5 * 5;
    expect_place(examine(rewritten, heads_of(whole, {20, 5, 10, 15})), Kind::rewritten, first,
                 first + 4);
    std::vector<NotedHead> each;
    for (size_t size = 1; size <= 20; ++size) each.push_back({head_of(whole, size)});
    expect_place(examine(rewritten, each), Kind::rewritten, i, i);
  }
  EXPECT_EQ(examine(sample_log(20, 7), heads_of(whole, {5, 10}))->what,
            "one or more of records 5 to 9 are not as they were written: head 10 does not fit, "
            "head 5 does");
}

TEST(LogExaminer, GoesOnGivingRecordsWhereOnlyAHeadDoesNotFit) {
  const Log rewritten = sample_log(20, 3);
  LogExaminer examiner(heads_of(sample_log(20), {5}));
  for (const auto& bytes : rewritten) EXPECT_TRUE(examiner.add(bytes));
  EXPECT_EQ(examiner.vouched_size(), 0u);
}

TEST(LogExaminer, NarrowsAMisfittingHeadByTheRecordBehindIt) {
  const Log whole = sample_log(20);
  Log log = whole;
  edit(log, 9, [](Record& record) { record.body = "{ }"; });
  expect_place(examine(log, heads_of(whole, {5, 10, 20})), Kind::altered, 9, 9);
  // Rewritten from 7 on, but only up to that head: the record behind it cannot tell from where.
  log = sample_log(10, 7);
  log.insert(log.end(), whole.begin() + 10, whole.end());
  expect_place(examine(log, heads_of(whole, {5, 10, 20})), Kind::rewritten, 5, 9);
  expect_place(examine(log, heads_of(whole, {5, 20})), Kind::altered, 5, 10);
}

TEST(LogExaminer, ARecordTakenOutOfARewrittenLogIsWithinWhatIsNamed) {
  const Log whole = sample_log(20);
  Log rewritten;
  Chain chain;
  for (size_t i = 0; i < 20; ++i) {
    if (i == 13) continue;
    rewritten.push_back(
        chain.append(static_cast<int64_t>(i), "test", "{\"n\":" + std::to_string(i) + "}"));
  }
  expect_place(examine(rewritten, heads_of(whole, {5, 10, 15, 20})), Kind::rewritten, 10, 14);
  const auto found = examine(rewritten, heads_of(whole, {5, 10, 20}));
  expect_place(found, Kind::cut_off, 10, 19);
}

TEST(LogExaminer, NamesAForkOfTheHeadsThemselves) {
  const Log whole = sample_log(20);
  const Log other = sample_log(20, 7);
  const std::vector<NotedHead> heads = {
      {head_of(whole, 5), "A"}, {head_of(whole, 10), "B"}, {head_of(other, 10), "C"}};
  const auto found = examine(whole, heads);
  expect_place(found, Kind::forked, 5, 9);
  EXPECT_THAT(found->what, HasSubstr("C and B"));
  expect_place(examine(other, heads), Kind::forked, 5, 9);
}

}  // namespace
}  // namespace safelight::audit
