#include <gtest/gtest.h>
#include <sys/resource.h>

#include "safelight/serve/http/internal/server_for_test.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {
namespace {

constexpr std::chrono::milliseconds kPause{20};

/// Content that no buffer between two programs holds.
Blob large_blob() {
  auto bytes = std::make_shared<const std::string>(size_t{32} << 20, 'x');
  return {bytes, std::as_bytes(std::span(*bytes))};
}

class LimitsTest : public ServerTest {
 protected:
  LimitsTest() { options_.worker_threads = 2; }

  void start_sample(const RouteLimits& uploads = {}) {
    Router router;
    const auto route_class = router.add_class(uploads);
    router.add(Method::get, "/", [](Request&) { return text("hello"); })
        .add(
            Method::post, "/upload",
            [](Request& request) { return text(std::to_string(request.body.size_bytes())); },
            route_class)
        .add(
            Method::get, "/held",
            [this](Request&) {
              gate_.pass();
              return text("released");
            },
            route_class)
        .add(Method::get, "/large", [blob = large_blob()](Request&) {
          return Response::blob(Status::ok, "application/octet-stream", blob);
        });
    start(std::move(router));
  }
  void TearDown() override {
    gate_.open();
    ServerTest::TearDown();
  }

  Gate gate_;
};

TEST_F(LimitsTest, ALongTargetIsRefused) {
  options_.limits.max_target_bytes = 16;
  start_sample();
  EXPECT_EQ(ask_for("/?a=234567890123").status, 200);
  EXPECT_EQ(ask_for("/?a=2345678901234").status, 414);
}

TEST_F(LimitsTest, ManyQueryParametersAreRefused) {
  options_.limits.max_query_parameters = 2;
  start_sample();
  EXPECT_EQ(ask_for("/?a&b").status, 200);
  EXPECT_EQ(ask_for("/?a&b&c").status, 414);
}

TEST_F(LimitsTest, ManyHeadersAreRefused) {
  options_.limits.max_headers = 2;
  start_sample();
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: localhost\r\na: 1\r\n\r\n").status, 200);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: localhost\r\na: 1\r\nb: 1\r\n\r\n").status, 431);
}

TEST_F(LimitsTest, ALargeHeadIsRefused) {
  options_.limits.max_head_bytes = 128;
  start_sample();
  const std::string begin = "GET / HTTP/1.1\r\nHost: localhost\r\na: ";
  const std::string end = "\r\n\r\n";
  EXPECT_EQ(ask(begin + std::string(128 - begin.size() - end.size(), 'x') + end).status, 200);
  EXPECT_EQ(ask(begin + std::string(129 - begin.size() - end.size(), 'x') + end).status, 431);
}

TEST_F(LimitsTest, AHeadWithoutEndIsRefused) {
  options_.limits.max_head_bytes = 128;
  start_sample();
  EXPECT_EQ(ask("GET /" + std::string(1'000, 'x')).status, 431);
}

TEST_F(LimitsTest, ALargeBodyIsRefusedBeforeItIsSent) {
  start_sample({.max_body_bytes = 10});
  auto client = connect();
  client.post("/upload", "1234567890");
  EXPECT_EQ(client.receive().content, "10");
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(client.receive().status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(LimitsTest, ALargeChunkedBodyIsRefusedWhenItIsOverTheLimit) {
  start_sample({.max_body_bytes = 10});
  constexpr std::string_view kHead =
      "POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(std::string(kHead) + "a\r\n1234567890\r\n0\r\n\r\n").content, "10");
  EXPECT_EQ(ask(std::string(kHead) + "a\r\n1234567890\r\n1\r\n1\r\n0\r\n\r\n").status, 413);
  EXPECT_EQ(ask(std::string(kHead) + "fffffffff\r\n12345678901").status, 413);
}

TEST_F(LimitsTest, BodiesTogetherHaveALimit) {
  options_.limits.max_bodies_bytes = 100;
  start_sample({.max_body_bytes = 1'000});
  auto client = connect();
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n" +
              std::string(89, 'x'));
  ASSERT_TRUE(comes_true([&] {
    auto other = connect();
    other.post("/upload", std::string(20, 'x'));
    return other.receive().status == 429;
  }));
  client.send("x");
  EXPECT_EQ(client.receive().content, "90");
  ASSERT_TRUE(comes_true([&] {
    auto other = connect();
    other.post("/upload", std::string(100, 'x'));
    return other.receive().content == "100";
  }));
}

TEST_F(LimitsTest, WhatOneClassTakesOfTheBodiesLeavesTheOthersTheirs) {
  options_.limits.max_bodies_bytes = 100;
  Router router;
  const auto files = router.add_class({.max_body_bytes = 1'000, .max_bodies_bytes = 60});
  const auto size = [](Request& request) {
    return text(std::to_string(request.body.size_bytes()));
  };
  router.add(Method::post, "/file", size, files).add(Method::post, "/screen", size);
  start(std::move(router));
  const auto answer_to = [&](const std::string& path, size_t bytes) {
    auto other = connect();
    other.post(path, std::string(bytes, 'x'));
    return other.receive();
  };
  auto slow = connect();
  slow.send("POST /file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60\r\n\r\n" +
            std::string(59, 'x'));
  ASSERT_TRUE(comes_true([&] { return answer_to("/file", 20).status == 429; }));
  EXPECT_EQ(answer_to("/screen", 40).content, "40");
  slow.send("x");
  EXPECT_EQ(slow.receive().content, "60");
  ASSERT_TRUE(comes_true([&] { return answer_to("/file", 60).content == "60"; }));
}

TEST_F(LimitsTest, ALargeBodyBecomesASealedFile) {
  options_.limits.max_memory_body_bytes = 1'000;
  Router router;
  const auto uploads = router.add_class({.max_body_bytes = 1 << 20});
  router.add(
      Method::post, "/upload",
      [](Request& request) {
        const auto file = std::move(request.body).take_file();
        const auto mapping = FileMapping::map(file.descriptor());
        return text(std::string(reinterpret_cast<const char*>(mapping->bytes().data()),
                                mapping->bytes().size()));
      },
      uploads);
  start(std::move(router));
  std::string content(300'000, 'x');
  for (size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('a' + i % 26);
  auto client = connect();
  client.post("/upload", content);
  EXPECT_EQ(client.receive().content, content);
  client.post("/upload", "small");
  EXPECT_EQ(client.receive().content, "small");
}

TEST_F(LimitsTest, ConnectionsOverTheLimitAreClosed) {
  options_.limits.max_connections = 2;
  start_sample();
  auto first = connect();
  auto second = connect();
  first.get("/");
  second.get("/");
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(second.receive().status, 200);
  EXPECT_TRUE(connect().is_closed());
  EXPECT_EQ(server_->metrics().refused_connections, 1);
  { const auto gone = std::move(first); }
  EXPECT_TRUE(comes_true([&] { return ask_for("/").status == 200; }));
}

TEST_F(LimitsTest, ConnectionsFromOneAddressHaveALimit) {
  options_.limits.max_connections_per_address = 1;
  start_sample();
  auto first = connect();
  first.get("/");
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_TRUE(connect().is_closed());
}

TEST_F(LimitsTest, AConnectionHasSoManyRequests) {
  options_.limits.max_requests_per_connection = 2;
  start_sample();
  auto client = connect();
  client.get("/");
  EXPECT_EQ(client.receive().header("connection"), "");
  client.get("/");
  EXPECT_EQ(client.receive().header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(LimitsTest, ASlowHeadIsTimedOut) {
  options_.limits.head_ms = 60;
  start_sample();
  auto client = connect();
  client.send("GET / HTTP/1.1\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 408);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(server_->metrics().timed_out_connections, 1);
}

TEST_F(LimitsTest, AHeadThatDripsIsTimedOut) {
  options_.limits.head_ms = 100;
  start_sample();
  auto client = connect();
  client.send("GET / HTTP/1.1\r\na:");
  for (int i = 0; i < 500 && server_->metrics().timed_out_connections == 0; ++i) {
    client.send("x");
    std::this_thread::sleep_for(kPause);
  }
  EXPECT_EQ(client.receive().status, 408);
}

TEST_F(LimitsTest, ASlowBodyIsTimedOut) {
  options_.limits.body_ms = 60;
  start_sample();
  auto client = connect();
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123");
  EXPECT_EQ(client.receive().status, 408);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(LimitsTest, ABodyThatDripsIsTimedOut) {
  options_.limits.body_ms = 60;
  options_.limits.min_bytes_per_second = 1'000;
  start_sample();
  auto client = connect();
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\n");
  for (int i = 0; i < 500 && server_->metrics().timed_out_connections == 0; ++i) {
    client.send("x");
    std::this_thread::sleep_for(kPause);
  }
  EXPECT_EQ(client.receive().status, 408);
}

TEST_F(LimitsTest, ABodyThatKeepsItsPaceIsNot) {
  options_.limits.body_ms = 50;
  options_.limits.min_bytes_per_second = 1;
  start_sample();
  auto client = connect();
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 15\r\n\r\n1234567890");
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(kPause);
    client.send("x");
  }
  EXPECT_EQ(client.receive().content, "15");
}

TEST_F(LimitsTest, AnIdleConnectionIsClosedWithoutAWord) {
  options_.limits.idle_ms = 60;
  start_sample();
  auto fresh = connect();
  auto used = connect();
  used.get("/");
  EXPECT_EQ(used.receive().status, 200);
  EXPECT_TRUE(used.is_closed());
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_EQ(server_->metrics().timed_out_connections, 0);
}

TEST_F(LimitsTest, ASlowReaderIsCutOff) {
  options_.limits.response_ms = 60;
  options_.limits.min_bytes_per_second = 1 << 30;
  start_sample();
  auto client = connect();
  client.get("/large");
  EXPECT_TRUE(comes_true([&] { return server_->metrics().timed_out_connections == 1; }));
  EXPECT_TRUE(comes_true([&] { return server_->metrics().open_connections == 0; }));
  EXPECT_LT(client.receive_rest().size(), large_blob().bytes.size());
}

TEST_F(LimitsTest, ARequestHasATotalTime) {
  options_.limits.total_ms = 60;
  start_sample();
  auto client = connect();
  client.get("/large");
  EXPECT_TRUE(comes_true([&] { return server_->metrics().timed_out_connections == 1; }));
  EXPECT_TRUE(comes_true([&] { return server_->metrics().open_connections == 0; }));
}

TEST_F(LimitsTest, AReaderThatKeepsUpGetsAllOfIt) {
  start_sample();
  const auto answer = ask_for("/large");
  EXPECT_EQ(answer.content.size(), large_blob().bytes.size());
}

TEST_F(LimitsTest, TooManyRequestsOfAClassAreTurnedAwayAtOnce) {
  start_sample({.max_running = 1, .max_waiting = 1});
  auto running = connect();
  running.get("/held");
  gate_.wait_for_arrivals(1);
  auto waiting = connect();
  waiting.get("/held");
  Answer refused;
  ASSERT_TRUE(comes_true([&] {
    auto other = connect();
    other.post("/upload", "");
    refused = other.receive();
    return refused.status == 429;
  }));
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(ask_for("/").content, "hello") << "another class is not concerned";
  gate_.open();
  EXPECT_EQ(running.receive().content, "released");
  EXPECT_EQ(waiting.receive().content, "released");
}

TEST_F(LimitsTest, SlowHandlersDoNotHoldUpIo) {
  options_.worker_threads = 1;
  start_sample();
  auto held = connect();
  held.get("/held");
  gate_.wait_for_arrivals(1);
  EXPECT_EQ(ask_for("/none").status, 404);
  auto client = connect();
  client.get("/");
  gate_.open();
  EXPECT_EQ(client.receive().content, "hello");
}

TEST_F(LimitsTest, HalfOpenConnectionsDoNotHoldUpARequest) {
  constexpr int kHalfOpen = 500;
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  const rlimit raised{std::max<rlim_t>(descriptors.rlim_cur, 4'096), descriptors.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) GTEST_SKIP() << "too few descriptors";
  options_.limits.max_connections_per_address = kHalfOpen + 1;
  start_sample();
  std::vector<TestClient> half_open;
  for (int i = 0; i < kHalfOpen; ++i) {
    half_open.push_back(connect());
    half_open.back().send("GET / HTTP/1.1\r\nHost: local");
  }
  EXPECT_EQ(ask_for("/").content, "hello");
  half_open.back().send("host\r\n\r\n");
  EXPECT_EQ(half_open.back().receive().content, "hello");
}

}  // namespace
}  // namespace safelight::serve
