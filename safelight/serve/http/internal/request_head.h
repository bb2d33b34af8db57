#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/serve/http/limits.h"
#include "safelight/serve/http/method.h"
#include "safelight/serve/http/named_texts.h"

namespace safelight::serve {

/// The request line and the headers, and what they say of the body's framing.
struct RequestHead {
  std::optional<Method> method;  ///< Nothing for one that is not served.
  std::string target;
  bool is_http_1_1 = false;
  NamedTexts headers;
  uint64_t content_length = 0;
  bool is_chunked = false;
  bool is_last = false;  ///< The client asks that the connection ends with this request.

  [[nodiscard]] bool has_body() const { return is_chunked || content_length != 0; }
};

/// The length of the head at the start of `text`, with the empty line that ends it; nothing if that
/// has not come yet. What lies before `searched` need not be looked at again.
[[nodiscard]] std::optional<size_t> find_head(std::string_view text, size_t searched);

/// Parses a head that find_head() found. Grants nothing that two parsers might read in two ways: no
/// folded lines, no bare CR or LF, no blank before a colon, no name twice, no length beside a
/// transfer coding. Errors: malformed, at the byte that breaks the rule; limit_exceeded,
/// "http.target-bytes" or "http.headers"; unsupported, "http.transfer-encoding", for other codings
/// than chunked. Source: RFC 9112 sections 3, 5 and 6.
[[nodiscard]] Result<RequestHead> parse_request_head(std::string_view text,
                                                     const HttpLimits& limits);

}  // namespace safelight::serve
