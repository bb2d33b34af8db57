#include "safelight/casefile/reader.h"

#include <algorithm>
#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>

#include "safelight/base/fault.h"
#include "safelight/casefile/internal/sample_case.h"

namespace safelight::casefile {
namespace {

class ReaderTest : public testing::Test {
 protected:
  ReaderTest()
      : writer_(Writer::create(directory_, sample::kCaseId, sample::info(), clock_, log_)) {
    writer_.use_list(sample::list());
  }

  sample::Folder folder_;
  std::filesystem::path directory_ = folder_ / "case";
  sample::TickingClock clock_;
  sample::KeepingLog log_;
  Writer writer_;
};

TEST_F(ReaderTest, AContentReadsBackWithItsExaminationAndHits) {
  ExaminedContent member;
  member.content.key = member_key(sample::digest_of("file"), 3);
  member.examination.format = "gif";
  ExaminedContent file = sample::content(5);
  file.examination.members.push_back(
      {{StepKind::embedded_picture, 3, 99, "frame\xff"}, member.content.key});
  writer_.commit({{member, file}, {}, {sample::hit(5)}});
  const Reader reader = Reader::open(directory_);
  const auto found = reader.find_content(file.content.key);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->content, file.content);
  EXPECT_EQ(found->examination, file.examination);
  ASSERT_EQ(found->hits.size(), 1u);
  EXPECT_EQ(found->hits[0].hit, sample::hit(5).hit);
  EXPECT_EQ(found->hits[0].list_content_id, "v1");
  EXPECT_EQ(reader.find_content(member.content.key)->content.sha256, std::nullopt);
  EXPECT_FALSE(reader.find_content(sample::content(6).content.key));
}

TEST_F(ReaderTest, TheLatestExaminationOfAContentCounts) {
  ExaminedContent content = sample::content(1);
  content.examination.modes = {PdqMode::reference};
  content.examination.fingerprints.pop_back();
  writer_.commit({{content}, {}, {}});
  writer_.commit({{sample::content(1)}, {}, {}});
  const auto found = Reader::open(directory_).find_content(content.content.key);
  EXPECT_EQ(found->examination, sample::content(1).examination);
}

TEST_F(ReaderTest, TellsHowFarEvidenceOfOriginWasLookedFor) {
  ExaminedContent content = sample::content(1);
  for (const OriginScope scope : {OriginScope::none, OriginScope::metadata, OriginScope::pixels}) {
    content.examination.origin = scope;
    writer_.commit({{content}, {}, {}});
    const auto found = Reader::open(directory_).find_content(content.content.key);
    EXPECT_EQ(found->examination, content.examination);
  }
}

TEST_F(ReaderTest, AHitStandsUntilItIsWithdrawnAndALaterOneReplacesIt) {
  const ContentKey key = sample::content(1).content.key;
  const auto hits = [&] { return Reader::open(directory_).find_content(key)->hits; };
  writer_.commit({{sample::content(1)}, {}, {sample::hit(1)}});
  EXPECT_EQ(hits().size(), 1u);
  writer_.use_list({"charts", "v2", "{}", 3});
  HitChange later = sample::hit(1);
  later.list_content_id = "v2";
  later.hit.category = "2";
  later.hit.disposition = Disposition::review;
  HitChange other = later;
  other.hit.kind = MatchKind::sha256;
  writer_.commit({{}, {}, {later, other}});
  ASSERT_EQ(hits().size(), 2u);
  EXPECT_THAT(hits(), testing::Each(testing::Field(&StoredHit::list_content_id, "v2")));
  EXPECT_EQ(gravest(hits()), Disposition::review);
  later.state = HitState::withdrawn;
  writer_.commit({{}, {}, {later}});
  ASSERT_EQ(hits().size(), 1u);
  EXPECT_EQ(hits()[0].hit, other.hit);
}

TEST_F(ReaderTest, ItemsComeOnceEachInTheOrderOfTheirIds) {
  writer_.commit(sample::batch(0, 50));
  Batch again;
  again.contents = {sample::content(100)};
  for (uint64_t number = 10; number < 20; ++number)
    again.items.push_back(sample::item(number, 100));
  writer_.commit(again);
  const Reader reader = Reader::open(directory_);
  std::vector<ItemId> ids;
  size_t revised = 0;
  reader.for_each_item([&](const StoredItem& item) {
    ids.push_back(item.item.id);
    revised += item.revision == 2;
    ASSERT_TRUE(item.content);
    EXPECT_EQ(item.content->content.key, *item.item.content);
    // Other members may be called while it goes on.
    EXPECT_EQ(reader.find_item(item.item.id)->item, item.item);
  });
  EXPECT_EQ(ids.size(), 50u);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(revised, 10u);
}

TEST_F(ReaderTest, ItemsOfAContentAreThoseWhoseLatestRevisionHoldsIt) {
  writer_.commit(sample::batch(0, 4));
  writer_.commit({{sample::content(100)}, {sample::item(1, 100)}, {}});
  const Reader reader = Reader::open(directory_);
  EXPECT_THAT(reader.items_of(sample::content(0).content.key),
              testing::ElementsAre(sample::item(0, 0).id));
  EXPECT_THAT(reader.items_of(sample::content(100).content.key),
              testing::ElementsAre(sample::item(1, 100).id));
  EXPECT_EQ(reader.items_of(sample::content(1).content.key).size(), 2u);
  EXPECT_TRUE(reader.items_of(sample::content(50).content.key).empty());
}

TEST_F(ReaderTest, TheSummaryCountsTheLatestRevisions) {
  writer_.commit(sample::batch(0, 40));
  Item unread = sample::item(0, 0);
  unread.content.reset();
  unread.size_bytes.reset();
  unread.coverage = Coverage::none;
  unread.error = stored(Error::at(ErrorCode::unreadable, "file.read", 7));
  unread.findings = {coverage_finding(Coverage::none, "file", Error{ErrorCode::unreadable, "x"})};
  writer_.commit({{}, {unread}, {}});
  // By hand: contents 0..19 for two items each, every 5th partial, every 4th png and with a hit;
  // the item 0 no longer has content 0.
  const Summary summary = Reader::open(directory_).summary();
  EXPECT_EQ(summary.items.items, 40u);
  EXPECT_EQ(summary.contents, 20u);
  EXPECT_EQ(summary.by_format.at("").items, 1u);
  EXPECT_EQ(summary.by_format.at("png").items, 9u);
  EXPECT_EQ(summary.by_format.at("jpeg").items, 30u);
  EXPECT_EQ(summary.by_coverage.at(Coverage::none).items, 1u);
  EXPECT_EQ(summary.by_coverage.at(Coverage::partial).items, 7u);
  EXPECT_EQ(summary.by_coverage.at(Coverage::full).items, 32u);
  EXPECT_EQ(summary.by_error,
            (std::map<std::string, uint64_t>{{"truncated", 7}, {"unreadable", 1}}));
  EXPECT_EQ(summary.by_finding.at("partly_examined"), 7u);
  EXPECT_EQ(summary.by_finding.at("not_examined"), 1u);
  EXPECT_EQ(summary.by_finding.at("type_mismatch"), 6u);
  EXPECT_EQ(summary.by_hit.at({"charts", "1", Disposition::known}), 9u);
  EXPECT_EQ(summary.by_disposition.at(Disposition::known), 9u);
  uint64_t bytes = 0;
  for (uint64_t number = 1; number < 40; ++number) bytes += 1000 + number / 2;
  EXPECT_EQ(summary.items.bytes, bytes);
}

TEST_F(ReaderTest, ASummaryCountsAnItemOnceForEachGradeOfItsEvidence) {
  const auto evidence = [](Grade grade) {
    Finding finding;
    finding.kind = "generator_mark";
    finding.grade = grade;
    return finding;
  };
  ExaminedContent content = sample::content(1);
  content.examination.findings = {evidence(Grade::declared), evidence(Grade::declared),
                                  evidence(Grade::weak), evidence(Grade::fact)};
  Item first = sample::item(1, 1);
  first.findings = {evidence(Grade::declared), evidence(Grade::contradicted)};
  writer_.commit({{content}, {first, sample::item(2, 1)}, {}});
  EXPECT_EQ(Reader::open(directory_).summary().by_grade,
            (std::map<Grade, uint64_t>{
                {Grade::weak, 2}, {Grade::declared, 2}, {Grade::contradicted, 1}}));
}

TEST_F(ReaderTest, ManyThreadsReadWhileOneWrites) {
  writer_.commit(sample::batch(0, 10));
  std::vector<std::thread> threads;
  std::atomic<int> found = 0;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const Reader reader = Reader::open(directory_);
      for (int round = 0; round < 40; ++round) {
        for (uint64_t number = 0; number < 5; ++number) {
          found += reader.find_content(sample::content(number).content.key).has_value();
        }
        uint64_t items = 0;
        reader.for_each_item([&](const StoredItem&) { ++items; });
        EXPECT_EQ(items % 10, 0u) << "half a commit was seen";
      }
    });
  }
  for (uint64_t first = 10; first < 100; first += 10) writer_.commit(sample::batch(first, 10));
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, 3 * 40 * 5);
}

TEST_F(ReaderTest, ACaseOnAMediumThatCannotBeWrittenToIsRead) {
  writer_.commit(sample::batch(0, 10));
  { const Writer closing = std::move(writer_); }
  EXPECT_EQ(std::filesystem::exists(directory_ / "case.db-wal"), false);
  chmod(directory_.c_str(), 0500);
  chmod((directory_ / "case.db").c_str(), 0400);
  EXPECT_EQ(Reader::open(directory_).summary().items.items, 10u);
  chmod(directory_.c_str(), 0700);
}

}  // namespace
}  // namespace safelight::casefile
