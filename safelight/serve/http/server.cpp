#include "safelight/serve/http/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/serve/http/internal/channel.h"
#include "safelight/serve/http/internal/connection.h"
#include "safelight/serve/http/internal/connection_count.h"
#include "safelight/serve/http/internal/listening_socket.h"
#include "safelight/serve/http/internal/signal.h"

namespace safelight::serve {
namespace {

namespace asio = boost::asio;
using Watch = asio::posix::basic_stream_descriptor<Executor>;

/// Before it is tried again to accept when descriptors or memory are short.
constexpr std::chrono::milliseconds kShortage{100};

unsigned worker_threads(const ServerOptions& options) {
  if (options.worker_threads != 0) return options.worker_threads;
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

class Server::Running {
 public:
  Running(ServerOptions options, Router router, LogSink& log, const Clock& clock)
      : options_(std::move(options)),
        router_(std::move(router)),
        log_(log),
        heads_(options_.content_security_policy),
        ledger_(router_, log),
        bodies_(options_.limits.max_bodies_bytes),
        count_(options_.limits.max_connections, options_.limits.max_connections_per_address),
        pool_(worker_threads(options_), router_.classes()),
        services_{options_.limits, options_.hosts, router_, clock,        heads_,
                  ledger_,         pool_,          bodies_, class_bodies_} {
    for (const RouteLimits& limits : router_.classes()) {
      class_bodies_.emplace_back(limits.max_bodies_bytes);
    }
    for (const auto& listener : options_.listeners) {
      listeners_.push_back(std::make_unique<Listening>(listener));
    }
    for (unsigned i = 0; i < std::max(1u, options_.io_threads); ++i) {
      io_.push_back(std::make_unique<IoThread>());
    }
    for (auto& listener : listeners_) {
      asio::co_spawn(
          io_.front()->context, [this, &listener] { return accept_from(*listener); },
          asio::detached);
    }
    for (auto& io : io_) io->thread = std::thread([&context = io->context] { context.run(); });
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(std::chrono::milliseconds(0)); }

  [[nodiscard]] uint16_t port(size_t listener) const {
    return listeners_.at(listener)->socket.port();
  }
  [[nodiscard]] Metrics metrics() const { return ledger_.metrics(); }

  void stop(std::chrono::milliseconds grace) {
    if (services_.is_stopping.exchange(true)) return;
    on_each_thread([this](IoThread& io) {
      if (&io == io_.front().get()) stop_listening();
      for (const auto& connection : io.connections) connection->stop();
    });
    pool_.stop();
    wait_until_none_is_open(grace);
    on_each_thread([](IoThread& io) {
      for (const auto& connection : io.connections) connection->cut();
    });
    pool_.join();
    wait_until_none_is_open(std::nullopt);
    for (auto& io : io_) io->work.reset();
    for (auto& io : io_) io->thread.join();
    listeners_.clear();
  }

 private:
  /// A thread that moves bytes, and the connections that live on it.
  struct IoThread {
    asio::io_context context{1};
    asio::executor_work_guard<Executor> work{context.get_executor()};
    std::list<std::shared_ptr<Connection>> connections;
    std::thread thread;
  };
  struct Listening {
    explicit Listening(const Listener& listener) : socket(ListeningSocket::open(listener)) {
      const auto* tcp = std::get_if<TcpListener>(&listener);
      if (tcp != nullptr && tcp->tls) tls = make_tls_context(*tcp->tls);
    }

    ListeningSocket socket;
    TlsContext tls;
    std::optional<Watch> watch;
  };

  template <typename Action>
  void on_each_thread(Action action) {
    for (auto& io : io_) asio::post(io->context, [action, &io = *io] { action(io); });
  }

  Task<void> accept_from(Listening& listening) {
    const Executor executor = io_.front()->context.get_executor();
    listening.watch.emplace(executor, listening.socket.descriptor());
    Signal pause(executor);
    while (!services_.is_stopping) {
      auto accepted = listening.socket.accept();
      if (accepted.descriptor.is_open()) {
        admit(std::move(accepted), listening);
      } else if (accepted.error == EMFILE || accepted.error == ENFILE ||
                 accepted.error == ENOBUFS || accepted.error == ENOMEM) {
        log_.log(Severity::warning, "connections wait: the system has no descriptors or memory");
        co_await pause.wait(std::chrono::steady_clock::now() + kShortage);
      } else if (accepted.error == EAGAIN) {
        boost::system::error_code ignored;
        co_await listening.watch->async_wait(
            Watch::wait_read, asio::redirect_error(asio::use_awaitable_t<Executor>{}, ignored));
      }
    }
    listening.watch->release();
    listening.watch.reset();
    listening.socket.close();
  }

  void stop_listening() {
    for (auto& listening : listeners_) {
      if (listening->watch) listening->watch->cancel();
    }
  }

  void admit(ListeningSocket::Accepted accepted, const Listening& listening) {
    ++ledger_.accepted_connections;
    if (count_.enter(accepted.origin) == ConnectionCount::Entry::refused) {
      ++ledger_.refused_connections;
      return;
    }
    {
      const std::lock_guard lock(open_mutex_);
      ++ledger_.open_connections;
    }
    IoThread& io = *io_[next_thread_++ % io_.size()];
    asio::post(io.context, [this, &io, &listening, accepted = std::move(accepted)]() mutable {
      const std::string origin = accepted.origin;
      asio::co_spawn(
          io.context,
          [this, &io, &listening, accepted = std::move(accepted)]() mutable {
            return serve(io, std::move(accepted), listening.tls ? &listening.tls : nullptr);
          },
          [this, origin](const std::exception_ptr& failure) { left(origin, failure); });
    });
  }

  /// A connection's place among those of its thread, for as long as it is served.
  class Place {
   public:
    Place(IoThread& io, std::shared_ptr<Connection> connection)
        : io_(io), place_(io.connections.insert(io.connections.end(), std::move(connection))) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { io_.connections.erase(place_); }
    [[nodiscard]] Connection& connection() const { return **place_; }

   private:
    IoThread& io_;
    std::list<std::shared_ptr<Connection>>::iterator place_;
  };

  Task<void> serve(IoThread& io, ListeningSocket::Accepted accepted, const TlsContext* tls) {
    const Place place(io, std::make_shared<Connection>(
                              io.context.get_executor(),
                              make_channel(io.context, std::move(accepted), tls), services_));
    co_await place.connection().run();
  }

  void left(const std::string& origin, const std::exception_ptr& failure) {
    if (failure) ledger_.failed(std::nullopt, "a connection ended by an exception");
    count_.leave(origin);
    const std::lock_guard lock(open_mutex_);
    --ledger_.open_connections;
    none_is_open_.notify_all();
  }

  void wait_until_none_is_open(std::optional<std::chrono::milliseconds> at_most) {
    std::unique_lock lock(open_mutex_);
    const auto is_none_open = [this] { return ledger_.open_connections == 0; };
    if (at_most) {
      none_is_open_.wait_for(lock, *at_most, is_none_open);
    } else {
      none_is_open_.wait(lock, is_none_open);
    }
  }

  const ServerOptions options_;
  const Router router_;
  LogSink& log_;
  const ResponseHeads heads_;
  Ledger ledger_;
  BodyBudget bodies_;
  std::deque<BodyBudget> class_bodies_;
  ConnectionCount count_;
  std::mutex open_mutex_;
  std::condition_variable none_is_open_;
  WorkerPool pool_;
  ConnectionParts services_;
  std::vector<std::unique_ptr<Listening>> listeners_;
  std::vector<std::unique_ptr<IoThread>> io_;
  size_t next_thread_ = 0;
};

std::unique_ptr<Server> Server::start(ServerOptions options, Router router, LogSink& log,
                                      const Clock& clock) {
  return std::unique_ptr<Server>(
      new Server(std::make_unique<Running>(std::move(options), std::move(router), log, clock)));
}

Server::Server(std::unique_ptr<Running> running) : running_(std::move(running)) {}
Server::~Server() = default;

uint16_t Server::port(size_t listener) const { return running_->port(listener); }
void Server::stop(std::chrono::milliseconds grace) { running_->stop(grace); }
Metrics Server::metrics() const { return running_->metrics(); }

}  // namespace safelight::serve
