#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/serve/http/named_texts.h"

namespace safelight::serve {

/// A request's target, taken apart and decoded.
struct Target {
  std::vector<std::string> segments;  ///< None for "/".
  NamedTexts query;
};

/// Takes a target of origin form apart ("/v1/cases/3?kind=a+b"). Segments and query are UTF-8
/// without control characters after percent-decoding ('+' is a space in the query alone); no
/// segment is empty, "." or "..", or holds a slash or backslash, and no query name comes twice, so
/// that nobody reads the same target in another way. Errors: malformed, at the byte that breaks the
/// rule; limit_exceeded, "target.query-parameters".
/// Source: RFC 9112 section 3.2.1, RFC 3986; for the query WHATWG URL section 5.1.
[[nodiscard]] Result<Target> parse_target(std::string_view text, uint32_t max_query_parameters);

}  // namespace safelight::serve
