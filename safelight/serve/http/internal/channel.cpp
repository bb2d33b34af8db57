#include "safelight/serve/http/internal/channel.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>
#include <utility>

#include "safelight/base/fault.h"

namespace safelight::serve {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr asio::use_awaitable_t<Executor> kAwaitable{};

template <typename Stream>
class StreamChannel : public Channel {
 public:
  StreamChannel(Stream stream, Peer peer, Executor executor)
      : Channel(std::move(peer)), stream_(std::move(stream)), timer_(executor) {}

  void expires_at(Deadline deadline) override {
    deadline_ = deadline;
    is_timed_out_ = false;
    // The timer goes on towards an earlier time, and then to this one: most deadlines are met long
    // before, and cost no timer.
    if (deadline < armed_until_) arm();
  }

  void cancel() override {
    is_cancelled_ = true;
    cancel_socket();
  }

  Task<Moved> read_some(std::span<std::byte> out) override {
    if (const auto refused = refusal()) co_return Moved{0, *refused};
    error_code error;
    const size_t bytes = co_await stream_.async_read_some(asio::buffer(out.data(), out.size()),
                                                          asio::redirect_error(kAwaitable, error));
    co_return Moved{bytes, outcome(error)};
  }

  Task<Moved> write_some(std::span<const std::byte> bytes) override {
    if (const auto refused = refusal()) co_return Moved{0, *refused};
    error_code error;
    const size_t written = co_await stream_.async_write_some(
        asio::buffer(bytes.data(), bytes.size()), asio::redirect_error(kAwaitable, error));
    co_return Moved{written, outcome(error)};
  }

  Task<Outcome> handshake() override {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      error_code error;
      co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(kAwaitable, error));
      if (!error) peer_.certificate = client_certificate(*stream_.native_handle());
      co_return outcome(error);
    } else {
      co_return Outcome::done;
    }
  }

  Task<void> finish() override {
    is_cancelled_ = false;
    if (refusal()) co_return;
    error_code error;
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      co_await stream_.async_shutdown(asio::redirect_error(kAwaitable, error));
    }
    error_code ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
    std::array<std::byte, 4'096> rest;
    while (!refusal()) {
      co_await socket().async_read_some(asio::buffer(rest),
                                        asio::redirect_error(kAwaitable, error));
      if (error) break;
    }
  }

 private:
  Socket& socket() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void cancel_socket() {
    error_code ignored;
    socket().cancel(ignored);
  }

  void arm() {
    armed_until_ = deadline_;
    timer_.expires_at(deadline_);
    timer_.async_wait([weak = weak_from_this()](error_code error) {
      const auto channel = weak.lock();
      if (!error && channel) static_cast<StreamChannel&>(*channel).on_timer();
    });
  }

  void on_timer() {
    armed_until_ = kNoDeadline;
    if (std::chrono::steady_clock::now() >= deadline_) {
      is_timed_out_ = true;
      cancel_socket();
    } else if (deadline_ != kNoDeadline) {
      arm();
    }
  }

  [[nodiscard]] std::optional<Outcome> refusal() const {
    if (is_timed_out_ || std::chrono::steady_clock::now() >= deadline_) return Outcome::timed_out;
    if (is_cancelled_) return Outcome::closed;
    return std::nullopt;
  }

  [[nodiscard]] Outcome outcome(error_code error) const {
    if (!error) return Outcome::done;
    return is_timed_out_ ? Outcome::timed_out : Outcome::closed;
  }

  Stream stream_;
  Timer timer_;
  Deadline deadline_ = kNoDeadline;
  Deadline armed_until_ = kNoDeadline;
  bool is_timed_out_ = false;
  bool is_cancelled_ = false;
};

}  // namespace

std::shared_ptr<Channel> make_channel(asio::io_context& context, ListeningSocket::Accepted accepted,
                                      const TlsContext* tls) {
  const Executor executor = context.get_executor();
  const bool is_local = accepted.peer.transport == Transport::unix_socket;
  Socket socket(executor);
  error_code error;
  socket.assign(asio::generic::stream_protocol(is_local ? AF_UNIX : AF_INET, 0),
                accepted.descriptor.get(), error);
  if (error) throw Fault("cannot serve a connection: " + error.message());
  (void)accepted.descriptor.release();
  if (tls == nullptr) {
    return std::make_shared<StreamChannel<Socket>>(std::move(socket), std::move(accepted.peer),
                                                   executor);
  }
  accepted.peer.transport = Transport::tls;
  // Asio takes a reference to the context, which each connection is made from.
  SSL_CTX_up_ref(tls->get());
  asio::ssl::context shared(tls->get());
  return std::make_shared<StreamChannel<TlsStream>>(TlsStream(std::move(socket), shared),
                                                    std::move(accepted.peer), executor);
}

}  // namespace safelight::serve
