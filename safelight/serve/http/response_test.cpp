#include "safelight/serve/http/response.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

std::string content(const Response& response) {
  const auto bytes = response.content_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(ResponseTest, AProblemHasAStableCode) {
  const auto response = Response::problem(Status::not_found, "case.unknown", "No such case.");
  EXPECT_EQ(response.status(), Status::not_found);
  EXPECT_EQ(response.headers(),
            (std::vector<NamedText>{{"content-type", "application/problem+json"}}));
  EXPECT_EQ(content(response), R"({"type":"about:blank","title":"Not Found","status":404,)"
                               R"("code":"case.unknown","detail":"No such case."})");
}

TEST(ResponseTest, AnErrorBecomesAProblemThatNamesItsRule) {
  const auto response = Response::problem(Error::at(ErrorCode::malformed, "png.chunk-crc", 1'234));
  EXPECT_EQ(response.status(), Status::bad_request);
  EXPECT_EQ(content(response),
            R"({"type":"about:blank","title":"Bad Request","status":400,"code":"png.chunk-crc"})");
}

TEST(ResponseTest, WhatIsNotTheClientsDoingIsAServerError) {
  for (const auto code : {ErrorCode::unreadable, ErrorCode::timed_out, ErrorCode::worker_crashed}) {
    EXPECT_EQ(Response::problem(Error{code, "worker", 0, OffsetKind::none}).status(),
              Status::internal_server_error);
  }
}

TEST(ResponseTest, ABlobIsNotCopied) {
  const auto bytes = std::make_shared<const std::string>("picture");
  const auto response =
      Response::blob(Status::ok, "image/png", {bytes, std::as_bytes(std::span(*bytes))})
          .caching(Caching::immutable)
          .header("etag", "\"1\"");
  EXPECT_EQ(static_cast<const void*>(response.content_bytes().data()), bytes->data());
  EXPECT_EQ(response.caching(), Caching::immutable);
  EXPECT_EQ(response.headers().back(), (NamedText{"etag", "\"1\""}));
}

TEST(ResponseTest, EveryStatusHasAReason) {
  for (const auto status : {Status::ok, Status::see_other, Status::bad_request, Status::locked,
                            Status::too_many_requests, Status::insufficient_storage}) {
    EXPECT_FALSE(to_text(status).empty());
  }
}

}  // namespace
}  // namespace safelight::serve
