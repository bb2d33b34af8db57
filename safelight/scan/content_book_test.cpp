#include "safelight/scan/content_book.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

namespace safelight::scan {
namespace {

casefile::ContentKey key(uint8_t number) {
  casefile::ContentKey value;
  value.value.bytes[0] = number;
  return value;
}

Examined examined(uint32_t width) {
  auto tree = std::make_shared<ExaminationTree>();
  tree->examination.width = width;
  return tree;
}

TEST(ContentBook, TheFirstExaminesAndTheOthersWaitForIt) {
  ContentBook book;
  uint32_t seen = 0;
  const auto then = [&](const Examined& done) { seen += done->examination.width; };
  EXPECT_EQ(book.claim(key(1), then), ContentBook::Claim::yours);
  EXPECT_EQ(book.claim(key(1), then), ContentBook::Claim::waiting);
  EXPECT_EQ(book.claim(key(1), then), ContentBook::Claim::waiting);
  EXPECT_EQ(book.find(key(1)), nullptr);
  EXPECT_EQ(seen, 0u);
  book.publish(key(1), examined(5));
  EXPECT_EQ(seen, 10u);
  EXPECT_EQ(book.claim(key(1), then), ContentBook::Claim::settled);
  EXPECT_EQ(seen, 15u);
  EXPECT_EQ(book.find(key(1))->examination.width, 5u);
}

TEST(ContentBook, ForgetsWhatIsCommitted) {
  ContentBook book;
  EXPECT_EQ(book.claim(key(1), {}), ContentBook::Claim::yours);
  book.publish(key(1), examined(1));
  book.committed(key(1));
  EXPECT_EQ(book.claim(key(1), {}), ContentBook::Claim::yours);
}

TEST(ContentBook, AContentCommittedBeforeItIsPublishedStillReachesThoseWhoWait) {
  ContentBook book;
  uint32_t seen = 0;
  EXPECT_EQ(book.claim(key(1), {}), ContentBook::Claim::yours);
  EXPECT_EQ(book.claim(key(1), [&](const Examined& done) { seen = done->examination.width; }),
            ContentBook::Claim::waiting);
  book.committed(key(1));
  book.publish(key(1), examined(9));
  EXPECT_EQ(seen, 9u);
  EXPECT_EQ(book.claim(key(1), {}), ContentBook::Claim::yours);
}

TEST(ContentBook, KeepsWhatAWorkerFailedOverSoThatARunTriesItOnce) {
  ContentBook book;
  auto still = std::make_shared<ExaminationTree>();
  still->examination.findings = {
      coverage_finding(Coverage::partial, "picture", Error{ErrorCode::timed_out, "rule"})};
  auto file = std::make_shared<ExaminationTree>();
  file->members = {still};
  EXPECT_EQ(book.claim(key(1), {}), ContentBook::Claim::yours);
  book.publish(key(1), file);
  book.committed(key(1));
  EXPECT_EQ(book.claim(key(1), [](const auto&) {}), ContentBook::Claim::settled);
  EXPECT_EQ(book.claim(key(2), {}), ContentBook::Claim::yours);
  book.committed(key(2));
  book.publish(key(2), file);
  EXPECT_EQ(book.find(key(2)), file);
}

TEST(ContentBook, CallsEveryOneOnceBetweenThreads) {
  ContentBook book;
  std::atomic<int> examinations{0};
  std::atomic<int> calls{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int round = 0; round < 2'000; ++round) {
          const auto number = key(static_cast<uint8_t>(round % 200));
          if (book.claim(number, [&](const auto&) { ++calls; }) == ContentBook::Claim::yours) {
            ++examinations;
            book.publish(number, examined(1));
          }
        }
      });
    }
  }
  EXPECT_EQ(examinations, 200);
  EXPECT_EQ(calls + examinations, 8'000);
}

}  // namespace
}  // namespace safelight::scan
