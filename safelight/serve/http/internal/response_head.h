#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/serve/http/peer.h"
#include "safelight/serve/http/response.h"

namespace safelight::serve {

/// Whether the connection goes on after a response.
enum class Persistence : uint8_t { keep_alive, close };

/// Writes the heads of a server's responses, with the headers that all of them have.
class ResponseHeads {
 public:
  explicit ResponseHeads(std::string_view content_security_policy);

  /// Status line, headers and the empty line. Nothing if a header of the response cannot be sent:
  /// its name is no token in lower case or the server's own to set, or its value would break out.
  [[nodiscard]] std::optional<std::string> head(const Response& response, Transport transport,
                                                Persistence persistence, int64_t now_ns) const;

 private:
  std::string security_headers_;
};

}  // namespace safelight::serve
