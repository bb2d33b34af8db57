#include "safelight/serve/http/router.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

using Segments = std::vector<std::string>;

Response nothing(Request&) { return Response::empty(); }

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.add(Method::get, "/", nothing)
        .add(Method::get, "/v1/cases/{case}/items/{item}", nothing)
        .add(Method::del, "/v1/cases/{case}/items/{item}", nothing)
        .add(Method::get, "/v1/cases/{case}", nothing)
        .add(Method::post, "/v1/cases/new", nothing)
        .add(Method::get, "/v1/{anything}/new", nothing);
  }

  std::string pattern(Method method, const Segments& segments) {
    const auto match = router_.match(method, segments);
    const auto* found = std::get_if<Router::Found>(&match);
    return found != nullptr ? router_.routes()[found->route].pattern : "none";
  }
  std::string allow(Method method, const Segments& segments) {
    const auto match = router_.match(method, segments);
    const auto* refused = std::get_if<Router::MethodNotAllowed>(&match);
    return refused != nullptr ? refused->allow : "none";
  }

  Router router_;
};

TEST_F(RouterTest, FindsRoutesAndTheirParameters) {
  EXPECT_EQ(pattern(Method::get, {}), "/");
  const auto match = router_.match(Method::get, Segments{"v1", "cases", "3", "items", "a b"});
  const auto& found = std::get<Router::Found>(match);
  EXPECT_EQ(found.parameters.find("case"), "3");
  EXPECT_EQ(found.parameters.find("item"), "a b");
}

TEST_F(RouterTest, ALiteralComesBeforeAParameter) {
  EXPECT_EQ(pattern(Method::post, {"v1", "cases", "new"}), "/v1/cases/new");
  EXPECT_EQ(pattern(Method::get, {"v1", "cases", "old"}), "/v1/cases/{case}");
  EXPECT_EQ(pattern(Method::get, {"v1", "lists", "new"}), "/v1/{anything}/new");
}

TEST_F(RouterTest, APathOfNoRouteIsNotFound) {
  for (const Segments& segments : {Segments{"v1"}, Segments{"v1", "cases", "3", "items"},
                                   Segments{"v1", "cases", "3", "items", "4", "5"}}) {
    EXPECT_TRUE(std::holds_alternative<Router::NotFound>(router_.match(Method::get, segments)));
  }
}

TEST_F(RouterTest, AnotherMethodIsNotAllowedAndSaysWhichAre) {
  EXPECT_EQ(allow(Method::post, {"v1", "cases", "3", "items", "4"}), "GET, HEAD, DELETE");
  EXPECT_EQ(allow(Method::get, {"v1", "cases", "new"}), "POST");
}

TEST_F(RouterTest, GetAnswersHead) {
  EXPECT_EQ(pattern(Method::head, {"v1", "cases", "3"}), "/v1/cases/{case}");
  EXPECT_EQ(pattern(Method::head, {"v1", "cases", "new"}), "none");
}

TEST_F(RouterTest, ClassesHaveTheirLimits) {
  const auto uploads = router_.add_class({.max_body_bytes = 7});
  router_.add(Method::post, "/v1/screen", nothing, uploads);
  EXPECT_EQ(router_.classes()[router_.routes().back().route_class.index].max_body_bytes, 7);
  EXPECT_EQ(router_.routes().front().route_class.index, 0);
}

}  // namespace
}  // namespace safelight::serve
