#include "safelight/serve/http/internal/response_head.h"

#include <gtest/gtest.h>
#include <optional>
#include <string>

namespace safelight::serve {
namespace {

/// Thu, 29 Feb 2024 23:59:59 GMT.
constexpr int64_t kLeapDayNs = 1'709'251'199'000'000'000;

std::optional<std::string> head_of(const Response& response,
                                   Transport transport = Transport::plain_tcp) {
  return ResponseHeads("default-src 'self'")
      .head(response, transport, Persistence::keep_alive, kLeapDayNs);
}

TEST(ResponseHeadTest, IsWrittenAsHttpHasIt) {
  EXPECT_EQ(head_of(Response::json(Status::created, "[]").header("location", "/v1/cases/3")),
            "HTTP/1.1 201 Created\r\n"
            "date: Thu, 29 Feb 2024 23:59:59 GMT\r\n"
            "content-length: 2\r\n"
            "cache-control: no-store\r\n"
            "content-type: application/json\r\n"
            "location: /v1/cases/3\r\n"
            "content-security-policy: default-src 'self'\r\n"
            "x-content-type-options: nosniff\r\n"
            "referrer-policy: no-referrer\r\n"
            "cross-origin-opener-policy: same-origin\r\n"
            "cross-origin-resource-policy: same-origin\r\n"
            "cross-origin-embedder-policy: require-corp\r\n"
            "\r\n");
}

TEST(ResponseHeadTest, TlsIsAskedForNextTimeWhereThereIsTls) {
  EXPECT_NE(head_of(Response::empty(), Transport::tls)->find("strict-transport-security: "),
            std::string::npos);
  EXPECT_EQ(head_of(Response::empty(), Transport::unix_socket)->find("strict-transport-security"),
            std::string::npos);
}

TEST(ResponseHeadTest, AHeaderMayComeTwice) {
  const auto head =
      head_of(Response::empty().header("set-cookie", "a=1").header("set-cookie", "b=2"));
  EXPECT_NE(head->find("set-cookie: a=1\r\nset-cookie: b=2\r\n"), std::string::npos);
}

TEST(ResponseHeadTest, ValuesThatBreakOutAreNotSent) {
  using namespace std::string_literals;
  for (const auto& value : {"a\r\nb: c"s, "a\nb"s, "a\rb"s, "a\0b"s, "a\x7f"s}) {
    EXPECT_EQ(head_of(Response::empty().header("x-name", value)), std::nullopt);
  }
  EXPECT_EQ(head_of(Response::bytes(Status::ok, "text/plain\r\na: b", "")), std::nullopt);
}

TEST(ResponseHeadTest, WhatTheServerSaysItselfIsNotTakenFromAHandler) {
  EXPECT_EQ(head_of(Response::empty().header("content-length", "3")), std::nullopt);
  EXPECT_EQ(head_of(Response::empty().header("transfer-encoding", "chunked")), std::nullopt);
  EXPECT_EQ(head_of(Response::empty().header("connection", "keep-alive")), std::nullopt);
  EXPECT_EQ(head_of(Response::empty().header("server", "a")), std::nullopt);
  EXPECT_EQ(head_of(Response::empty().header("cache-control", "public")), std::nullopt);
  EXPECT_EQ(head_of(Response::empty().header("X-Upper", "a")), std::nullopt);
  EXPECT_EQ(head_of(Response::empty().header("a b", "a")), std::nullopt);
}

}  // namespace
}  // namespace safelight::serve
