#include "safelight/serve/queue/queue_source.h"

#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/act_writer.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/serve/queue/case_queue.h"

namespace safelight::serve {
namespace {

using casefile::ActKind;
using ::testing::ElementsAre;

class FixedClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return 1'700'000'000'000'000'000; }
};

class SilentLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

casefile::Item item(const std::string& path) {
  casefile::Item out;
  out.origin = {"S1", {{StepKind::directory_entry, 0, 0, path}}};
  out.id = {sha256_of(encode(out.origin))};
  out.size_bytes = path.size();
  return out;
}

/// A case of two items, the second in front of the first.
class CaseSources : public ::testing::Test {
 protected:
  CaseSources() {
    std::string name = (std::filesystem::temp_directory_path() / "safelight-queue-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Fault("no folder for a test");
    folder_ = name;
    casefile::Writer writer = casefile::Writer::create(
        directory(), "00000000-0000-4000-8000-000000000001", {}, clock_, log_);
    writer.add_source({casefile::SourceKind::folder, "/evidence", "fs-1", 2});
    writer.begin_run({"scan", {}, "0"});
    writer.commit({{}, {first_, second_}, {}});
    rank({{first_.id, {"unmatched", "", {}, {}}}, {second_.id, {"review", "", {}, {}}}});
  }
  ~CaseSources() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::filesystem::path directory() const { return folder_ / "case"; }
  casefile::Writer writer() { return casefile::Writer::open(directory(), clock_, log_); }
  casefile::ActWriter acts() { return casefile::ActWriter::open(directory(), clock_, log_); }
  void rank(std::vector<casefile::ItemReview> reviews) {
    casefile::TriageWriter::open(directory(), clock_, log_)
        .commit({{}, {}, std::move(reviews), casefile::TriageState{}});
  }
  static std::vector<std::string> names(const CaseQueue& queue) {
    std::vector<std::string> out;
    for (const CardFacts& card : queue.page({}, 0, 10).cards) out.push_back(card.name);
    return out;
  }

  const casefile::Item first_ = item("a/first.jpg");
  const casefile::Item second_ = item("a/second.jpg");
  std::filesystem::path folder_;
  const FixedClock clock_;
  SilentLog log_;
};

TEST_F(CaseSources, GiveWhatTheCaseHolds) {
  acts().act({ActKind::category, "ada", "3", "", {}}, std::vector{first_.id});
  const auto queue = CaseQueue::open(directory());
  EXPECT_THAT(names(*queue), ElementsAre("second.jpg", "first.jpg"));
  EXPECT_EQ(queue->decision(first_.id).decided()->category, "3");
  EXPECT_EQ(queue->card(first_.id)->folder, "a/");
  EXPECT_EQ(queue->rules().scheme, default_scheme());
  EXPECT_EQ(queue->rules().policy, ReviewPolicy());
}

TEST_F(CaseSources, GiveTheRulesThatWereSet) {
  Scheme scheme{"ours", {{"x", "x", "Of interest", "", "grey", false, true}}};
  ReviewPolicy policy;
  policy.second_look = true;
  acts().set(kSchemeSetting, to_json(scheme), "ada");
  acts().set(kPolicySetting, to_json(policy), "ada");
  const ReviewRules rules = case_source(directory())->rules();
  EXPECT_EQ(rules.scheme, scheme);
  EXPECT_EQ(rules.policy, policy);
  acts().set(kPolicySetting, "{", "ada");
  EXPECT_THROW((void)case_source(directory())->rules(), Fault);
}

TEST_F(CaseSources, SayWhenCardsChangedAndActsAloneChangeNone) {
  const auto queue = CaseQueue::open(directory());
  acts().act({ActKind::category, "ada", "3", "", {}}, std::vector{first_.id});
  EXPECT_FALSE(queue->reload());
  const uint64_t before = queue->version();
  {
    casefile::Writer out = writer();
    out.begin_run({"scan", {}, "0"});
    out.commit({{}, {item("b/third.jpg")}, {}});
  }
  EXPECT_TRUE(queue->reload());
  EXPECT_THAT(names(*queue), ElementsAre("second.jpg", "first.jpg", "third.jpg"));
  EXPECT_EQ(queue->last_act(), 1u);
  EXPECT_GT(queue->version(), before);
  {
    casefile::Writer out = writer();
    rank({{item("b/third.jpg").id, {"resembles_known", "", {}, {}}}});
  }
  EXPECT_TRUE(queue->reload());
  EXPECT_THAT(names(*queue), ElementsAre("third.jpg", "second.jpg", "first.jpg"));
  EXPECT_GE(CaseQueue::open(directory())->version(), queue->version()) << "over a restart";
}

TEST_F(CaseSources, OfNoCaseAreAFault) {
  EXPECT_THROW((void)CaseQueue::open(folder_ / "nowhere"), Fault);
}

}  // namespace
}  // namespace safelight::serve
