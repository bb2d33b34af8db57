#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

#include "safelight/hash/digests.h"

namespace safelight::serve {

/// How a request reached us.
enum class Transport : uint8_t { plain_tcp, tls, unix_socket };

/// Who is at the other end of a Unix socket, as the kernel says (SO_PEERCRED).
struct UnixCredentials {
  pid_t process = 0;
  uid_t user = 0;
  gid_t group = 0;
};

/// What a client's certificate says, verified against the listener's certificate authority.
struct ClientCertificate {
  std::string subject;  ///< As RFC 2253 writes names, such as "CN=screening,O=Example".
  Sha256 sha256;        ///< Of the certificate's DER.
};

/// Who sent a request.
struct Peer {
  Transport transport = Transport::plain_tcp;
  std::string address;  ///< Numeric, without a port; empty for a Unix socket.
  uint16_t port = 0;
  std::optional<UnixCredentials> credentials;    ///< Of a Unix socket.
  std::optional<ClientCertificate> certificate;  ///< Where the listener asks for one.
};

}  // namespace safelight::serve
