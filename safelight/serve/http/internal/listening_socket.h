#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/socket.h>

#include "safelight/bytes/file.h"
#include "safelight/serve/http/listener.h"
#include "safelight/serve/http/peer.h"

namespace safelight::serve {

/// A socket that clients can connect to. A Unix socket's file goes with it.
class ListeningSocket {
 public:
  /// Throws Fault; also for an address that others can reach, without TLS and without leave.
  static ListeningSocket open(const Listener& listener);
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket();

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  /// Who waits to be accepted is turned away, and who comes later. Once is enough.
  void close();
  /// 0 for a Unix socket.
  [[nodiscard]] uint16_t port() const { return port_; }

  struct Accepted {
    Descriptor descriptor;  ///< Not open where nobody waits, or the system cannot (`error`).
    Peer peer;              ///< But for TLS, of which nothing is known yet.
    std::string origin;     ///< What counts as one place to come from.
    int error = 0;
  };
  /// Takes a connection that waits. Does not block.
  [[nodiscard]] Accepted accept() const;

 private:
  ListeningSocket(Descriptor descriptor, uint16_t port, std::filesystem::path file)
      : descriptor_(std::move(descriptor)), port_(port), file_(std::move(file)) {}

  Descriptor descriptor_;
  uint16_t port_ = 0;
  std::filesystem::path file_;
};

}  // namespace safelight::serve
