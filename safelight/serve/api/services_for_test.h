#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "safelight/audit/details.h"
#include "safelight/base/fault.h"
#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/api/route_table.h"

/// A server without a network, for tests of the modules that add routes.
namespace safelight::serve::testing {

/// Keeps kinds and details as one line each.
class KeptServerLog final : public ServerLog {
 public:
  void add(std::string_view kind, const Actor& actor, const audit::Details& details) override {
    if (kind == refuses) throw Fault("the log cannot be written to");
    lines.push_back(std::string(kind) + " " + actor.person + " " + audit::to_json(details));
  }
  void for_each(const std::function<void(const audit::Record&)>&) const override {}
  [[nodiscard]] std::optional<LogHead> head() const override { return std::nullopt; }
  std::vector<std::string> lines;
  std::string refuses;  ///< Records of this kind cannot be written.
};

class KeptLog final : public LogSink {
 public:
  void log(Severity, std::string_view message) override { lines.emplace_back(message); }
  std::vector<std::string> lines;
};

/// What came back.
struct Answered {
  Status status = Status::ok;
  std::string text;
};

/// All that routes work with, and people who call them.
class TestServer {
 public:
  TestServer()
      : services{clock,       log,      record, signing_key, people,
                 sessions,    login,    links,  keys,        approvals,
                 preferences, exposure, breaks, {},          ServerMode::team,
                 "0"} {}

  void add_person(const std::string& name, Role role) {
    people.add_without_password({name, name, role}).value();
  }

  /// Calls the route of that operation in the name of a person, who is let in if the role may.
  Answered call(const RouteTable& table, std::string_view id, const std::string& person,
                const std::vector<std::pair<std::string, std::string>>& parameters = {},
                std::string body = "") {
    const auto& routes = table.routes();
    const auto route = std::ranges::find_if(routes, [&](const auto& r) { return r.id == id; });
    Request request;
    request.method = route->method;
    request.peer.address = "192.0.2.1";
    for (const auto& [name, text] : parameters) request.parameters.add(name, text);
    request.body = Body(std::move(body));
    Caller caller;
    caller.session.emplace().person = people.find(person).value();
    if (!caller.may_any(route->access.any_of)) return {Status::forbidden, "not-permitted"};
    Call called{request, caller, services};
    const Response response = route->handle(called);
    const auto bytes = response.content_bytes();
    return {response.status(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
  }

  TestFolder folder;
  SetClock clock;
  SeededRandom random;
  KeptLog log;
  KeptServerLog record;
  audit::SigningKey signing_key = audit::SigningKey::make();
  AccountStore store = AccountStore::in_memory();
  PasswordHasher hasher{kTestCost, 1};
  People people{store, clock, random, hasher};
  Sessions sessions{store, clock, random};
  LoginThrottle throttle{clock, random, {}};
  Login login{people, sessions, throttle};
  LinkTokens links{store, clock, random};
  ApiKeys keys{store, clock, random};
  TwoPersonActs approvals{store, clock};
  Preferences preferences{folder.path() / "people", log};
  ExposureBook exposure;
  Breaks breaks;
  Services services;
};

}  // namespace safelight::serve::testing
