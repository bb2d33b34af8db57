#include <atomic>
#include <gtest/gtest.h>

#include "safelight/base/fault.h"
#include "safelight/serve/http/internal/server_for_test.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {
namespace {

class GateTest : public ServerTest {
 protected:
  void start_sample() {
    Router router;
    const auto gate = [](const Request& request) -> std::optional<Response> {
      EXPECT_EQ(request.body.size_bytes(), 0u);
      if (request.headers.find("x-fault")) throw Fault("broken");
      if (request.headers.find("x-key")) return std::nullopt;
      return Response::problem(Status::unauthorised, "no-key");
    };
    router.add(
        Method::post, "/",
        [this](Request& request) {
          ++handled_;
          return text(std::string(request.body.text()));
        },
        {}, gate);
    start(std::move(router));
  }
  static std::string head(std::string_view more) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n" + std::string(more) +
           "\r\n";
  }

  std::atomic<int> handled_ = 0;
};

TEST_F(GateTest, ARefusalComesBeforeTheBodyAndEndsTheConnection) {
  start_sample();
  auto client = connect();
  client.send(head(""));
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(handled_, 0);
}

TEST_F(GateTest, NobodyIsToldToGoOnWhoMayNotSend) {
  start_sample();
  auto refused = connect();
  refused.send(head("Expect: 100-continue\r\n"));
  EXPECT_EQ(refused.receive().status, 401);
  auto admitted = connect();
  admitted.send(head("X-Key: 1\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(admitted.receive().status, 100);
}

TEST_F(GateTest, WhatMayComeIsHandledWithItsBody) {
  start_sample();
  auto client = connect();
  for (int i = 0; i < 2; ++i) {
    client.send(head("X-Key: 1\r\n") + "hello");
    EXPECT_EQ(client.receive().content, "hello");
  }
  EXPECT_EQ(handled_, 2);
}

TEST_F(GateTest, AGateThatFailsLetsNobodyIn) {
  start_sample();
  auto client = connect();
  client.send(head("X-Key: 1\r\nX-Fault: 1\r\n") + "hello");
  EXPECT_EQ(client.receive().status, 500);
  EXPECT_EQ(handled_, 0);
}

}  // namespace
}  // namespace safelight::serve
