#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "safelight/serve/http/tls_identity.h"

namespace safelight::serve {

/// TLS 1.2 or 1.3 with a certificate of our own.
struct TlsOptions {
  TlsIdentity identity;
  /// PEM certificates of the authorities whose clients are let in; where empty, clients show none.
  std::filesystem::path client_authorities{};
};

/// Whether a listener without TLS may be reached from other machines.
enum class PlainText : uint8_t { loopback_only, network_without_encryption };

struct TcpListener {
  std::string address = "127.0.0.1";  ///< Numeric, IPv4 or IPv6.
  uint16_t port = 0;                  ///< 0: one that is free; Server::port() says which.
  std::optional<TlsOptions> tls{};
  PlainText plain_text = PlainText::loopback_only;
};

/// A socket file of mode 0600. One that a dead server left behind is replaced.
struct UnixListener {
  std::filesystem::path path;
};

using Listener = std::variant<TcpListener, UnixListener>;

}  // namespace safelight::serve
