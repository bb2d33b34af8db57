#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "safelight/serve/accounts/api_key.h"
#include "safelight/serve/http/request.h"
#include "safelight/serve/http/response.h"

namespace safelight::serve {

/// How a program shows who it is.
enum class KeyChannel : uint8_t {
  any,      ///< A key as bearer token, or a client certificate that stands for one.
  trusted,  ///< A Unix socket, which stands for a key, or such a certificate: for programs that
            ///< send no key.
};

/// The key that a request comes with, if it may do `permission`; else the refusal, which says
/// nothing of the key. A bearer token that is no good is not made up for by a certificate. Source:
/// RFC 6750 sections 2.1 and 3. `unix_key` is what a Unix socket stands for on a trusted channel.
/// Throws Fault.
std::variant<ApiKey, Response> admit_key(const Request& request, Permission permission,
                                         KeyChannel channel, ApiKeys& keys,
                                         std::optional<ApiKeyId> unix_key);

}  // namespace safelight::serve
