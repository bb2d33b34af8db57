#include <atomic>
#include <gtest/gtest.h>

#include "safelight/serve/http/internal/server_for_test.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {
namespace {

constexpr std::chrono::seconds kLongGrace{20};

class StopTest : public ServerTest {
 protected:
  void start_sample() {
    options_.worker_threads = 1;
    Router router;
    router.add(Method::get, "/", [](Request&) { return text("hello"); })
        .add(Method::get, "/held", [this](Request&) {
          gate_.pass();
          return text("finished");
        });
    start(std::move(router));
  }
  void TearDown() override {
    gate_.open();
    ServerTest::TearDown();
  }

  Gate gate_;
};

TEST_F(StopTest, WhatRunsIsFinishedAndWhatWaitsIsTurnedAway) {
  start_sample();
  auto running = connect();
  running.get("/held");
  gate_.wait_for_arrivals(1);
  auto waiting = connect();
  waiting.get("/held");
  auto idle = connect();
  idle.get("/none");
  EXPECT_EQ(idle.receive().status, 404);
  auto half = connect();
  half.send("GET / HT");
  std::thread stopping([this] { server_->stop(kLongGrace); });
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(half.is_closed());
  const auto turned_away = waiting.receive();
  EXPECT_EQ(turned_away.status, 503);
  EXPECT_EQ(turned_away.header("retry-after"), "1");
  gate_.open();
  const auto answer = running.receive();
  EXPECT_EQ(answer.content, "finished");
  EXPECT_EQ(answer.header("connection"), "close");
  stopping.join();
  EXPECT_EQ(server_->metrics().open_connections, 0);
}

TEST_F(StopTest, WhatIsNotFinishedInTimeIsCut) {
  start_sample();
  auto running = connect();
  running.get("/held");
  gate_.wait_for_arrivals(1);
  auto unread = connect();
  std::thread stopping([this] { server_->stop(std::chrono::milliseconds(30)); });
  EXPECT_TRUE(unread.is_closed());
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  gate_.open();
  stopping.join();
  EXPECT_TRUE(running.is_closed());
  EXPECT_EQ(server_->metrics().open_connections, 0);
}

TEST_F(StopTest, NobodyConnectsAfterwards) {
  start_sample();
  const auto port = server_->port();
  server_->stop(kLongGrace);
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_NE(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
  server_->stop(kLongGrace);
}

TEST_F(StopTest, AServerStopsWhileClientsAreBusy) {
  for (int round = 0; round < 5; ++round) {
    options_.io_threads = 2;
    start_sample();
    std::atomic<int> answered = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      // Connected here: a thread that began late would find the server gone.
      clients.emplace_back([&answered, client = connect()]() mutable {
        for (;;) {
          client.get("/");
          const auto answer = client.receive();
          if (answer.status == 0) break;
          ++answered;
          if (answer.header("connection") == "close") break;
        }
      });
    }
    EXPECT_TRUE(comes_true([&] { return answered >= 8; }));
    server_->stop(kLongGrace);
    for (auto& client : clients) client.join();
    EXPECT_EQ(server_->metrics().open_connections, 0);
  }
}

TEST_F(StopTest, AServerThatGoesStops) {
  start_sample();
  auto client = connect();
  client.get("/");
  EXPECT_EQ(client.receive().content, "hello");
  server_.reset();
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace safelight::serve
