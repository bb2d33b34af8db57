#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/serve/http/body.h"
#include "safelight/serve/http/method.h"
#include "safelight/serve/http/named_texts.h"
#include "safelight/serve/http/peer.h"

namespace safelight::serve {

/// A request that was read whole and found well-formed. A handler has it to itself.
struct Request {
  Method method = Method::get;
  std::vector<std::string> segments;  ///< The path's: see parse_target().
  NamedTexts parameters;              ///< What stands in the path for `{name}` of the pattern.
  NamedTexts query;                   ///< See parse_target().
  NamedTexts headers;                 ///< Names in lower case, no name twice.
  NamedTexts cookies;                 ///< See parse_cookies().
  Body body;
  Peer peer;

  /// The text for `{name}` of the pattern; empty for a name that the pattern lacks.
  [[nodiscard]] std::string_view parameter(std::string_view name) const {
    return parameters.find(name).value_or(std::string_view());
  }
  /// The last event that a client of an event stream has seen (header Last-Event-ID), if it says
  /// so with a number.
  [[nodiscard]] std::optional<uint64_t> last_event_id() const;
};

}  // namespace safelight::serve
