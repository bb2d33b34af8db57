#include "safelight/serve/held_api/activity_route.h"

#include <gtest/gtest.h>

#include "safelight/serve/api/services_for_test.h"

namespace safelight::serve {
namespace {

TEST(ActivityRoute, TellsALeadWhatWasAskedWithEachKey) {
  testing::TestServer server;
  server.add_person("lea", Role::lead);
  server.add_person("ben", Role::reviewer);
  const auto key = server.keys.add({"gate", "shop", {Scope::screen}, std::nullopt}).value().id;
  KeyActivity activity;
  activity.add(key.value, &KeyCounts::accepted, 7);
  activity.add(key.value, &KeyCounts::near_queries, 2);
  RouteTable table;
  add_activity_route(table, activity);
  EXPECT_TRUE(server.keys.revoke(key)) << "it is told of all the same";
  EXPECT_EQ(server.call(table, "getKeyActivity", "lea").text,
            R"({"keys":[{"id":1,"name":"gate","tenant":"shop","accepted":7,"held":0,)"
            R"("near_queries":2,"refused_types":0,"over_rate":0,"looked_up":0,"told":0}]})");
  EXPECT_EQ(server.call(table, "getKeyActivity", "ben").status, Status::forbidden);
}

}  // namespace
}  // namespace safelight::serve
