#include "safelight/serve/screening_api/key_routes.h"

#include <array>
#include <gmock/gmock.h>
#include <set>

#include "safelight/base/json/json_object.h"
#include "safelight/serve/screening_api/program_for_test.h"

namespace safelight::serve {
namespace {

class KeyRoutesTest : public testing::ProgramTest {
 protected:
  KeyRoutesTest() {
    store_.build("charts", std::string(32, '1') + "\n");
    start({"charts"});
  }
};

std::string path_of(std::string pattern) {
  for (size_t open; (open = pattern.find('{')) != std::string::npos;) {
    pattern.replace(open, pattern.find('}') - open + 1, "x");
  }
  return pattern;
}

/// By route: who gets past the door, over which channel.
struct Access {
  Method method;
  std::string_view pattern;
  Scopes scopes;
  KeyChannel channel;
};
constexpr Scopes kLookers = {Scope::lookup, Scope::review};
constexpr std::array kAccess = {
    Access{Method::post, "/v1/screen", {Scope::screen}, KeyChannel::any},
    Access{Method::post, "/v1/lookup/digests", kLookers, KeyChannel::any},
    Access{Method::post, "/v1/lookup/fingerprints", kLookers, KeyChannel::any},
    Access{Method::get, "/status", kLookers, KeyChannel::trusted},
    Access{Method::post, "/h/hash", kLookers, KeyChannel::trusted},
    Access{Method::get, "/h/hash", kLookers, KeyChannel::trusted},
    Access{Method::get, "/m/lookup", kLookers, KeyChannel::trusted},
    Access{Method::post, "/m/lookup", kLookers, KeyChannel::trusted},
    Access{Method::get, "/m/raw_lookup", kLookers, KeyChannel::trusted},
};

TEST_F(KeyRoutesTest, EveryRouteAdmitsWhomTheTableNamesAndNobodyElse) {
  size_t listed = 0;
  for (const KeyRoute& route : table_.routes()) {
    const auto row = std::ranges::find_if(kAccess, [&](const Access& access) {
      return access.method == route.method && access.pattern == route.pattern;
    });
    const bool is_of_lists = route.pattern.starts_with("/c/");
    ASSERT_TRUE(row != kAccess.end() || is_of_lists) << route.pattern;
    if (!is_of_lists) ++listed;
    const Access access = is_of_lists ? Access{{}, {}, kLookers, KeyChannel::trusted} : *row;
    EXPECT_EQ(route.channel, access.channel);
    EXPECT_EQ(ask(path_of(route.pattern), request(route.method, "")).status(),
              Status::unauthorised);
    for (const Scope scope : {Scope::screen, Scope::lookup, Scope::review}) {
      const std::string key = key_with({scope});
      Request made = request(route.method, access.channel == KeyChannel::any ? key : "");
      if (access.channel == KeyChannel::trusted) {
        made.peer.transport = Transport::unix_socket;
        services_->policy.hma_unix_key = last_key_;
      }
      const Status status = ask(path_of(route.pattern), std::move(made)).status();
      EXPECT_EQ(status == Status::forbidden, !access.scopes.holds(scope))
          << route.pattern << " " << to_text(scope);
      EXPECT_NE(status, Status::unauthorised);
    }
  }
  EXPECT_EQ(listed, kAccess.size());
}

TEST_F(KeyRoutesTest, TheDescriptionNamesEveryRouteAndOnlySchemasThatAreThere) {
  const Response answer = ask("/v1/screening/openapi.json", request(Method::get, ""));
  EXPECT_EQ(answer.status(), Status::ok);
  const std::string text = text_of(answer);
  ASSERT_TRUE(JsonObject::parse(text, "test"));
  for (const KeyRoute& route : table_.routes()) {
    EXPECT_NE(text.find("\"" + route.pattern + "\":{"), std::string::npos) << route.pattern;
  }
  constexpr std::string_view kReference = "#/components/schemas/";
  for (size_t at = text.find(kReference); at != std::string::npos; at = text.find(kReference, at)) {
    at += kReference.size();
    const std::string name = text.substr(at, text.find('"', at) - at);
    EXPECT_NE(screening_schemas().find("\"" + name + "\":{"), std::string_view::npos) << name;
  }
}

TEST_F(KeyRoutesTest, ListsAreNotChangedByWayOfHma) {
  key_with({Scope::lookup, Scope::review});
  services_->policy.hma_unix_key = last_key_;
  for (const std::string_view target :
       {"/c/banks", "/c/bank/X/content/3", "/c/exchanges/api/a/b"}) {
    Request made = request(Method::post, "");
    made.peer.transport = Transport::unix_socket;
    const Response answer = ask(target, std::move(made));
    EXPECT_EQ(answer.status(), Status::not_implemented);
    EXPECT_THAT(text_of(answer), ::testing::HasSubstr("hma.lists"));
  }
}

}  // namespace
}  // namespace safelight::serve
