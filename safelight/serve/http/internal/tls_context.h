#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <optional>

#include "safelight/serve/http/internal/tls_parts.h"
#include "safelight/serve/http/listener.h"
#include "safelight/serve/http/peer.h"

namespace safelight::serve {

using TlsContext = std::unique_ptr<SSL_CTX, OpenSslFree<SSL_CTX_free>>;

/// What every connection of a listener begins with: TLS 1.2 or 1.3 with ciphers of forward secrecy,
/// no compression, renegotiation or resumption, and HTTP/1.1 where the client negotiates at all.
/// Throws Fault.
TlsContext make_tls_context(const TlsOptions& options);

/// What the client of a connection has shown; nothing if it was not asked to. Throws Fault.
std::optional<ClientCertificate> client_certificate(const SSL& connection);

}  // namespace safelight::serve
