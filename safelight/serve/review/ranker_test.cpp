#include "safelight/serve/review/ranker.h"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>

#include "safelight/casefile/reader.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

class RankerTest : public ::testing::Test {
 protected:
  RankerTest() {
    auto writer = casefile::Writer::create(case_, casefile::random_case_id(), {}, clock_, log_);
    casefile::Item item;
    item.origin = {writer.add_source({casefile::SourceKind::folder, "/evidence", "f", 1}),
                   {{StepKind::directory_entry, 0, 0, "one.jpg"}}};
    item.id = {sha256_of(encode(item.origin))};
    writer.commit({{}, {item}, {}});
  }
  /// Waits until it is so.
  static void wait_for(const std::atomic<int>& count, int wanted) {
    while (count < wanted) std::this_thread::yield();
  }

  testing::TestFolder folder_;
  const std::filesystem::path case_ = folder_.path() / "case";
  testing::SetClock clock_;
  NoLog log_;
};

TEST_F(RankerTest, RanksACaseThatIsNotAndNoOther) {
  EXPECT_TRUE(is_ranking_due(case_));
  std::atomic<int> ranked = 0;
  {
    const Ranker ranker(
        {case_},
        [&](const auto& directory, const std::stop_token&) {
          const auto as_of = casefile::Reader::open(directory).evidence_version();
          casefile::TriageWriter::open(directory, clock_, log_)
              .commit({{}, {}, {}, casefile::TriageState{as_of, {}}});
          ++ranked;
        },
        log_);
    wait_for(ranked, 1);
  }
  EXPECT_FALSE(is_ranking_due(case_));
  const Ranker again(
      {case_}, [&](const auto&, const std::stop_token&) { ++ranked; }, log_);
  EXPECT_EQ(ranked, 1);
}

TEST_F(RankerTest, StopsWhatIsGoingOn) {
  std::atomic<int> began = 0;
  bool was_stopped = false;
  {
    const Ranker ranker(
        {case_, case_},
        [&](const auto&, const std::stop_token& stop) {
          ++began;
          while (!stop.stop_requested()) std::this_thread::yield();
          was_stopped = true;
        },
        log_);
    wait_for(began, 1);
  }
  EXPECT_TRUE(was_stopped);
  EXPECT_EQ(began, 1) << "and nothing else is begun";
}

}  // namespace
}  // namespace safelight::serve
