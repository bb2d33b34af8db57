#include "safelight/serve/screening/examiner_pool.h"

#include <gtest/gtest.h>
#include <thread>

namespace safelight::serve {
namespace {

TEST(ExaminerPoolTest, ATenantGetsItsExaminerAgain) {
  ExaminerPool pool({}, 2);
  const scan::Examiner* first = nullptr;
  {
    auto lease = pool.lease("a");
    first = &lease.examiner();
  }
  { auto other = pool.lease("b"); }
  auto again = pool.lease("a");
  EXPECT_EQ(&again.examiner(), first);
  EXPECT_EQ(pool.replaced(), 0u);
}

TEST(ExaminerPoolTest, AnExaminerNeverServesTwoTenants) {
  ExaminerPool pool({}, 1);
  { auto lease = pool.lease("a"); }
  { auto lease = pool.lease("b"); }
  EXPECT_EQ(pool.replaced(), 1u);
  { auto lease = pool.lease("b"); }
  EXPECT_EQ(pool.replaced(), 1u);
  { auto lease = pool.lease("a"); }
  EXPECT_EQ(pool.replaced(), 2u);
}

TEST(ExaminerPoolTest, TheTenantThatAskedLeastLatelyMakesRoom) {
  ExaminerPool pool({}, 2);
  { auto lease = pool.lease("a"); }
  { auto lease = pool.lease("b"); }
  { auto lease = pool.lease("a"); }
  { auto lease = pool.lease("c"); }
  EXPECT_EQ(pool.replaced(), 1u);
  { auto lease = pool.lease("a"); }
  EXPECT_EQ(pool.replaced(), 1u);
}

TEST(ExaminerPoolTest, WhoFindsAllLentWaitsForOne) {
  ExaminerPool pool({}, 1);
  std::thread waiting;
  {
    auto lease = pool.lease("a");
    waiting = std::thread([&] { auto other = pool.lease("b"); });
  }
  waiting.join();
  EXPECT_EQ(pool.replaced(), 1u);
}

TEST(ExaminerPoolTest, OneTenantMayHaveSeveralAtOnce) {
  ExaminerPool pool({}, 2);
  auto one = pool.lease("a");
  auto two = pool.lease("a");
  EXPECT_NE(&one.examiner(), &two.examiner());
}

}  // namespace
}  // namespace safelight::serve
