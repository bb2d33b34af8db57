#include "safelight/serve/approvals/act_worker.h"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <thread>

#include "safelight/base/fault.h"
#include "safelight/serve/api/services_for_test.h"

namespace safelight::serve {
namespace {

using testing::Answered;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A server on which exports take long: until they are let go, or told to stop.
class ActWorkerTest : public ::testing::Test {
 protected:
  ActWorkerTest() {
    for (const char* lead : {"ana", "finn"}) server_.add_person(lead, Role::lead);
    const auto carry_out = [this](Services&, const AgreedAct& agreed) -> ActResult {
      ++begun_;
      while (!is_let_go_ && !agreed.stop.stop_requested()) std::this_thread::yield();
      if (!is_let_go_) return {{}, interrupted("Cut short.")};
      if (fails_) throw Fault("the disk at /secret is full");
      return {{{"exported", "3"}, {"from", agreed.from}}, {}};
    };
    const auto left_behind = [](const Act& act) {
      return audit::Details{{"unfinished", "folder-" + std::to_string(act.id.value)}};
    };
    approvals_.add(ActKind::export_originals,
                   {carry_out, [](const auto&, const auto&, std::string_view) { return true; },
                    ActDoer::Takes::long_time, left_behind});
    table_.add(
        {Method::post, "/ask", Access::to(Permission::purge), "ask", "", "", "", [](Call& call) {
           return ask_approval(call, ActKind::export_originals, R"({"case":"c"})", {});
         }});
    start();
  }
  ~ActWorkerTest() override { is_let_go_ = true; }

  void start() {
    worker_.emplace(approvals_, server_.services);
    add_approval_routes(table_, approvals_, *worker_);
  }
  /// Approves another request of Ana's.
  Answered approve() {
    EXPECT_EQ(server_.call(table_, "ask", "ana").status, Status::created);
    return server_.call(table_, "approve", "finn", {{"approval", std::to_string(++asked_)}});
  }
  void wait_for_begin(int count = 1) const {
    while (begun_ < count) std::this_thread::yield();
  }
  void let_go() {
    is_let_go_ = true;
    while (!server_.approvals.under_way().empty()) std::this_thread::yield();
    worker_->stop();
  }
  std::string list() { return server_.call(table_, "listApprovals", "ana").text; }

  testing::TestServer server_;
  RouteTable table_;
  Approvals approvals_;
  std::atomic<int> begun_ = 0;
  std::atomic<bool> is_let_go_ = false;
  bool fails_ = false;
  int asked_ = 0;
  std::optional<ActWorker> worker_;
};

TEST_F(ActWorkerTest, WhatTakesLongIsDoneBesideTheRequestThatApprovesIt) {
  const auto answer = approve();
  EXPECT_EQ(answer.status, Status::accepted);
  EXPECT_EQ(answer.text, R"({"state":"doing"})");
  wait_for_begin();
  EXPECT_THAT(list(), HasSubstr(R"("state":"doing")"));
  let_go();
  EXPECT_THAT(list(), HasSubstr(R"("state":"executed")"));
  EXPECT_THAT(list(), HasSubstr(R"("outcome":{"exported":"3","from":"192.0.2.1"})"));
  EXPECT_THAT(
      server_.record.lines,
      ElementsAre(
          HasSubstr("export_originals.ask ana"),
          R"(approval.approve finn {"approval":"1","kind":"export_originals"})",
          R"(approval.begin finn {"approval":"1","kind":"export_originals"})",
          R"(approval.done finn {"approval":"1","exported":"3","from":"192.0.2.1","kind":"export_originals"})"));
}

TEST_F(ActWorkerTest, OneIsDoneAfterAnother) {
  approve();
  approve();
  wait_for_begin();
  EXPECT_EQ(begun_, 1);
  EXPECT_EQ(server_.approvals.under_way().size(), 2U);
  let_go();
  EXPECT_EQ(begun_, 2);
}

TEST_F(ActWorkerTest, WhatFailsSaysSoAndNamesWhatItLeft) {
  fails_ = true;
  approve();
  let_go();
  EXPECT_THAT(list(), HasSubstr(R"("state":"failed")"));
  EXPECT_THAT(list(), HasSubstr(R"("outcome":{"code":"not-done","unfinished":"folder-1"})"));
  EXPECT_THAT(server_.record.lines.back(), HasSubstr("approval.failed finn"));
  EXPECT_THAT(server_.log.lines, ElementsAre("the disk at /secret is full"));
}

TEST_F(ActWorkerTest, StoppingInterruptsWhatIsDoneAndWhatWaits) {
  approve();
  approve();
  wait_for_begin();
  worker_->stop();
  EXPECT_EQ(begun_, 1) << "nothing else is begun";
  EXPECT_THAT(server_.approvals.under_way(), IsEmpty());
  for (const int64_t number : {1, 2}) {
    EXPECT_EQ(server_.approvals.find(ActId{number})->state, ActState::interrupted);
  }
  EXPECT_THAT(server_.record.lines.back(), HasSubstr("approval.interrupted finn"));
  EXPECT_THAT(server_.approvals.find(ActId{1})->outcome, HasSubstr("folder-1"));
}

TEST_F(ActWorkerTest, WhatAnEarlierServerLeftUnderWayWasInterruptedAndThatIsOnRecord) {
  worker_->stop();
  const auto ana = server_.people.find("ana")->id;
  const auto finn = server_.people.find("finn")->id;
  for (const int64_t number : {1, 2}) {
    ASSERT_EQ(server_.approvals.request(ana, ActKind::export_originals, "{}", kApprovalNs).outcome,
              ActOutcome::done);
    ASSERT_EQ(server_.approvals.approve(ActId{number}, finn).outcome, ActOutcome::done);
  }
  ASSERT_EQ(server_.approvals.take(ActId{1}).outcome, ActOutcome::done);
  worker_.emplace(approvals_, server_.services);
  EXPECT_THAT(server_.approvals.under_way(), IsEmpty());
  EXPECT_THAT(
      server_.record.lines,
      ElementsAre(
          R"(approval.interrupted  {"approval":"1","code":"interrupted","kind":"export_originals","unfinished":"folder-1"})",
          HasSubstr(R"(approval.interrupted  {"approval":"2")")));
  EXPECT_EQ(begun_, 0) << "it is not done anew by itself";
}

}  // namespace
}  // namespace safelight::serve
