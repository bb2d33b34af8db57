#include "safelight/serve/approvals/approvals.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

#include "safelight/base/fault.h"
#include "safelight/serve/api/services_for_test.h"
#include "safelight/serve/approvals/act_worker.h"

namespace safelight::serve {
namespace {

using ::testing::AllOf;
using testing::Answered;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ApprovalsTest : public ::testing::Test {
 protected:
  ApprovalsTest() {
    for (const char* lead : {"ana", "finn"}) server_.add_person(lead, Role::lead);
    server_.add_person("eve", Role::list_curator);
    server_.add_person("ben", Role::reviewer);
    approvals_.add(ActKind::purge, {[this](Services&, const AgreedAct& agreed) {
                                      done_.push_back(agreed.act.parameters + " by " +
                                                      agreed.asked_by + " and " +
                                                      agreed.approved_by);
                                      return result_();
                                    },
                                    [this](const Services&, const std::string& login,
                                           std::string_view) { return login != kept_from_; }});
    add_approval_routes(table_, approvals_, worker_);
    table_.add(
        {Method::post, "/ask", Access::to(Permission::purge), "ask", "", "", "", [](Call& call) {
           return ask_approval(call, ActKind::purge, R"({"upload":"7"})", {{"upload", "7"}});
         }});
  }

  /// The number of a request of Ana's.
  std::string asked() {
    EXPECT_EQ(server_.call(table_, "ask", "ana").status, Status::created);
    return std::to_string(++asked_);
  }
  Answered approve(const std::string& approval, const std::string& person) {
    return server_.call(table_, "approve", person, {{"approval", approval}});
  }
  Answered withdraw(const std::string& approval, const std::string& person) {
    return server_.call(table_, "withdraw", person, {{"approval", approval}});
  }
  std::string list(const std::string& person) {
    return server_.call(table_, "listApprovals", person).text;
  }

  testing::TestServer server_;
  RouteTable table_;
  Approvals approvals_;
  ActWorker worker_{approvals_, server_.services};
  std::vector<std::string> done_;
  std::string kept_from_;
  std::function<ActResult()> result_ = [] { return ActResult{{{"uploads", "1"}}, {}}; };
  int asked_ = 0;
};

TEST_F(ApprovalsTest, WhatAnotherPersonApprovesIsDoneOnceInTheNameOfBoth) {
  const auto approval = asked();
  EXPECT_THAT(list("finn"), HasSubstr(R"("what":{"upload":"7"},"by":"ana","mine":false)"));
  EXPECT_THAT(list("ana"), HasSubstr(R"("mine":true)"));
  EXPECT_EQ(approve(approval, "finn").text, R"({"state":"executed","done":{"uploads":"1"}})");
  EXPECT_THAT(done_, ElementsAre(R"({"upload":"7"} by ana and finn)"));
  EXPECT_THAT(approve(approval, "finn").text, HasSubstr("approval-over"));
  EXPECT_EQ(done_.size(), 1U);
  EXPECT_THAT(server_.record.lines,
              ElementsAre(R"(purge.ask ana {"approval":"1","upload":"7"})",
                          R"(approval.approve finn {"approval":"1","kind":"purge"})",
                          R"(approval.done finn {"approval":"1","kind":"purge","uploads":"1"})"));
}

TEST_F(ApprovalsTest, WhatTakesMinutesKeepsNobodyElseWaiting) {
  table_.add({Method::get, "/charts", Access::session(), "charts", "", "", "",
              [](Call&) { return Response::empty(); }, ApiRoute::Load::heavy});
  Router router;
  table_.add_to(router, server_.services);
  const auto class_of = [&](std::string_view pattern) {
    return std::ranges::find(router.routes(), pattern, &Route::pattern)->route_class.index;
  };
  const size_t approving = class_of("/v1/approvals/{approval}/approve");
  EXPECT_LE(router.classes()[approving].max_running, 2U);
  for (const char* other : {"/charts", "/ask", "/v1/approvals"}) {
    EXPECT_NE(class_of(other), approving) << other;
  }
}

TEST_F(ApprovalsTest, WhatEndedIsListedForAWeekWithWhatCameOfIt) {
  ASSERT_EQ(approve(asked(), "finn").status, Status::ok);
  for (const char* lead : {"ana", "finn"}) {
    EXPECT_THAT(list(lead), AllOf(HasSubstr(R"("state":"executed")"),
                                  HasSubstr(R"("approved_by":"finn","ended":")"),
                                  HasSubstr(R"("outcome":{"uploads":"1"})")));
  }
  result_ = [] { return ActResult{{}, NotDone{Status::locked, "held", "A hold."}}; };
  ASSERT_EQ(approve(asked(), "finn").status, Status::locked);
  EXPECT_THAT(list("ana"), HasSubstr(R"("outcome":{"code":"held"})"));
  kept_from_ = "ana";
  EXPECT_EQ(list("ana"), R"({"approvals":[]})");
  EXPECT_EQ(list("eve"), R"({"approvals":[]})");
  server_.clock.advance(kApprovalNs + 1);
  EXPECT_EQ(list("finn"), R"({"approvals":[]})");
}

TEST_F(ApprovalsTest, OfWhatEndedTheLatestAreListed) {
  for (int i = 0; i < 12; ++i) ASSERT_EQ(approve(asked(), "finn").status, Status::ok);
  const std::string listed = list("finn");
  EXPECT_THAT(listed, HasSubstr(R"("approval":12)"));
  EXPECT_THAT(listed, HasSubstr(R"("approval":3,)"));
  EXPECT_THAT(listed, Not(HasSubstr(R"("approval":2,)")));
}

TEST_F(ApprovalsTest, WhoAskedDoesNotApprove) {
  const auto answer = approve(asked(), "ana");
  EXPECT_EQ(answer.status, Status::conflict);
  EXPECT_THAT(answer.text, HasSubstr("same-person"));
  EXPECT_THAT(done_, IsEmpty());
}

TEST_F(ApprovalsTest, WhatHasExpiredIsNeitherListedNorDone) {
  const auto approval = asked();
  server_.clock.advance(kApprovalNs);
  EXPECT_EQ(list("finn"), R"({"approvals":[]})");
  EXPECT_THAT(approve(approval, "finn").text, HasSubstr("approval-over"));
  EXPECT_THAT(done_, IsEmpty());
}

TEST_F(ApprovalsTest, WhatSomebodyMayNotDoIsNotThereForThem) {
  const auto approval = asked();
  EXPECT_EQ(list("eve"), R"({"approvals":[]})");
  EXPECT_THAT(approve(approval, "eve").text, HasSubstr("no-such-approval"));
  EXPECT_THAT(withdraw(approval, "eve").text, HasSubstr("no-such-approval"));
  EXPECT_EQ(approve(approval, "ben").status, Status::forbidden);
  EXPECT_THAT(done_, IsEmpty());
}

TEST_F(ApprovalsTest, WhatIsOfNoConcernToSomebodyIsNotThereForThem) {
  const auto approval = asked();
  kept_from_ = "finn";
  EXPECT_EQ(list("finn"), R"({"approvals":[]})");
  EXPECT_THAT(approve(approval, "finn").text, HasSubstr("no-such-approval"));
  EXPECT_THAT(approve("x", "finn").text, HasSubstr("no-such-approval"));
  EXPECT_THAT(done_, IsEmpty());
}

TEST_F(ApprovalsTest, WhatIsTakenBackIsNotDone) {
  const auto mine = asked();
  EXPECT_EQ(withdraw(mine, "ana").status, Status::no_content);
  EXPECT_THAT(approve(mine, "finn").text, HasSubstr("approval-over"));
  const auto refused = asked();
  EXPECT_EQ(withdraw(refused, "finn").status, Status::no_content);
  EXPECT_THAT(done_, IsEmpty());
}

TEST_F(ApprovalsTest, WhatFailsSaysWhyAndIsAskedForAnew) {
  result_ = [] { return ActResult{{}, NotDone{Status::locked, "held", "A hold."}}; };
  const auto approval = asked();
  const auto answer = approve(approval, "finn");
  EXPECT_EQ(answer.status, Status::locked);
  EXPECT_THAT(answer.text, HasSubstr(R"("code":"held","detail":"A hold.")"));
  EXPECT_EQ(server_.record.lines.back(),
            R"(approval.failed finn {"approval":"1","code":"held","kind":"purge"})");
  EXPECT_THAT(approve(approval, "finn").text, HasSubstr("approval-over"));
}

TEST_F(ApprovalsTest, WhatTheMachineDoesNotDoIsOnRecordAndTellsNothingOfTheInside) {
  result_ = []() -> ActResult { throw Fault("the disk at /secret is full"); };
  const auto answer = approve(asked(), "finn");
  EXPECT_EQ(answer.status, Status::bad_gateway);
  EXPECT_THAT(answer.text, Not(HasSubstr("secret")));
  EXPECT_THAT(server_.record.lines.back(), HasSubstr("approval.failed"));
  EXPECT_THAT(server_.log.lines, ElementsAre("the disk at /secret is full"));
}

TEST_F(ApprovalsTest, WhatCannotBePutOnRecordIsNotAskedFor) {
  server_.record.refuses = "purge.ask";
  EXPECT_THROW(server_.call(table_, "ask", "ana"), Fault);
  EXPECT_EQ(list("finn"), R"({"approvals":[]})");
}

TEST_F(ApprovalsTest, WhatCannotBePutOnRecordIsNotSaidToBeDone) {
  const auto approval = asked();
  result_ = [this] {
    server_.record.refuses = "approval.done";
    return ActResult{{{"uploads", "1"}}, {}};
  };
  EXPECT_EQ(approve(approval, "finn").status, Status::bad_gateway);
  EXPECT_THAT(list("finn"), HasSubstr(R"("state":"failed")"));
}

TEST_F(ApprovalsTest, OfWhateverItFailsThatIsOnRecord) {
  result_ = []() -> ActResult { throw std::invalid_argument("the case: an item of /secret"); };
  const auto answer = approve(asked(), "finn");
  EXPECT_EQ(answer.status, Status::bad_gateway);
  EXPECT_THAT(server_.record.lines.back(), HasSubstr("approval.failed"));
}

TEST_F(ApprovalsTest, WhatWasAskedForByWhoMayItNoMoreIsNotDoneAndThatIsOnRecord) {
  const auto approval = asked();
  ASSERT_TRUE(server_.people.set_role(server_.people.find("ana")->id, Role::reviewer));
  const auto answer = approve(approval, "finn");
  EXPECT_EQ(answer.status, Status::forbidden);
  EXPECT_THAT(answer.text, HasSubstr("not-permitted"));
  EXPECT_THAT(done_, IsEmpty());
  EXPECT_EQ(server_.record.lines.back(),
            R"(approval.failed finn {"approval":"1","code":"not-permitted","kind":"purge"})");
}

TEST_F(ApprovalsTest, AKindThatIsNotDoneHereIsNotApproved) {
  const auto eve = server_.people.find("eve")->id;
  ASSERT_EQ(server_.approvals.request(eve, ActKind::list_change, "{}", kApprovalNs).outcome,
            ActOutcome::done);
  server_.add_person("gil", Role::list_curator);
  EXPECT_EQ(list("gil"), R"({"approvals":[]})");
  EXPECT_THAT(approve("1", "gil").text, HasSubstr("no-such-approval"));
}

}  // namespace
}  // namespace safelight::serve
