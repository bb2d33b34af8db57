#pragma once

#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/http/target.h"
#include "safelight/serve/screening/lists_for_test.h"
#include "safelight/serve/screening_api/key_routes.h"

namespace safelight::serve::testing {

class Lines final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view message) override {
    const std::lock_guard lock(mutex_);
    lines.emplace_back(message);
  }
  std::vector<std::string> lines;  ///< Looked at when nothing runs any more.

 private:
  std::mutex mutex_;
};

/// Routes with all that stands behind them, and what a program asks of them, without a connection.
class ProgramTest : public ::testing::Test {
 protected:
  explicit ProgramTest(scan::ExaminerOptions examiner = {})
      : pool_(std::move(examiner), 1), keys_(accounts_, clock_, random_) {}

  /// Opens the lists; before anything is asked.
  void start(const std::vector<std::string>& lists) {
    lists_ = std::make_unique<ListsInUse>(store_.live(lists), ListsOptions{}, clock_, log_);
    screener_ = std::make_unique<Screener>(pool_, *lists_, ScreenerOptions{});
    services_.reset(new ScreeningServices{clock_, log_, keys_, *screener_, uploads_, queries_,
                                          near_queries_, activity_, note_told_, held_, policy_,
                                          "1.0"});
    add_screening_routes(table_);
    add_hma_routes(table_);
    table_.add_to(router_, *services_);
  }

  std::string key_with(Scopes scopes, std::string_view tenant = "platform") {
    auto issued = keys_.add({"program", tenant, scopes, std::nullopt}).value();
    last_key_ = issued.id;
    return std::string(issued.text.view());
  }

  static Request request(Method method, std::string_view key, std::string body = {}) {
    Request made;
    made.method = method;
    made.body = Body(std::move(body));
    if (!key.empty()) made.headers.add("authorization", "Bearer " + std::string(key));
    return made;
  }
  static Request made_without_body(const Request& made) {
    Request head;
    head.method = made.method;
    head.headers = made.headers;
    head.peer = made.peer;
    return head;
  }
  /// As the server does: the gate first, where there is one.
  Response ask(std::string_view target, Request made) {
    auto parsed = parse_target(target, 32);
    made.segments = parsed->segments;
    made.query = parsed->query;
    auto match = router_.match(made.method, made.segments);
    auto* found = std::get_if<Router::Found>(&match);
    if (found == nullptr) return Response::problem(Status::not_found, "test.no-route");
    made.parameters = found->parameters;
    const Route& route = router_.routes()[found->route];
    if (route.gate) {
      Request head = made_without_body(made);
      if (auto refusal = route.gate(head)) return std::move(*refusal);
    }
    return route.handler(made);
  }
  Response post(std::string_view target, std::string_view key, std::string body) {
    return ask(target, request(Method::post, key, std::move(body)));
  }
  static std::string text_of(const Response& response) {
    const auto bytes = response.content_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  TestLists store_;
  SetClock clock_;
  SeededRandom random_;
  Lines log_;
  AccountStore accounts_ = AccountStore::in_memory();
  ExaminerPool pool_;
  ApiKeys keys_;
  static constexpr uint32_t kUploadBurst = 50;
  RateLimiter uploads_{clock_, {.per_second = 10, .burst = kUploadBurst}};
  RateLimiter queries_{clock_, {.per_second = 10, .burst = 20}};
  NearQueryLimiter near_queries_{clock_, {.max_near = 3}};
  KeyActivity activity_;
  std::vector<std::pair<std::string, uint64_t>> told_;  ///< To which key how many hits.
  const NoteTold note_told_ = [this](const ApiKey& key, const Peer& /*to*/, uint64_t hits) {
    told_.emplace_back(key.name, hits);
  };
  HeldUploads* held_ = nullptr;
  ScreeningPolicy policy_;
  std::unique_ptr<ListsInUse> lists_;
  std::unique_ptr<Screener> screener_;
  std::unique_ptr<ScreeningServices> services_;
  KeyRouteTable table_;
  Router router_;
  ApiKeyId last_key_;
};

}  // namespace safelight::serve::testing
