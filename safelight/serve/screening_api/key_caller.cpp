#include "safelight/serve/screening_api/key_caller.h"

#include <string_view>
#include <utility>

namespace safelight::serve {
namespace {

constexpr std::string_view kScheme = "bearer ";

/// The token of "Bearer TOKEN", the scheme in any case.
std::optional<std::string_view> bearer_token(std::string_view header) {
  if (header.size() <= kScheme.size()) return std::nullopt;
  for (size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != kScheme[i]) return std::nullopt;
  }
  return header.substr(kScheme.size());
}

/// Whether a browser says that a page of another site asks: it would show the certificate of its
/// owner without being asked to. Source: Fetch Metadata Request Headers, section 2.4.
bool is_from_another_site(const Request& request) {
  const auto site = request.headers.find("sec-fetch-site");
  return site && *site != "same-origin" && *site != "none";
}

Response no_key() {
  return Response::problem(Status::unauthorised, "no-key",
                           "A key is needed, as a bearer token or by a client certificate.")
      .header("www-authenticate", "Bearer");
}

std::optional<ApiKey> key_of(const Request& request, KeyChannel channel, ApiKeys& keys,
                             std::optional<ApiKeyId> unix_key) {
  if (channel == KeyChannel::any) {
    if (const auto header = request.headers.find("authorization")) {
      const auto token = bearer_token(*header);
      return token ? keys.find(*token) : std::nullopt;
    }
  } else if (request.peer.transport == Transport::unix_socket) {
    return unix_key ? keys.find(*unix_key) : std::nullopt;
  }
  if (!request.peer.certificate || is_from_another_site(request)) return std::nullopt;
  return keys.find_certificate(request.peer.certificate->sha256);
}

}  // namespace

std::variant<ApiKey, Response> admit_key(const Request& request, Permission permission,
                                         KeyChannel channel, ApiKeys& keys,
                                         std::optional<ApiKeyId> unix_key) {
  auto key = key_of(request, channel, keys, unix_key);
  if (!key && channel == KeyChannel::trusted) {
    return Response::problem(Status::unauthorised, "untrusted-channel",
                             "This is answered over a Unix socket that stands for a key, or to a "
                             "client certificate that does.");
  }
  if (!key) return no_key();
  if (!may(key->scopes, permission)) {
    return Response::problem(Status::forbidden, "not-permitted",
                             "No scope of the key includes this.");
  }
  return std::move(*key);
}

}  // namespace safelight::serve
