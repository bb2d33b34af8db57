#include <atomic>
#include <chrono>
#include <gtest/gtest.h>

#include "safelight/serve/http/internal/server_for_test.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kBucket{200};

class PaddingTest : public ServerTest {
 protected:
  void start_sample() {
    options_.worker_threads = 1;
    Router router;
    router.add(Method::get, "/quick", [](Request&) { return text("quick").padded(kBucket); })
        .add(Method::get, "/slow",
             [](Request&) {
               std::this_thread::sleep_for(kBucket + milliseconds(20));
               return text("slow").padded(kBucket);
             })
        .add(Method::get, "/plain", [](Request&) { return text("plain"); });
    start(std::move(router));
  }
  milliseconds time_of(std::string_view target) {
    const auto begun = steady_clock::now();
    EXPECT_EQ(ask_for(target).status, 200);
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
  }
};

TEST_F(PaddingTest, AnAnswerComesAtAMultipleOfItsBucket) {
  start_sample();
  EXPECT_GE(time_of("/quick"), kBucket);
  EXPECT_GE(time_of("/slow"), 2 * kBucket);
}

TEST_F(PaddingTest, NoThreadWaitsWithAnAnswerThatIsHeldBack) {
  start_sample();
  const auto begun = steady_clock::now();
  std::vector<TestClient> held;
  for (int i = 0; i < 20; ++i) {
    held.push_back(connect());
    held.back().get("/quick");
  }
  EXPECT_EQ(ask_for("/plain").content, "plain");
  for (TestClient& client : held) EXPECT_EQ(client.receive().content, "quick");
  EXPECT_LT(steady_clock::now() - begun, 10 * kBucket);
}

TEST_F(PaddingTest, AConnectionGoesOnAfterAnAnswerThatWasHeldBack) {
  start_sample();
  auto client = connect();
  client.get("/quick");
  client.get("/plain");
  EXPECT_EQ(client.receive().content, "quick");
  EXPECT_EQ(client.receive().content, "plain");
}

TEST_F(PaddingTest, AStopWithoutGraceWaitsForNoBucket) {
  Router router;
  std::atomic<bool> is_answered = false;
  router.add(Method::get, "/", [&](Request&) {
    is_answered = true;
    return text("late").padded(std::chrono::minutes(5));
  });
  start(std::move(router));
  auto client = connect();
  client.get("/");
  ASSERT_TRUE(comes_true([&] { return is_answered.load(); }));
  server_->stop(milliseconds(10));
  EXPECT_EQ(server_->metrics().open_connections, 0);
}

TEST_F(PaddingTest, AnAnswerIsNotHeldBackBeyondTheTotalTime) {
  options_.limits.total_ms = 300;
  Router router;
  router.add(Method::get, "/",
             [](Request&) { return text("late").padded(std::chrono::minutes(5)); });
  start(std::move(router));
  auto client = connect();
  client.get("/");
  const auto begun = steady_clock::now();
  client.receive_rest();
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(10));
}

}  // namespace
}  // namespace safelight::serve
