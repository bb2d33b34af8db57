#include "safelight/serve/list_api/list_routes.h"

#include <gtest/gtest.h>

#include "safelight/serve/api/services_for_test.h"
#include "safelight/serve/list_api/later_clock_for_test.h"

namespace safelight::serve {
namespace {

constexpr int64_t kHourNs = 60 * testing::kMinuteNs;

TEST(TendStagedFiles, WhatNobodyHasAskedForOrAsksForAnyMoreIsGoneSoon) {
  testing::TestServer server;
  server.add_person("eve", Role::list_curator);
  testing::LaterClock clock;
  StagedFiles staged(server.folder.path(), server.random, clock);
  const auto keep = [&] { return staged.keep(std::as_bytes(std::span("a list", 6)))->id; };
  const std::string asked = keep();
  const std::string unasked = keep();
  const auto eve = server.people.find("eve")->id;
  const auto act = server.approvals.request(eve, ActKind::list_change,
                                            R"({"file":")" + asked + R"("})", kApprovalNs);
  tend_staged_files(staged, server.approvals);
  EXPECT_TRUE(staged.find(unasked)) << "somebody may be about to";
  clock.later_ns = 2 * kHourNs;
  tend_staged_files(staged, server.approvals);
  EXPECT_FALSE(staged.find(unasked));
  EXPECT_TRUE(staged.find(asked));
  ASSERT_EQ(server.approvals.withdraw(act.act->id, eve).outcome, ActOutcome::done);
  tend_staged_files(staged, server.approvals);
  EXPECT_FALSE(staged.find(asked));
}

}  // namespace
}  // namespace safelight::serve
