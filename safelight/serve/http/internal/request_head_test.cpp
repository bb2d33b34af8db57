#include "safelight/serve/http/internal/request_head.h"

#include <gtest/gtest.h>
#include <tuple>

namespace safelight::serve {
namespace {

using namespace std::string_view_literals;

constexpr HttpLimits kLimits{.max_target_bytes = 32, .max_headers = 3};

TEST(RequestHeadTest, ARequestIsTakenApart) {
  const auto head = parse_request_head(
      "POST /v1/screen?a=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length:  17\t\r\n"
      "CONNECTION: keep-alive, Close\r\n\r\n",
      kLimits);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->method, Method::post);
  EXPECT_EQ(head->target, "/v1/screen?a=1");
  EXPECT_TRUE(head->is_http_1_1);
  EXPECT_EQ(head->headers.entries(), (std::vector<NamedText>{{"host", "localhost"},
                                                             {"content-length", "17"},
                                                             {"connection", "keep-alive, Close"}}));
  EXPECT_EQ(head->content_length, 17);
  EXPECT_FALSE(head->is_chunked);
  EXPECT_TRUE(head->has_body());
  EXPECT_TRUE(head->is_last);
}

TEST(RequestHeadTest, ChunkedIsTheOneTransferCoding) {
  const auto head =
      parse_request_head("PUT / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n", kLimits);
  ASSERT_TRUE(head.has_value());
  EXPECT_TRUE(head->is_chunked);
  EXPECT_FALSE(head->is_last);
}

TEST(RequestHeadTest, MethodsAndVersionsThatAreNotServedAreTold) {
  const auto trace = parse_request_head("TRACE / HTTP/1.1\r\n\r\n", kLimits);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->method, std::nullopt);
  for (const auto version : {"1.0"sv, "2.0"sv, "0.9"sv, "1.2"sv}) {
    const auto head =
        parse_request_head("GET / HTTP/" + std::string(version) + "\r\n\r\n", kLimits);
    ASSERT_TRUE(head.has_value());
    EXPECT_FALSE(head->is_http_1_1);
  }
}

class BrokenHeadTest
    : public testing::TestWithParam<std::tuple<std::string_view, std::string_view, uint64_t>> {};

TEST_P(BrokenHeadTest, IsRefusedWhereItBreaks) {
  const auto& [text, rule, offset_bytes] = GetParam();
  const auto head = parse_request_head(text, kLimits);
  ASSERT_FALSE(head.has_value());
  auto code = ErrorCode::malformed;
  if (rule == "http.transfer-encoding") code = ErrorCode::unsupported;
  if (rule == "http.headers" || rule == "http.target-bytes") code = ErrorCode::limit_exceeded;
  EXPECT_EQ(head.error(), Error::at(code, rule, offset_bytes));
}

INSTANTIATE_TEST_SUITE_P(
    EachRule, BrokenHeadTest,
    testing::Values(
        std::tuple{"\r\n\r\n"sv, "http.request-line"sv, 0},
        std::tuple{"GET\r\n\r\n"sv, "http.request-line"sv, 0},
        std::tuple{" / HTTP/1.1\r\n\r\n"sv, "http.request-line"sv, 0},
        std::tuple{"G(T / HTTP/1.1\r\n\r\n"sv, "http.request-line"sv, 0},
        std::tuple{"GET /\r\n\r\n"sv, "http.request-line"sv, 4},
        std::tuple{"GET  / HTTP/1.1\r\n\r\n"sv, "http.request-line"sv, 4},
        std::tuple{"GET / HTTP/1.1 \r\n\r\n"sv, "http.request-line"sv, 6},
        std::tuple{"GET / http/1.1\r\n\r\n"sv, "http.request-line"sv, 6},
        std::tuple{"GET / HTTP/11\r\n\r\n"sv, "http.request-line"sv, 6},
        std::tuple{"GET / a HTTP/1.1\r\n\r\n"sv, "http.request-line"sv, 6},
        std::tuple{"GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\n\r\n"sv,
                   "http.target-bytes"sv, 4},
        std::tuple{"GET / HTTP/1.1\r\na\r\n\r\n"sv, "http.header-name"sv, 16},
        std::tuple{"GET / HTTP/1.1\r\na : 1\r\n\r\n"sv, "http.header-name"sv, 16},
        std::tuple{"GET / HTTP/1.1\r\n: 1\r\n\r\n"sv, "http.header-name"sv, 16},
        std::tuple{"GET / HTTP/1.1\r\na: 1\r\n b\r\n\r\n"sv, "http.header-name"sv, 22},
        std::tuple{"GET / HTTP/1.1\r\na: 1\r\n\tb: 2\r\n\r\n"sv, "http.header-name"sv, 22},
        std::tuple{"GET / HTTP/1.1\r\na: 1\n2\r\n\r\n"sv, "http.header-value"sv, 20},
        std::tuple{"GET / HTTP/1.1\r\na: 1\r2\r\n\r\n"sv, "http.header-value"sv, 20},
        std::tuple{"GET / HTTP/1.1\r\na: 1\0\r\n\r\n"sv, "http.header-value"sv, 20},
        std::tuple{"GET / HTTP/1.1\r\na: 1\r\nA: 1\r\n\r\n"sv, "http.header-repeated"sv, 22},
        std::tuple{"GET / HTTP/1.1\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n"sv, "http.headers"sv, 28},
        std::tuple{"GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n"sv, "http.content-length"sv, 38},
        std::tuple{"GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n"sv, "http.content-length"sv, 36},
        std::tuple{"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"sv, "http.content-length"sv, 36},
        std::tuple{"GET / HTTP/1.1\r\nContent-Length:\r\n\r\n"sv, "http.content-length"sv, 33},
        std::tuple{"GET / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\n"sv,
                   "http.content-length"sv, 54},
        std::tuple{"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"sv,
                   "http.framing"sv, 63},
        std::tuple{"GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"sv,
                   "http.transfer-encoding"sv, 50},
        std::tuple{"GET / HTTP/1.1\r\nTransfer-Encoding: \x0b"
                   "chunked\r\n\r\n"sv,
                   "http.header-value"sv, 35},
        std::tuple{"GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n"sv,
                   "http.transfer-encoding"sv, 45}));

TEST(RequestHeadTest, AHeadIsFoundWhereverTheSearchGoesOn) {
  constexpr std::string_view kText = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody";
  constexpr size_t kHeadBytes = kText.size() - 4;
  for (size_t length = 0; length <= kText.size(); ++length) {
    for (size_t searched = 0; searched <= std::min(length, kHeadBytes - 1); ++searched) {
      const auto found = find_head(kText.substr(0, length), searched);
      EXPECT_EQ(found, length < kHeadBytes ? std::nullopt : std::optional(kHeadBytes));
    }
  }
}

TEST(RequestHeadTest, NoPrefixOfAHeadIsAHead) {
  constexpr std::string_view kWhole = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  for (size_t length = 0; length < kWhole.size(); ++length) {
    const auto head = parse_request_head(kWhole.substr(0, length), kLimits);
    ASSERT_FALSE(head.has_value()) << length;
    EXPECT_EQ(head.error().code, ErrorCode::malformed);
    EXPECT_LE(head.error().offset_bytes, length);
  }
}

}  // namespace
}  // namespace safelight::serve
