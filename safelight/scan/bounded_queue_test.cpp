#include "safelight/scan/bounded_queue.h"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>
#include <vector>

namespace safelight::scan {
namespace {

TEST(BoundedQueue, RefusesWhatDoesNotFitAndKeepsItForTheCaller) {
  BoundedQueue<std::vector<int>> queue(2, 100);
  std::vector<int> first = {1};
  std::vector<int> second = {2};
  EXPECT_TRUE(queue.try_push(first, 60));
  EXPECT_FALSE(queue.try_push(second, 60));
  EXPECT_EQ(second, std::vector<int>{2});
  EXPECT_TRUE(queue.try_push(second, 40));
  std::vector<int> third = {3};
  EXPECT_FALSE(queue.try_push(third, 0));
}

TEST(BoundedQueue, TakesAnOversizedValueWhenEmpty) {
  BoundedQueue<int> queue(8, 100);
  int value = 7;
  EXPECT_TRUE(queue.try_push(value, 5'000));
  EXPECT_EQ(queue.pop(), 7);
}

TEST(BoundedQueue, DrainsAfterCloseAndThenEnds) {
  BoundedQueue<int> queue(8, 100);
  queue.push(1, 1);
  queue.push(2, 1);
  queue.close();
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kLong{60};

TEST(BoundedQueue, GivesAllAtOnceWhenThereIsEnough) {
  BoundedQueue<int> queue(8, 100);
  for (int i = 0; i < 3; ++i) queue.push(i, 1);
  const auto popped = queue.pop_all_until(3, Clock::now() + kLong);
  EXPECT_EQ(popped.values, (std::vector<int>{0, 1, 2}));
  EXPECT_FALSE(popped.ended);
}

TEST(BoundedQueue, GivesWhatThereIsAtTheDeadline) {
  BoundedQueue<int> queue(8, 100);
  queue.push(1, 1);
  EXPECT_EQ(queue.pop_all_until(3, Clock::now()).values, std::vector<int>{1});
  EXPECT_TRUE(queue.pop_all_until(3, Clock::now()).values.empty());
}

TEST(BoundedQueue, GivesWhatThereIsWhenSomebodyWaitsForRoom) {
  BoundedQueue<int> queue(8, 10);
  queue.push(1, 6);
  const std::jthread pusher([&] { queue.push(2, 6); });
  EXPECT_EQ(queue.pop_all_until(3, Clock::now() + kLong).values, std::vector<int>{1});
  EXPECT_EQ(queue.pop_all_until(1, Clock::now() + kLong).values, std::vector<int>{2});
}

TEST(BoundedQueue, GivesTheRestWhenClosedAndSaysSo) {
  BoundedQueue<int> queue(8, 100);
  queue.push(1, 1);
  queue.close();
  const auto popped = queue.pop_all_until(3, Clock::now() + kLong);
  EXPECT_EQ(popped.values, std::vector<int>{1});
  EXPECT_TRUE(popped.ended);
}

TEST(BoundedQueue, LosesNothingToOneWhoTakesAll) {
  BoundedQueue<int> queue(4, 1'000);
  constexpr int kPerProducer = 5'000;
  std::vector<std::jthread> producers;
  for (int p = 0; p < 3; ++p) {
    producers.emplace_back([&queue, p] {
      for (int i = 0; i < kPerProducer; ++i) queue.push(p * kPerProducer + i, 1);
    });
  }
  const std::jthread closer([&] {
    producers.clear();
    queue.close();
  });
  std::vector<int> seen(3 * kPerProducer, 0);
  for (bool ended = false; !ended;) {
    const auto popped = queue.pop_all_until(3, Clock::now() + kLong);
    for (const int value : popped.values) ++seen[static_cast<size_t>(value)];
    ended = popped.ended;
  }
  EXPECT_EQ(*std::min_element(seen.begin(), seen.end()), 1);
  EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
}

TEST(BoundedQueue, LosesNothingBetweenThreads) {
  BoundedQueue<int> queue(4, 1'000);
  constexpr int kPerProducer = 5'000;
  std::vector<std::jthread> producers;
  for (int p = 0; p < 3; ++p) {
    producers.emplace_back([&queue, p] {
      for (int i = 0; i < kPerProducer; ++i) queue.push(p * kPerProducer + i, 1);
    });
  }
  std::vector<int> seen(3 * kPerProducer, 0);
  {
    std::vector<std::jthread> consumers;
    std::mutex mutex;
    for (int c = 0; c < 2; ++c) {
      consumers.emplace_back([&] {
        while (const auto value = queue.pop()) {
          const std::lock_guard lock(mutex);
          ++seen[static_cast<size_t>(*value)];
        }
      });
    }
    producers.clear();
    queue.close();
  }
  EXPECT_EQ(std::accumulate(seen.begin(), seen.end(), 0), 3 * kPerProducer);
  EXPECT_EQ(*std::min_element(seen.begin(), seen.end()), 1);
}

}  // namespace
}  // namespace safelight::scan
