#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/serve/http/internal/body_writer.h"
#include "safelight/serve/http/internal/channel.h"
#include "safelight/serve/http/internal/ledger.h"
#include "safelight/serve/http/internal/request_head.h"
#include "safelight/serve/http/internal/response_head.h"
#include "safelight/serve/http/internal/signal.h"
#include "safelight/serve/http/internal/worker_pool.h"
#include "safelight/serve/http/limits.h"
#include "safelight/serve/http/router.h"
#include "safelight/serve/http/target.h"

namespace safelight::serve {

/// What all connections of a server share. Outlives them.
struct ConnectionParts {
  const HttpLimits& limits;
  const std::vector<std::string>& hosts;
  const Router& router;
  const Clock& clock;
  const ResponseHeads& heads;
  Ledger& ledger;
  WorkerPool& pool;
  BodyBudget& bodies;
  std::deque<BodyBudget>& class_bodies;  ///< By class of routes.
  std::atomic<bool> is_stopping = false;
};

/// Serves the requests of one client, one after another. Lives on one io thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Executor executor, std::shared_ptr<Channel> channel, ConnectionParts& services)
      : executor_(executor),
        channel_(std::move(channel)),
        services_(services),
        limits_(services.limits),
        signal_(executor) {}

  /// Returns when the connection has ended.
  Task<void> run();
  /// Ends it when the request that is under way has been answered; at once if there is none.
  void stop();
  /// Ends it as soon as no handler runs for it.
  void cut();

 private:
  /// What follows a request.
  enum class Next : uint8_t { request, finish, cut };
  using Outcome = Channel::Outcome;

  /// A request that is under way.
  struct Exchange {
    Deadline begun{};
    Deadline arrived{};  ///< When the request was there as a whole.
    std::optional<size_t> route{};
    bool is_head = false;
    Persistence persistence = Persistence::close;
  };
  /// What a head was found to ask for.
  struct Admitted {
    Target target;
    Router::Found found;
  };

  Task<Next> serve_one();
  /// A head's text, a refusal, or what follows where there is nothing to be said.
  Task<std::variant<std::string, Response, Next>> read_head(const Exchange& exchange);
  [[nodiscard]] std::variant<Admitted, Response> admit(const RequestHead& head) const;
  Task<std::optional<Response>> read_body(const Exchange& exchange, const RequestHead& head,
                                          uint64_t max_bytes, BodyWriter& body, BodyShare& share);
  Task<std::optional<Response>> run_gate(const Exchange& exchange, const Request& request);
  Task<Response> run_handler(const Exchange& exchange, Request request);
  /// Runs `job`, which gives an answer or none and outlives the call, on a worker thread.
  using Job = std::function<std::optional<Response>()>;
  Task<std::optional<Response>> run_job(RouteClass route_class, size_t route, const Job& job);
  Task<void> hold_back(const Exchange& exchange, std::chrono::milliseconds bucket);
  Task<Next> respond(Exchange& exchange, Response response);
  Task<Next> stream_events(Exchange& exchange, std::shared_ptr<EventStream> stream);
  Task<void> watch_for_the_end();

  Task<Outcome> receive(size_t capacity_bytes);
  Task<Outcome> send(const Exchange& exchange, std::span<const std::byte> bytes, uint64_t& sent);
  [[nodiscard]] Response refuse(Status status, StaticText code) const;
  [[nodiscard]] Response overloaded() const;
  [[nodiscard]] Response stopping() const;
  [[nodiscard]] Deadline pace(Deadline since, uint32_t grace_ms, uint64_t moved_bytes) const;
  [[nodiscard]] Deadline total_deadline(const Exchange& exchange) const;
  [[nodiscard]] std::string_view received() const;
  void log_finished(const Exchange& exchange, Status status, uint64_t bytes) const;

  const Executor executor_;
  const std::shared_ptr<Channel> channel_;
  ConnectionParts& services_;
  const HttpLimits& limits_;
  Signal signal_;
  std::vector<std::byte> buffer_;
  size_t begin_ = 0;  ///< What was received and not yet used lies in buffer_ from here
  size_t end_ = 0;    ///< to here.
  uint32_t requests_ = 0;
  bool is_idle_ = true;  ///< No request has been read yet, or none after the last.
  bool is_cut_ = false;
  bool is_held_back_ = false;
  bool is_watching_ = false;
  bool is_client_gone_ = false;
  std::shared_ptr<EventStream> stream_;
};

}  // namespace safelight::serve
