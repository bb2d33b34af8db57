#include "safelight/serve/app/app_routes.h"

#include <gtest/gtest.h>
#include <string>

#include "safelight/serve/app/app_files.h"

namespace safelight::serve {
namespace {

/// What GET of that path is answered.
Response get(const Router& router, const std::vector<std::string>& segments) {
  const auto match = router.match(Method::get, segments);
  if (!std::holds_alternative<Router::Found>(match)) return Response::empty(Status::not_found);
  Request request;
  return router.routes()[std::get<Router::Found>(match).route].handler(request);
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(AppRoutes, ThePageIsServedOrItIsSaidThatThereIsNone) {
  Router router;
  add_app_routes(router);
  const auto page = get(router, {});
  if (app_files().empty()) {
    EXPECT_EQ(page.status(), Status::service_unavailable);
    return;
  }
  EXPECT_EQ(page.status(), Status::ok);
  EXPECT_EQ(page.caching(), Caching::no_store);
  EXPECT_NE(text_of(page.content_bytes()).find("<div id=\"app\">"), std::string::npos);
}

TEST(AppRoutes, WhatThePageNamesIsThere) {
  Router router;
  add_app_routes(router);
  if (app_files().empty()) GTEST_SKIP() << "the review app was not built";
  const std::string page = text_of(get(router, {}).content_bytes());
  size_t named = 0;
  for (const std::string attribute : {"src=\"/", "href=\"/"}) {
    for (size_t at = page.find(attribute); at != std::string::npos;
         at = page.find(attribute, at + 1)) {
      const size_t from = at + attribute.size();
      const std::string path = page.substr(from, page.find('"', from) - from);
      const size_t slash = path.find('/');
      ASSERT_NE(slash, std::string::npos) << path;
      const auto file = get(router, {path.substr(0, slash), path.substr(slash + 1)});
      EXPECT_EQ(file.status(), Status::ok) << path;
      EXPECT_EQ(file.caching(), Caching::immutable);
      EXPECT_FALSE(file.content_bytes().empty());
      ++named;
    }
  }
  EXPECT_GE(named, 2u);
}

TEST(AppRoutes, ThePageHasNothingInline) {
  for (const AppFile& file : app_files()) {
    if (file.path != "index.html") continue;
    const std::string page = text_of(file.bytes);
    EXPECT_EQ(page.find("<style"), std::string::npos);
    EXPECT_EQ(page.find(" style="), std::string::npos);
    EXPECT_EQ(page.find("http:"), std::string::npos);
    EXPECT_EQ(page.find("https:"), std::string::npos);
    for (size_t at = page.find("<script"); at != std::string::npos;
         at = page.find("<script", at + 1)) {
      EXPECT_NE(page.substr(at, page.find('>', at) - at).find("src="), std::string::npos);
    }
  }
}

TEST(MediaType, FollowsTheEnding) {
  EXPECT_EQ(media_type_of("assets/a.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(media_type_of("a.svg"), "image/svg+xml");
  EXPECT_EQ(media_type_of("a"), "application/octet-stream");
}

}  // namespace
}  // namespace safelight::serve
