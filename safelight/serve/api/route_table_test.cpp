#include "safelight/serve/api/route_table.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <set>

namespace safelight::serve {
namespace {

using nlohmann::json;
using testing::IsEmpty;

constexpr std::string_view kSchemas = "#/components/schemas/";

class RouteTableTest : public testing::Test {
 protected:
  const RouteTable table_ = review_routes();
  const json api_ = json::parse(table_.openapi("1.2"));
  const json& schemas_ = api_["components"]["schemas"];

  /// What a route is said to be.
  [[nodiscard]] const json& operation(const ApiRoute& route) const {
    std::string method(to_text(route.method));
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c | 0x20); });
    return api_.at("paths").at(std::string(route.pattern)).at(method);
  }
};

/// The schemas that something refers to.
void collect(const json& value, std::set<std::string>& out) {
  if (value.is_object() && value.contains("$ref")) {
    const auto name = value["$ref"].get<std::string>();
    ASSERT_TRUE(name.starts_with(kSchemas)) << name;
    out.insert(name.substr(kSchemas.size()));
  }
  if (!value.is_structured()) return;
  for (const json& part : value) collect(part, out);
}

TEST_F(RouteTableTest, SaysWhichOpenApiAndWhichServerItIsOf) {
  EXPECT_EQ(api_["openapi"], "3.1.0");
  EXPECT_EQ(api_["info"]["version"], "1.2");
}

TEST_F(RouteTableTest, EveryReferenceResolves) {
  std::set<std::string> used;
  collect(api_, used);
  for (const std::string& name : used) EXPECT_TRUE(schemas_.contains(name)) << name;
}

TEST_F(RouteTableTest, EverySchemaIsUsed) {
  std::set<std::string> used;
  collect(api_, used);
  for (const auto& [name, schema] : schemas_.items()) EXPECT_TRUE(used.contains(name)) << name;
}

TEST_F(RouteTableTest, EveryRouteIsDescribedWithWhatItNeeds) {
  size_t described = 0;
  for (const auto& [path, methods] : api_["paths"].items()) described += methods.size();
  EXPECT_EQ(described, table_.routes().size());
  for (const ApiRoute& route : table_.routes()) {
    const json& said = operation(route);
    EXPECT_EQ(said["operationId"], std::string(route.id));
    EXPECT_EQ(said.contains("security"), route.access.kind == Access::Kind::anyone) << route.id;
    if (route.access.kind != Access::Kind::permission) continue;
    for (size_t i = 0; i < kPermissions; ++i) {
      const auto permission = static_cast<Permission>(i);
      if (!route.access.any_of.holds(permission)) continue;
      const auto words = "`" + std::string(to_text(permission)) + "`";
      EXPECT_THAT(said["description"].get<std::string>(), testing::HasSubstr(words));
    }
  }
}

TEST_F(RouteTableTest, OperationsHaveIdsOfTheirOwn) {
  std::set<std::string_view> ids;
  for (const ApiRoute& route : table_.routes()) {
    EXPECT_TRUE(ids.insert(route.id).second) << route.id;
  }
}

TEST_F(RouteTableTest, EveryNamedParameterOfAPathIsDescribed) {
  for (const ApiRoute& route : table_.routes()) {
    std::set<std::string> named;
    for (const json& one : operation(route)["parameters"]) {
      EXPECT_TRUE(named.insert(one["name"].get<std::string>()).second) << route.id;
      EXPECT_TRUE(one["schema"].is_object()) << route.id;
    }
    const auto braces = std::count(route.pattern.begin(), route.pattern.end(), '{');
    EXPECT_EQ(named.size(), static_cast<size_t>(braces) + route.query.size()) << route.id;
  }
}

TEST_F(RouteTableTest, TheQueueIsAskedWithAFilterAndARange) {
  for (const ApiRoute& route : table_.routes()) {
    if (route.id != "getQueue") continue;
    const json& parameters = operation(route)["parameters"];
    const auto state = std::find_if(parameters.begin(), parameters.end(),
                                    [](const json& one) { return one["name"] == "state"; });
    ASSERT_NE(state, parameters.end());
    EXPECT_THAT((*state)["description"].get<std::string>(), testing::HasSubstr("state.2"));
    return;
  }
  FAIL() << "there is no queue";
}

TEST_F(RouteTableTest, SchemasNameEveryMemberThatTheyAskFor) {
  for (const auto& [name, schema] : schemas_.items()) {
    for (const json& member : schema.value("required", json::array())) {
      EXPECT_TRUE(schema["properties"].contains(member.get<std::string>())) << name << member;
    }
  }
}

TEST_F(RouteTableTest, WhatChangesSomethingNeedsMoreThanASessionOrIsOnesOwn) {
  std::set<std::string_view> open;
  for (const ApiRoute& route : table_.routes()) {
    const bool is_safe =
        route.method == Method::get || route.access.kind == Access::Kind::permission;
    const bool is_own =
        route.pattern.starts_with("/v1/session") || route.pattern.starts_with("/v1/me/");
    if (!is_safe && !is_own) open.insert(route.id);
  }
  EXPECT_THAT(open, IsEmpty());
}

}  // namespace
}  // namespace safelight::serve
