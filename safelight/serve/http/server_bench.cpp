// Requests a second over connections that stay open, on loopback, next to a loop of Boost.Beast
// that reads a request and writes a response and does nothing else: no limits, no routes, no
// handler on another thread. One io thread each; eight clients in the same process.

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <memory>
#include <thread>

#include "safelight/serve/http/internal/client_for_test.h"
#include "safelight/serve/http/internal/tls_context.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr int kClients = 8;
constexpr size_t kLargeBytes = 256 << 10;

class NoLog final : public LogSink {
 public:
  void log(Severity, std::string_view) override {}
};

TlsIdentity identity() {
  return TlsIdentity::self_signed(std::vector<std::string>{"localhost"}, SystemClock());
}

std::string greeting(uint64_t size_bytes) { return "received " + std::to_string(size_bytes); }

/// The limit: Beast alone.
class BeastServer {
 public:
  explicit BeastServer(Transport transport)
      : transport_(transport),
        identity_(make_tls_context({identity()})),
        tls_(share(identity_)),
        acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;
  ~BeastServer() {
    context_.stop();
    thread_.join();
  }
  [[nodiscard]] uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  static SSL_CTX* share(const TlsContext& context) {
    SSL_CTX_up_ref(context.get());
    return context.get();
  }

  asio::awaitable<void> accept() {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      socket.set_option(tcp::no_delay(true));
      asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
    }
  }
  asio::awaitable<void> serve(tcp::socket socket) {
    try {
      beast::tcp_stream plain(std::move(socket));
      if (transport_ == Transport::tls) {
        beast::ssl_stream<beast::tcp_stream> stream(std::move(plain), tls_);
        co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
        co_await answer(stream);
      } else {
        co_await answer(plain);
      }
    } catch (const boost::system::system_error&) {
      // The client has gone.
    }
  }
  template <typename Stream>
  asio::awaitable<void> answer(Stream& stream) {
    beast::flat_buffer buffer;
    buffer.reserve(128 << 10);
    for (;;) {
      beast::http::request<beast::http::string_body> request;
      co_await beast::http::async_read(stream, buffer, request, asio::use_awaitable);
      beast::http::response<beast::http::string_body> response(beast::http::status::ok, 11);
      response.body() = greeting(request.body().size());
      response.prepare_payload();
      co_await beast::http::async_write(stream, response, asio::use_awaitable);
    }
  }

  const Transport transport_;
  const TlsContext identity_;
  asio::ssl::context tls_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

std::unique_ptr<Server> make_server(Transport transport, LogSink& log, const Clock& clock) {
  Router router;
  const auto uploads = router.add_class({.max_body_bytes = 1 << 20});
  router
      .add(Method::get, "/",
           [](Request&) { return Response::bytes(Status::ok, "text/plain", greeting(0)); })
      .add(
          Method::post, "/",
          [](Request& request) {
            return Response::bytes(Status::ok, "text/plain", greeting(request.body.size_bytes()));
          },
          uploads);
  ServerOptions options;
  options.limits.max_requests_per_connection = UINT32_MAX;
  options.limits.max_memory_body_bytes = kLargeBytes;
  TcpListener listener;
  if (transport == Transport::tls) listener.tls = TlsOptions{identity()};
  options.listeners = {listener};
  return Server::start(std::move(options), std::move(router), log, clock);
}

/// One client of a thread: asks again and again.
void ask(benchmark::State& state, uint16_t port, Transport transport, size_t body_bytes) {
  const TlsContext context(SSL_CTX_new(TLS_client_method()));
  auto client = TestClient::tcp(port);
  if (transport == Transport::tls && !client.start_tls(*context)) {
    state.SkipWithError("no handshake");
  }
  const std::string body(body_bytes, 'x');
  const std::string expected = greeting(body_bytes);
  for (auto _ : state) {
    if (body.empty()) {
      client.get("/");
    } else {
      client.post("/", body);
    }
    if (client.receive().content != expected) state.SkipWithError("another answer");
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * body_bytes));
}

void measure(benchmark::internal::Benchmark* bench) {
  bench->Threads(kClients)->UseRealTime()->MinTime(1.0);
}

/// Servers live for one benchmark each; all threads of one share it.
std::unique_ptr<Server> ours;
std::unique_ptr<BeastServer> theirs;
NoLog no_log;
const SystemClock system_clock;

template <Transport kTransport>
void start_ours(const benchmark::State&) {
  ours = make_server(kTransport, no_log, system_clock);
}
template <Transport kTransport>
void start_theirs(const benchmark::State&) {
  theirs = std::make_unique<BeastServer>(kTransport);
}
void stop_both(const benchmark::State&) {
  ours.reset();
  theirs.reset();
}

template <Transport kTransport, size_t kBodyBytes>
void safelight_server(benchmark::State& state) {
  ask(state, ours->port(), kTransport, kBodyBytes);
}
template <Transport kTransport, size_t kBodyBytes>
void beast_alone(benchmark::State& state) {
  ask(state, theirs->port(), kTransport, kBodyBytes);
}

#define SAFELIGHT_BENCH_PAIR(transport, body_bytes)           \
  BENCHMARK_TEMPLATE(safelight_server, transport, body_bytes) \
      ->Setup(start_ours<transport>)                          \
      ->Teardown(stop_both)                                   \
      ->Apply(measure);                                       \
  BENCHMARK_TEMPLATE(beast_alone, transport, body_bytes)      \
      ->Setup(start_theirs<transport>)                        \
      ->Teardown(stop_both)                                   \
      ->Apply(measure)

SAFELIGHT_BENCH_PAIR(Transport::plain_tcp, 0);
SAFELIGHT_BENCH_PAIR(Transport::tls, 0);
SAFELIGHT_BENCH_PAIR(Transport::plain_tcp, kLargeBytes);
SAFELIGHT_BENCH_PAIR(Transport::tls, kLargeBytes);

}  // namespace
}  // namespace safelight::serve
