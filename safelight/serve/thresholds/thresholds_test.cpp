#include "safelight/serve/thresholds/thresholds.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <set>
#include <thread>

#include "safelight/base/fault.h"
#include "safelight/serve/api/services_for_test.h"
#include "safelight/serve/approvals/act_worker.h"
#include "safelight/serve/thresholds/threshold_routes.h"

namespace safelight::serve {
namespace {

using ::testing::HasSubstr;

class ThresholdsTest : public ::testing::Test {
 protected:
  testing::TestServer server_;
  ExaminerPool examiners_{{}, 1};
  ListsInUse lists_{std::make_unique<LiveLists>(), {}, server_.clock, server_.log};
  Screener screener_{examiners_, lists_, {}};
  Thresholds usual_{20, Disposition::known};
};

TEST_F(ThresholdsTest, AreTheUsualOnesUntilOthersAreSetWhichOutliveTheServer) {
  {
    KeptThresholds thresholds(server_.folder.path(), usual_, screener_);
    EXPECT_EQ(thresholds.now(), usual_);
    EXPECT_FALSE(screener_.holds(Disposition::review));
    thresholds.set({10, Disposition::unknown});
    EXPECT_TRUE(screener_.holds(Disposition::unknown));
    EXPECT_EQ(lists_.radius_bits(), 10U);
  }
  const KeptThresholds again(server_.folder.path(), usual_, screener_);
  EXPECT_EQ(again.now(), (Thresholds{10, Disposition::unknown}));
}

TEST_F(ThresholdsTest, EachChangeSaysWhatItChangedWhereTwoAreApprovedAtOnce) {
  KeptThresholds thresholds(server_.folder.path(), usual_, screener_);
  std::mutex mutex;
  std::multiset<uint32_t> before;
  const auto change = [&](uint32_t from) {
    for (uint32_t radius = from; radius < from + 10; ++radius) {
      const Thresholds said = thresholds.set({radius, Disposition::known});
      const std::lock_guard lock(mutex);
      before.insert(said.radius_bits);
    }
  };
  std::thread other(change, 30);
  change(40);
  other.join();
  // A chain: each was in force once, and was changed once but for the last.
  before.insert(thresholds.now().radius_bits);
  std::multiset<uint32_t> all = {usual_.radius_bits};
  for (uint32_t radius = 30; radius < 50; ++radius) all.insert(radius);
  EXPECT_EQ(before, all);
}

TEST_F(ThresholdsTest, ThatCannotBeUnderstoodKeepTheServerFromStarting) {
  for (const std::string text : {"", "{}", R"({"radius_bits":64,"holds_from":"known"})",
                                 R"({"radius_bits":3,"holds_from":"ordinary"})",
                                 R"({"radius_bits":3,"holds_from":"known","more":1})"}) {
    std::ofstream(server_.folder.path() / "thresholds.json") << text;
    EXPECT_THROW(KeptThresholds(server_.folder.path(), usual_, screener_), Fault) << text;
  }
}

TEST_F(ThresholdsTest, ChangeWhenTwoPersonsAgree) {
  for (const char* lead : {"ana", "finn"}) server_.add_person(lead, Role::lead);
  server_.add_person("eve", Role::list_curator);
  KeptThresholds thresholds(server_.folder.path(), usual_, screener_);
  RouteTable table;
  Approvals approvals;
  add_threshold_routes(table, approvals, thresholds);
  ActWorker worker(approvals, server_.services);
  add_approval_routes(table, approvals, worker);
  EXPECT_EQ(server_.call(table, "getThresholds", "ana").text,
            R"({"radius_bits":20,"holds_from":"known"})");
  EXPECT_EQ(server_.call(table, "getThresholds", "eve").status, Status::forbidden);
  const auto ask = [&](const std::string& body) {
    return server_.call(table, "askThresholdChange", "ana", {}, body);
  };
  for (const std::string bad : {"{}", R"({"radius_bits":64,"holds_from":"known","reason":"x"})",
                                R"({"radius_bits":3,"holds_from":"ordinary","reason":"x"})",
                                R"({"radius_bits":3,"holds_from":"known","reason":""})"}) {
    EXPECT_EQ(ask(bad).status, Status::bad_request) << bad;
  }
  EXPECT_EQ(ask(R"({"radius_bits":3,"holds_from":"review","reason":"a trial"})").status,
            Status::created);
  EXPECT_EQ(thresholds.now(), usual_) << "one person alone changes nothing";
  EXPECT_EQ(server_.call(table, "approve", "finn", {{"approval", "1"}}).status, Status::ok);
  EXPECT_EQ(thresholds.now(), (Thresholds{3, Disposition::review}));
  EXPECT_EQ(lists_.radius_bits(), 3U);
  EXPECT_THAT(
      server_.record.lines.back(),
      HasSubstr(
          R"("holds_from":"review","holds_from_before":"known","kind":"threshold_change","radius_bits":"3","radius_bits_before":"20")"));
}

}  // namespace
}  // namespace safelight::serve
