#include "safelight/serve/http/internal/connection.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <string>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/serve/http/cookies.h"
#include "safelight/serve/http/internal/chunk_decoder.h"

namespace safelight::serve {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Fast enough for bodies, and little enough to have for every connection that sends one.
constexpr size_t kBodyBufferBytes = 128 << 10;
/// Content up to this size is copied behind the head, so that both go in one write.
constexpr size_t kSmallContentBytes = 16 << 10;
/// What is written before the pace of a client is looked at again.
constexpr size_t kWriteBytes = 256 << 10;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kHeartbeat = ": \n\n";

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// A host in lower case without its port; nothing if it has another shape.
std::optional<std::string> host_name(std::string_view host) {
  const size_t name_end = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
  const std::string_view port = host.substr(std::min(name_end, host.size()));
  const bool is_port =
      port.empty() || (port.size() > 1 && port.size() <= 6 && port.front() == ':' &&
                       port.find_first_not_of("0123456789", 1) == std::string_view::npos);
  if (!is_port || (host.starts_with('[') && name_end == 0)) return std::nullopt;
  std::string name(host.substr(0, name_end));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

/// Answers for a handler or gate that throws.
std::optional<Response> answer(const std::function<std::optional<Response>()>& job, Ledger& ledger,
                               size_t route) {
  try {
    return job();
  } catch (const Fault& fault) {
    ledger.failed(route, fault.what());
  } catch (...) {
    // What another exception says may be what the request brought.
    ledger.failed(route, "the handler threw what is no Fault");
  }
  return Response::problem(Status::internal_server_error, "http.fault");
}

}  // namespace

Task<void> Connection::run() {
  channel_->expires_at(steady_clock::now() + milliseconds(limits_.handshake_ms));
  if (co_await channel_->handshake() != Outcome::done) {
    ++services_.ledger.failed_handshakes;
    co_return;
  }
  Next next = Next::request;
  while (next == Next::request) next = co_await serve_one();
  if (next == Next::finish && !is_cut_) {
    channel_->expires_at(steady_clock::now() + milliseconds(limits_.linger_ms));
    co_await channel_->finish();
  }
}

void Connection::stop() {
  if (is_idle_) channel_->cancel();
  if (stream_) stream_->close();
}

void Connection::cut() {
  is_cut_ = true;
  channel_->cancel();
  if (is_held_back_) signal_.notify();
}

Task<Connection::Next> Connection::serve_one() {
  is_idle_ = true;
  if (services_.is_stopping) co_return Next::finish;
  if (received().empty()) {
    channel_->expires_at(steady_clock::now() + milliseconds(limits_.idle_ms));
    if (co_await receive(limits_.max_head_bytes) != Outcome::done) co_return Next::finish;
  }
  Exchange exchange{.begun = steady_clock::now()};
  auto text = co_await read_head(exchange);
  is_idle_ = false;
  if (const auto* next = std::get_if<Next>(&text)) co_return *next;
  if (auto* refusal = std::get_if<Response>(&text)) {
    co_return co_await respond(exchange, std::move(*refusal));
  }
  const auto head = parse_request_head(std::get<std::string>(text), limits_);
  if (!head) {
    auto status = Status::bad_request;
    if (head.error().code == ErrorCode::unsupported) status = Status::not_implemented;
    if (head.error().code == ErrorCode::limit_exceeded) {
      status = head.error().rule == "http.target-bytes" ? Status::uri_too_long
                                                        : Status::header_fields_too_large;
    }
    co_return co_await respond(exchange, refuse(status, StaticText(head.error())));
  }
  exchange.is_head = head->method == Method::head;
  auto admitted = admit(*head);
  ++requests_;
  const bool may_go_on =
      head->is_http_1_1 && !head->is_last && requests_ < limits_.max_requests_per_connection;
  if (auto* refusal = std::get_if<Response>(&admitted)) {
    // The next request begins where a body would have to be skipped: rather begin anew.
    if (may_go_on && !head->has_body()) exchange.persistence = Persistence::keep_alive;
    co_return co_await respond(exchange, std::move(*refusal));
  }
  auto& [target, found] = std::get<Admitted>(admitted);
  exchange.route = found.route;

  Request request;
  request.method = *head->method;
  request.segments = std::move(target.segments);
  request.query = std::move(target.query);
  request.parameters = std::move(found.parameters);
  request.cookies = parse_cookies(head->headers.find("cookie").value_or(""));
  request.headers = head->headers;
  request.peer = channel_->peer();
  const Route& route = services_.router.routes()[found.route];
  if (route.gate) {
    auto refusal = co_await run_gate(exchange, request);
    if (refusal) {
      if (may_go_on && !head->has_body()) exchange.persistence = Persistence::keep_alive;
      co_return co_await respond(exchange, std::move(*refusal));
    }
  }
  BodyWriter writer(limits_.max_memory_body_bytes);
  std::optional<BodyShare> share(std::in_place, services_.bodies,
                                 services_.class_bodies[route.route_class.index]);
  if (head->has_body()) {
    const uint64_t max_bytes = services_.router.classes()[route.route_class.index].max_body_bytes;
    auto refusal = co_await read_body(exchange, *head, max_bytes, writer, *share);
    if (refusal) co_return co_await respond(exchange, std::move(*refusal));
  }
  std::optional<Response> failed;
  try {
    request.body = std::move(writer).finish();
  } catch (const Fault& fault) {
    services_.ledger.failed(exchange.route, fault.what());
    failed = Response::problem(Status::insufficient_storage, "http.memory");
  }
  if (failed) co_return co_await respond(exchange, std::move(*failed));
  if (may_go_on) exchange.persistence = Persistence::keep_alive;
  exchange.arrived = steady_clock::now();
  auto response = co_await run_handler(exchange, std::move(request));
  share.reset();
  if (response.bucket().count() > 0) co_await hold_back(exchange, response.bucket());
  co_return co_await respond(exchange, std::move(response));
}

Task<std::variant<std::string, Response, Connection::Next>> Connection::read_head(
    const Exchange& exchange) {
  channel_->expires_at(exchange.begun + milliseconds(limits_.head_ms));
  size_t searched = 0;
  for (;;) {
    const auto size = find_head(received(), searched);
    if (size && *size <= limits_.max_head_bytes) {
      std::string text(received().substr(0, *size));
      begin_ += *size;
      co_return text;
    }
    if (size || received().size() >= limits_.max_head_bytes) {
      co_return refuse(Status::header_fields_too_large, "http.head-bytes");
    }
    searched = received().size();
    const Outcome outcome = co_await receive(limits_.max_head_bytes);
    if (outcome == Outcome::closed) co_return Next::finish;
    if (outcome == Outcome::timed_out) {
      ++services_.ledger.timed_out_connections;
      co_return refuse(Status::request_timeout, "http.head-time");
    }
  }
}

std::variant<Connection::Admitted, Response> Connection::admit(const RequestHead& head) const {
  if (!head.is_http_1_1) return refuse(Status::http_version_not_supported, "http.version");
  const auto host = head.headers.find("host");
  const auto name = host ? host_name(*host) : std::nullopt;
  if (!name) return refuse(Status::bad_request, "http.host");
  if (std::ranges::find(services_.hosts, *name) == services_.hosts.end()) {
    return refuse(Status::misdirected_request, "http.host-unknown");
  }
  if (!head.method) return refuse(Status::not_implemented, "http.method");
  const auto expectation = head.headers.find("expect");
  if (expectation && *expectation != "100-continue") {
    return refuse(Status::expectation_failed, "http.expectation");
  }
  auto target = parse_target(head.target, limits_.max_query_parameters);
  if (!target) {
    const bool is_too_long = target.error().code == ErrorCode::limit_exceeded;
    return refuse(is_too_long ? Status::uri_too_long : Status::bad_request,
                  StaticText(target.error()));
  }
  auto match = services_.router.match(*head.method, target->segments);
  if (auto* refused = std::get_if<Router::MethodNotAllowed>(&match)) {
    return Response::problem(Status::method_not_allowed, "http.method-not-allowed")
        .header("allow", std::move(refused->allow));
  }
  auto* found = std::get_if<Router::Found>(&match);
  if (found == nullptr) return Response::problem(Status::not_found, "http.no-route");
  if (head.has_body() && (head.method == Method::get || head.method == Method::head)) {
    return refuse(Status::bad_request, "http.body-without-meaning");
  }
  return Admitted{std::move(*target), std::move(*found)};
}

Task<std::optional<Response>> Connection::read_body(const Exchange& exchange,
                                                    const RequestHead& head, uint64_t max_bytes,
                                                    BodyWriter& body, BodyShare& share) {
  const auto too_large = [this] { return refuse(Status::content_too_large, "http.body-bytes"); };
  if (head.content_length > max_bytes) co_return too_large();
  body.reserve(head.content_length);
  if (head.headers.find("expect") && received().empty()) {
    uint64_t sent = 0;
    if (co_await send(exchange, bytes_of(kContinue), sent) != Outcome::done) {
      co_return refuse(Status::request_timeout, "http.body-time");
    }
  }
  const auto since = steady_clock::now();
  uint64_t moved = 0;
  ChunkDecoder decoder;
  const auto is_done = [&] {
    return head.is_chunked ? decoder.is_done() : body.size_bytes() == head.content_length;
  };
  while (!is_done()) {
    if (received().empty()) {
      channel_->expires_at(std::min(pace(since, limits_.body_ms, moved), total_deadline(exchange)));
      const Outcome outcome = co_await receive(kBodyBufferBytes);
      if (outcome != Outcome::done) {
        if (outcome == Outcome::timed_out) ++services_.ledger.timed_out_connections;
        co_return refuse(Status::request_timeout, "http.body-time");
      }
    }
    auto content = bytes_of(received());
    if (head.is_chunked) {
      const auto step = decoder.next(content);
      if (!step) co_return refuse(Status::bad_request, StaticText(step.error()));
      begin_ += step->used_bytes;
      moved += step->used_bytes;
      content = step->content;
    } else {
      const uint64_t missing = head.content_length - body.size_bytes();
      content = content.first(static_cast<size_t>(std::min<uint64_t>(missing, content.size())));
      begin_ += content.size();
      moved += content.size();
    }
    if (content.size() > max_bytes - body.size_bytes()) co_return too_large();
    if (share.grow(content.size()) == BodyShare::Grown::exhausted) co_return overloaded();
    std::optional<Response> failed;
    try {
      body.append(content);
    } catch (const Fault& fault) {
      services_.ledger.failed(exchange.route, fault.what());
      failed = Response::problem(Status::insufficient_storage, "http.memory");
    }
    if (failed) co_return failed;
  }
  co_return std::nullopt;
}

Task<std::optional<Response>> Connection::run_gate(const Exchange& exchange,
                                                   const Request& request) {
  const Route& route = services_.router.routes()[*exchange.route];
  const Job job = [&] { return route.gate(request); };
  co_return co_await run_job({}, *exchange.route, job);
}

Task<Response> Connection::run_handler(const Exchange& exchange, Request request) {
  const Route& route = services_.router.routes()[*exchange.route];
  const Job job = [&] {
    std::optional<Response> answered = route.handler(request);
    request = {};
    return answered;
  };
  auto response = co_await run_job(route.route_class, *exchange.route, job);
  co_return std::move(*response);
}

Task<std::optional<Response>> Connection::run_job(RouteClass route_class, size_t route,
                                                  const Job& job) {
  std::optional<Response> response;
  // The job may use what lives here: this coroutine goes on only when the job is done with it.
  const auto given = [&](WorkerPool::Turn turn) {
    if (turn == WorkerPool::Turn::run) {
      response = answer(job, services_.ledger, route);
    } else {
      response = stopping();
    }
    asio::post(executor_, [this] { signal_.notify(); });
  };
  switch (services_.pool.submit(route_class, given)) {
    case WorkerPool::Submitted::overloaded:
      co_return overloaded();
    case WorkerPool::Submitted::stopping:
      co_return stopping();
    case WorkerPool::Submitted::waiting:
      break;
  }
  co_await signal_.wait(kNoDeadline);
  co_return std::move(response);
}

Task<void> Connection::hold_back(const Exchange& exchange, milliseconds bucket) {
  const auto taken = steady_clock::now() - exchange.arrived;
  // A multiple that has just been reached would tell that it was: the next one.
  const auto until =
      std::min(exchange.arrived + bucket * (taken / bucket + 1), total_deadline(exchange));
  is_held_back_ = true;
  while (!is_cut_ && steady_clock::now() < until) co_await signal_.wait(until);
  is_held_back_ = false;
}

Task<Connection::Next> Connection::respond(Exchange& exchange, Response response) {
  if (services_.is_stopping) exchange.persistence = Persistence::close;
  const auto* stream = std::get_if<std::shared_ptr<EventStream>>(&response.content());
  if (stream != nullptr) exchange.persistence = Persistence::close;
  auto head = services_.heads.head(response, channel_->peer().transport, exchange.persistence,
                                   services_.clock.now_ns());
  if (!head) {
    services_.ledger.failed(exchange.route, "a header of the response cannot be sent");
    co_return co_await respond(exchange,
                               Response::problem(Status::internal_server_error, "http.fault"));
  }
  if (stream != nullptr && !exchange.is_head) {
    co_return co_await stream_events(exchange, *stream);
  }
  if (stream != nullptr) (*stream)->detach();
  auto content = response.content_bytes();
  if (exchange.is_head || is_without_content(response.status())) content = {};
  const uint64_t content_bytes = content.size();
  if (content.size() <= kSmallContentBytes) {
    head->append(reinterpret_cast<const char*>(content.data()), content.size());
    content = {};
  }
  uint64_t sent = 0;
  Outcome outcome = co_await send(exchange, bytes_of(*head), sent);
  if (outcome == Outcome::done) outcome = co_await send(exchange, content, sent);
  if (outcome == Outcome::timed_out) ++services_.ledger.timed_out_connections;
  log_finished(exchange, response.status(), outcome == Outcome::done ? content_bytes : 0);
  if (outcome != Outcome::done) co_return Next::cut;
  co_return exchange.persistence == Persistence::keep_alive ? Next::request : Next::finish;
}

Task<Connection::Next> Connection::stream_events(Exchange& exchange,
                                                 std::shared_ptr<EventStream> stream) {
  // Whoever asks in one thread and writes in another must not see the count pass its limit.
  if (services_.ledger.open_event_streams.fetch_add(1) >= limits_.max_event_streams) {
    --services_.ledger.open_event_streams;
    stream->detach();
    co_return co_await respond(exchange, overloaded());
  }
  stream_ = stream;
  stream->attach([weak = weak_from_this(), executor = executor_] {
    asio::post(executor, [weak] {
      const auto connection = weak.lock();
      if (!connection || !connection->stream_) return;
      if (connection->stream_->is_dropped()) connection->channel_->cancel();
      connection->signal_.notify();
    });
  });
  if (services_.is_stopping) stream->close();
  is_watching_ = true;
  channel_->expires_at(kNoDeadline);
  asio::co_spawn(
      executor_, [self = shared_from_this()] { return self->watch_for_the_end(); }, asio::detached);

  const Response response = Response::events(stream);
  const auto head = services_.heads.head(response, channel_->peer().transport, exchange.persistence,
                                         services_.clock.now_ns());
  uint64_t sent = 0;
  exchange.begun = steady_clock::now();
  Outcome outcome = co_await send(exchange, bytes_of(*head), sent);
  auto next_beat = steady_clock::now() + milliseconds(limits_.heartbeat_ms);
  while (outcome == Outcome::done && !is_client_gone_) {
    const auto waiting = stream->take();
    std::string_view text = waiting.bytes;
    if (text.empty() && steady_clock::now() >= next_beat) text = kHeartbeat;
    if (!text.empty()) {
      exchange.begun = steady_clock::now();
      uint64_t sent_now = 0;
      outcome = co_await send(exchange, bytes_of(text), sent_now);
      channel_->expires_at(kNoDeadline);
      sent += sent_now;
      next_beat = steady_clock::now() + milliseconds(limits_.heartbeat_ms);
    }
    if (waiting.is_last) break;
    co_await signal_.wait(next_beat);
  }
  const bool is_whole = outcome == Outcome::done && !is_client_gone_ && !stream->is_dropped();
  if (stream->is_dropped()) ++services_.ledger.dropped_event_streams;
  stream->detach();
  stream_.reset();
  channel_->cancel();
  while (is_watching_) co_await signal_.wait(kNoDeadline);
  --services_.ledger.open_event_streams;
  log_finished(exchange, Status::ok, sent);
  co_return is_whole ? Next::finish : Next::cut;
}

Task<void> Connection::watch_for_the_end() {
  std::byte ignored[256];
  for (;;) {
    const auto moved = co_await channel_->read_some(ignored);
    if (moved.outcome != Outcome::done) break;
  }
  is_client_gone_ = true;
  is_watching_ = false;
  signal_.notify();
}

Task<Connection::Outcome> Connection::receive(size_t capacity_bytes) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<ptrdiff_t>(end_), buffer_.begin());
    end_ -= std::exchange(begin_, 0);
  }
  if (buffer_.size() < capacity_bytes) buffer_.resize(capacity_bytes);
  const auto moved = co_await channel_->read_some(std::span(buffer_).subspan(end_));
  end_ += moved.bytes;
  co_return moved.outcome;
}

Task<Connection::Outcome> Connection::send(const Exchange& exchange,
                                           std::span<const std::byte> bytes, uint64_t& sent) {
  const auto since = steady_clock::now();
  uint64_t moved_bytes = 0;
  while (moved_bytes < bytes.size()) {
    channel_->expires_at(
        std::min(pace(since, limits_.response_ms, moved_bytes), total_deadline(exchange)));
    const auto rest = bytes.subspan(moved_bytes);
    const auto moved =
        co_await channel_->write_some(rest.first(std::min(rest.size(), kWriteBytes)));
    moved_bytes += moved.bytes;
    sent += moved.bytes;
    if (moved.outcome != Outcome::done) co_return moved.outcome;
  }
  co_return Outcome::done;
}

Response Connection::refuse(Status status, StaticText code) const {
  ++services_.ledger.malformed_requests;
  return Response::problem(status, code);
}

Response Connection::overloaded() const {
  ++services_.ledger.overloaded_requests;
  return Response::problem(Status::too_many_requests, "http.overloaded")
      .header("retry-after", std::to_string(limits_.retry_after_s));
}

Response Connection::stopping() const {
  return Response::problem(Status::service_unavailable, "http.stopping")
      .header("retry-after", std::to_string(limits_.retry_after_s));
}

Deadline Connection::pace(Deadline since, uint32_t grace_ms, uint64_t moved_bytes) const {
  return since + milliseconds(grace_ms + moved_bytes * 1'000 / limits_.min_bytes_per_second);
}

Deadline Connection::total_deadline(const Exchange& exchange) const {
  return exchange.begun + milliseconds(limits_.total_ms);
}

std::string_view Connection::received() const {
  return {reinterpret_cast<const char*>(buffer_.data()) + begin_, end_ - begin_};
}

void Connection::log_finished(const Exchange& exchange, Status status, uint64_t bytes) const {
  services_.ledger.finished(
      exchange.route, status, bytes,
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - exchange.begun));
}

}  // namespace safelight::serve
