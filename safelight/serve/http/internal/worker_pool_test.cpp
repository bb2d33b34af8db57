#include "safelight/serve/http/internal/worker_pool.h"

#include <atomic>
#include <future>
#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

using Submitted = WorkerPool::Submitted;
using Turn = WorkerPool::Turn;

/// A job that says when it runs, and waits to be let go.
class Held {
 public:
  WorkerPool::Job job() {
    return [this](Turn turn) {
      turns_.set_value(turn);
      released_.get_future().wait();
    };
  }
  Turn turn() { return turns_.get_future().get(); }
  void release() { released_.set_value(); }

 private:
  std::promise<Turn> turns_;
  std::promise<void> released_;
};

constexpr RouteLimits limits(uint32_t max_running, uint32_t max_waiting) {
  return {.max_running = max_running, .max_waiting = max_waiting};
}

TEST(WorkerPoolTest, MoreThanMayWaitAreRefused) {
  const std::vector classes{limits(1, 1)};
  WorkerPool pool(2, classes);
  Held held;
  ASSERT_EQ(pool.submit({0}, held.job()), Submitted::waiting);
  EXPECT_EQ(held.turn(), Turn::run);
  std::promise<void> second;
  EXPECT_EQ(pool.submit({0}, [&](Turn) { second.set_value(); }), Submitted::waiting);
  EXPECT_EQ(pool.submit({0}, [](Turn) {}), Submitted::overloaded);
  held.release();
  second.get_future().wait();
}

TEST(WorkerPoolTest, AClassThatIsFullDoesNotHoldUpAnother) {
  const std::vector classes{limits(1, 8), limits(8, 8)};
  WorkerPool pool(2, classes);
  Held held;
  ASSERT_EQ(pool.submit({0}, held.job()), Submitted::waiting);
  EXPECT_EQ(held.turn(), Turn::run);
  std::atomic<int> order = 0;
  std::promise<int> blocked;
  std::promise<int> other;
  ASSERT_EQ(pool.submit({0}, [&](Turn) { blocked.set_value(++order); }), Submitted::waiting);
  ASSERT_EQ(pool.submit({1}, [&](Turn) { other.set_value(++order); }), Submitted::waiting);
  EXPECT_EQ(other.get_future().get(), 1);
  held.release();
  EXPECT_EQ(blocked.get_future().get(), 2);
}

TEST(WorkerPoolTest, WhatWaitsIsGivenUpWhenItStops) {
  const std::vector classes{limits(1, 8)};
  WorkerPool pool(1, classes);
  Held held;
  ASSERT_EQ(pool.submit({0}, held.job()), Submitted::waiting);
  EXPECT_EQ(held.turn(), Turn::run);
  std::promise<Turn> given_up;
  ASSERT_EQ(pool.submit({0}, [&](Turn turn) { given_up.set_value(turn); }), Submitted::waiting);
  pool.stop();
  EXPECT_EQ(given_up.get_future().get(), Turn::stopping);
  EXPECT_EQ(pool.submit({0}, [](Turn) {}), Submitted::stopping);
  held.release();
  pool.join();
}

TEST(WorkerPoolTest, EveryJobThatWaitsHasOneTurn) {
  const std::vector classes{limits(2, 1'000), limits(3, 1'000)};
  std::atomic<int> runs = 0;
  {
    WorkerPool pool(4, classes);
    for (size_t i = 0; i < 500; ++i) {
      ASSERT_EQ(pool.submit({i % 2}, [&](Turn) { ++runs; }), Submitted::waiting);
    }
  }
  EXPECT_EQ(runs, 500);
}

}  // namespace
}  // namespace safelight::serve
