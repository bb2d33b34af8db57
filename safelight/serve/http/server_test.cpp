#include "safelight/serve/http/server.h"

#include <atomic>
#include <gtest/gtest.h>
#include <stdexcept>

#include "safelight/base/fault.h"
#include "safelight/serve/http/internal/server_for_test.h"

namespace safelight::serve {
namespace {

Router sample_router() {
  Router router;
  router
      .add(Method::get, "/v1/cases/{case}/items/{item}",
           [](Request& request) {
             return text(std::string(request.parameter("case")) + "/" +
                         std::string(request.parameter("item")) + "?" +
                         std::string(request.query.find("kind").value_or("")) + " " +
                         std::string(request.cookies.find("session").value_or("")));
           })
      .add(Method::post, "/v1/echo",
           [](Request& request) { return text(std::string(request.body.text())); })
      .add(Method::del, "/v1/echo", [](Request&) { return Response::empty(); })
      .add(Method::get, "/v1/fault", [](Request&) -> Response { throw Fault("the disk is full"); })
      .add(Method::get, "/v1/exception",
           [](Request& request) -> Response {
             throw std::runtime_error(std::string(request.query.find("secret").value_or("")));
           })
      .add(Method::get, "/asset.js",
           [](Request&) {
             static constexpr std::string_view kScript = "let a = 1;";
             return Response::blob(Status::ok, "text/javascript",
                                   {nullptr, std::as_bytes(std::span(kScript))})
                 .caching(Caching::immutable);
           })
      .add(Method::get, "/v1/header",
           [](Request& request) {
             return Response::empty().header(
                 "x-name",
                 std::string(request.query.find("value").value_or("")) + "\r\nx-other: 1");
           })
      .add(Method::get, "/v1/peer", [](Request& request) {
        return text(request.peer.address + " " + std::to_string(request.peer.port));
      });
  return router;
}

class ServingTest : public ServerTest {
 protected:
  ServingTest() { start(sample_router()); }
};

TEST_F(ServingTest, AHandlerSeesWhatTheRequestSays) {
  auto client = connect();
  client.get("/v1/cases/3/items/a%20b?kind=x+y", "Cookie: other=1; session=abc\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content, "3/a b?x y abc");
  EXPECT_EQ(answer.header("content-type"), "text/plain");
}

TEST_F(ServingTest, EveryResponseHasTheHeadersOfSecurity) {
  for (const auto target : {"/v1/echo", "/none", "/v1/fault", "/v1/cases/1/items/2", "/a/../b"}) {
    const auto answer = ask_for(target);
    EXPECT_EQ(answer.header("content-security-policy"),
              "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.header("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(answer.header("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(answer.header("cross-origin-embedder-policy"), "require-corp");
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    EXPECT_EQ(answer.header("date"), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(answer.header("server"), "");
    EXPECT_EQ(answer.header("strict-transport-security"), "");
  }
}

TEST_F(ServingTest, AnAssetMayBeKept) {
  const auto answer = ask_for("/asset.js");
  EXPECT_EQ(answer.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(answer.content, "let a = 1;");
}

TEST_F(ServingTest, WhatIsNotThereIsToldFromWhatIsNotAllowed) {
  const auto missing = ask_for("/v1/none");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("content-type"), "application/problem+json");
  EXPECT_EQ(missing.content,
            R"({"type":"about:blank","title":"Not Found","status":404,"code":"http.no-route"})");
  const auto refused = ask_for("/v1/echo");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("allow"), "POST, DELETE");
}

TEST_F(ServingTest, HeadHasNoContentButSaysHowMuchThereWouldBe) {
  auto client = connect();
  client.send("HEAD /asset.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = client.receive(TestClient::Content::none);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "10");
  client.get("/asset.js");
  EXPECT_EQ(client.receive().content, "let a = 1;");
}

TEST_F(ServingTest, NoContentHasNoLength) {
  auto client = connect();
  client.send("DELETE /v1/echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("content-length"), "");
  client.get("/asset.js");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ServingTest, RequestsThatComeTogetherAreAnsweredInOrder) {
  auto client = connect();
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += "GET /v1/cases/1/items/" + std::to_string(i) +
                " HTTP/1.1\r\nHost: localhost\r\n\r\nPOST /v1/echo HTTP/1.1\r\nHost: "
                "localhost\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.send(requests);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.receive().content, "1/" + std::to_string(i) + "? ");
    EXPECT_EQ(client.receive().content, "abc");
  }
}

TEST_F(ServingTest, ARequestMayComeByteByByte) {
  auto client = connect();
  const std::string_view request =
      "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
  for (const char c : request) client.send({&c, 1});
  EXPECT_EQ(client.receive().content, "abc");
}

TEST_F(ServingTest, AChunkedBodyIsPutTogether) {
  auto client = connect();
  client.send(
      "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().content, "abcde");
  client.get("/asset.js");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ServingTest, AClientThatAsksFirstIsToldToGoOn) {
  auto client = connect();
  client.send(
      "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_EQ(client.receive().content, "abc");
}

TEST_F(ServingTest, AFaultIsLoggedAndNotTold) {
  const auto answer = ask_for("/v1/fault?a=1");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.content, R"({"type":"about:blank","title":"Internal Server Error","status":500,)"
                            R"("code":"http.fault"})");
  EXPECT_TRUE(comes_true([&] { return log_.lines().size() == 2; }));
  EXPECT_EQ(log_.lines().front(), "GET /v1/fault: the disk is full");
}

TEST_F(ServingTest, WhatAnotherExceptionSaysIsNotLogged) {
  EXPECT_EQ(ask_for("/v1/exception?secret=abc").status, 500);
  EXPECT_TRUE(comes_true([&] { return log_.lines().size() == 2; }));
  EXPECT_EQ(log_.lines().front(), "GET /v1/exception: the handler threw what is no Fault");
}

TEST_F(ServingTest, AHeaderCannotBreakOut) {
  const auto answer = ask_for("/v1/header?value=a");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.header("x-other"), "");
}

TEST_F(ServingTest, TheLogNamesRoutesAndNothingOfTheRequest) {
  auto client = connect();
  client.get("/v1/cases/3/items/hidden?kind=hidden", "Cookie: session=hidden\r\nX: hidden\r\n");
  client.receive();
  client.get("/hidden/hidden");
  client.receive();
  EXPECT_TRUE(comes_true([&] { return log_.lines().size() == 2; }));
  const auto lines = log_.lines();
  EXPECT_TRUE(lines[0].starts_with("GET /v1/cases/{case}/items/{item} 200 ")) << lines[0];
  EXPECT_TRUE(lines[0].ends_with(" ms 22 bytes")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("no route 404 ")) << lines[1];
  for (const auto& line : lines) EXPECT_EQ(line.find("hidden"), std::string::npos);
}

TEST_F(ServingTest, ThePeerIsKnown) {
  auto client = connect();
  client.get("/v1/peer");
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(client.descriptor(), reinterpret_cast<sockaddr*>(&address), &size);
  EXPECT_EQ(client.receive().content, "127.0.0.1 " + std::to_string(ntohs(address.sin_port)));
}

TEST_F(ServingTest, MetricsCountByRouteAndStatus) {
  auto client = connect();
  client.get("/asset.js");
  client.receive();
  client.get("/v1/fault");
  client.receive();
  client.get("/none");
  client.receive();
  EXPECT_TRUE(comes_true([&] { return log_.lines().size() == 4; }));
  const auto metrics = server_->metrics();
  ASSERT_EQ(metrics.routes.size(), 9);
  for (const auto& route : metrics.routes) {
    const bool is_asset = route.pattern == "/asset.js";
    EXPECT_EQ(route.by_status_class[1], is_asset ? 1 : 0);
    EXPECT_EQ(route.by_status_class[4], route.pattern == "/v1/fault" ? 1 : 0);
    EXPECT_EQ(route.by_status_class[3], route.pattern.empty() ? 1 : 0);
    EXPECT_EQ(is_asset ? route.response_bytes : 10, 10);
    uint64_t timed = 0;
    for (const auto count : route.durations.counts) timed += count;
    EXPECT_EQ(timed, is_asset || route.pattern == "/v1/fault" || route.pattern.empty() ? 1 : 0);
  }
  EXPECT_EQ(metrics.accepted_connections, 1);
  EXPECT_EQ(metrics.open_connections, 1);
  EXPECT_EQ(metrics.malformed_requests, 0);
}

TEST_F(ServingTest, ManyClientsAtOnceAreServed) {
  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      auto client = connect();
      const std::string content(static_cast<size_t>(i) * 4'001, static_cast<char>('a' + i));
      for (int j = 0; j < 25; ++j) {
        client.post("/v1/echo", content);
        if (client.receive().content == content) ++right;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(right, 200);
}

class RefusedTest
    : public ServingTest,
      public testing::WithParamInterface<std::tuple<std::string_view, int, std::string_view>> {};

TEST_P(RefusedTest, HasItsStatusAndCode) {
  const auto& [request, status, code] = GetParam();
  const auto answer = ask(request);
  EXPECT_EQ(answer.status, status);
  EXPECT_NE(answer.content.find("\"code\":\"" + std::string(code) + "\""), std::string::npos)
      << answer.content;
  EXPECT_EQ(server_->metrics().malformed_requests, 1);
}

INSTANTIATE_TEST_SUITE_P(
    EachRule, RefusedTest,
    testing::Values(
        std::tuple{"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", 505, "http.version"},
        std::tuple{"GET / HTTP/2.0\r\n\r\n", 505, "http.version"},
        std::tuple{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http.version"},
        std::tuple{"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "http.method"},
        std::tuple{"get / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "http.method"},
        std::tuple{"GET / HTTP/1.1\r\n\r\n", 400, "http.host"},
        std::tuple{"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, "http.host"},
        std::tuple{"GET / HTTP/1.1\r\nHost: localhost:80a\r\n\r\n", 400, "http.host"},
        std::tuple{"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "http.host"},
        std::tuple{"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "http.host-unknown"},
        std::tuple{"GET / HTTP/1.1\r\nHost: localhost.evil.example:80\r\n\r\n", 421,
                   "http.host-unknown"},
        std::tuple{"GET / HTTP/1.1\r\nHost:\r\n\r\n", 421, "http.host-unknown"},
        std::tuple{"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400,
                   "http.header-repeated"},
        std::tuple{"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400,
                   "target.origin-form"},
        std::tuple{"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "target.control"},
        std::tuple{"GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n", 400, "http.header-name"},
        std::tuple{"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   400, "http.framing"},
        std::tuple{"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                   "Content-Length: 3\r\n\r\nabc",
                   400, "http.header-repeated"},
        std::tuple{"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3,3\r\n\r\nabc",
                   400, "http.content-length"},
        std::tuple{"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
                   501, "http.transfer-encoding"},
        std::tuple{"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
                   "chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n",
                   400, "http.chunk"},
        std::tuple{"GET /asset.js HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\na", 400,
                   "http.body-without-meaning"},
        std::tuple{"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nExpect: magic\r\n\r\n", 417,
                   "http.expectation"}));

TEST_F(ServingTest, HostsMayHaveAPortAndAnyCase) {
  for (const auto host : {"localhost", "LOCALHOST:1", "127.0.0.1:65535", "[::1]", "[::1]:8443"}) {
    EXPECT_EQ(ask("GET /asset.js HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n").status, 200);
  }
}

TEST_F(ServingTest, AConnectionGoesOnAfterARefusalThatLeavesNoDoubt) {
  auto client = connect();
  client.get("/none");
  EXPECT_EQ(client.receive().header("connection"), "");
  client.get("/asset.js");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ServingTest, AConnectionEndsAfterARefusalThatLeavesABody) {
  auto client = connect();
  client.send("POST /none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\n");
  client.get("/asset.js");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServingTest, AConnectionEndsAfterAnotherVersion) {
  auto client = connect();
  client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  EXPECT_EQ(client.receive().status, 505);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServingTest, AConnectionEndsWhenTheClientSaysSo) {
  auto client = connect();
  client.get("/asset.js", "Connection: close\r\n");
  EXPECT_EQ(client.receive().header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServingTest, AClientThatSendsNoMoreStillGetsItsAnswer) {
  auto client = connect();
  client.get("/asset.js");
  client.end_sending();
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace safelight::serve
