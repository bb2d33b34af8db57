#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>

#include "safelight/serve/http/internal/listening_socket.h"
#include "safelight/serve/http/internal/task.h"
#include "safelight/serve/http/internal/tls_context.h"
#include "safelight/serve/http/peer.h"

namespace safelight::serve {

using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline kNoDeadline = Deadline::max();

/// The bytes to and from one client, whatever carries them. Used on its io thread alone. One read
/// and one write may be under way at once; a deadline that passes ends both.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  enum class Outcome : uint8_t { done, closed, timed_out };
  struct Moved {
    size_t bytes = 0;  ///< More than none, where done.
    Outcome outcome = Outcome::done;
  };

  virtual ~Channel() = default;
  [[nodiscard]] const Peer& peer() const { return peer_; }

  /// What is under way and what follows ends as timed_out when `deadline` has passed.
  virtual void expires_at(Deadline deadline) = 0;
  /// What is under way and what follows ends as closed; but finish() can still follow.
  virtual void cancel() = 0;

  /// Gets ready, and completes peer().
  virtual Task<Outcome> handshake() = 0;
  virtual Task<Moved> read_some(std::span<std::byte> out) = 0;
  virtual Task<Moved> write_some(std::span<const std::byte> bytes) = 0;
  /// Says that nothing follows, and waits until the client has gone, too: what it has not yet read
  /// would be lost otherwise.
  virtual Task<void> finish() = 0;

 protected:
  explicit Channel(Peer peer) : peer_(std::move(peer)) {}
  Peer peer_;
};

/// `tls` is nothing for plain text; else it outlives the channel. Throws Fault.
std::shared_ptr<Channel> make_channel(boost::asio::io_context& context,
                                      ListeningSocket::Accepted accepted, const TlsContext* tls);

}  // namespace safelight::serve
