#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/serve/http/limits.h"
#include "safelight/serve/http/listener.h"
#include "safelight/serve/http/metrics.h"
#include "safelight/serve/http/router.h"

namespace safelight::serve {

struct ServerOptions {
  std::vector<Listener> listeners{TcpListener{}};
  /// The names, in lower case and without a port, by which clients may call us in Host. A page of
  /// another site whose name was made to point here is thereby refused.
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]"};
  HttpLimits limits;
  std::string content_security_policy = "default-src 'none'; frame-ancestors 'none'";
  unsigned io_threads = 1;
  unsigned worker_threads = 0;  ///< Handlers at once; 0: as many as the machine has processors.
};

/// An HTTP/1.1 server that runs from start() to stop(). Its few io threads never run a handler,
/// and its worker threads never wait for a client.
class Server {
 public:
  /// Throws Fault: a port that is taken, an address that is not of this machine or not loopback
  /// though there is no TLS, a certificate that cannot be used. `log` and `clock` outlive the
  /// server. Logged is a line for each request: method, route pattern, status, time and size.
  static std::unique_ptr<Server> start(ServerOptions options, Router router, LogSink& log,
                                       const Clock& clock);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Stops without grace.
  ~Server();

  /// The port of that listener, in the order of the options; 0 for a Unix socket.
  [[nodiscard]] uint16_t port(size_t listener = 0) const;

  /// Stops listening, closes event streams and connections without a request, and lets what runs
  /// finish. Requests that wait for a handler are answered 503. When `grace` has passed, what
  /// connections are left are cut; it returns when the last handler has. Once is enough.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] Metrics metrics() const;

 private:
  class Running;
  explicit Server(std::unique_ptr<Running> running);

  std::unique_ptr<Running> running_;
};

}  // namespace safelight::serve
