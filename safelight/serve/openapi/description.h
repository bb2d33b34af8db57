#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/serve/http/method.h"
#include "safelight/serve/http/status.h"

namespace safelight::serve {

/// A part of a query that a route reads.
struct QueryParameter {
  enum class Times : uint8_t { at_most_once, once, any };
  std::string_view name;
  std::string_view summary;
  std::string_view schema;  ///< Of one value, as JSON.
  Times times = Times::at_most_once;
};

/// What is said of a route. Texts outlive the description.
struct Operation {
  Method method = Method::get;
  std::string_view pattern;
  std::string_view id;       ///< Names the operation: "getQueue".
  std::string_view summary;  ///< One line.
  std::string who;           ///< Who may call it, in a sentence.
  /// What is asked and answered: the name of a schema, a media type, or "" for nothing.
  std::string_view asks;
  std::string_view answers;
  std::span<const QueryParameter> query;
  std::optional<Status> success = Status::ok;  ///< Nothing where it refuses always.
  bool is_open = false;  ///< To be called without any of ApiDescription::security.
};

/// A way to prove who calls: its name, and what it is as JSON.
struct SecurityScheme {
  std::string_view name;
  std::string_view scheme;
};

/// An API, as OpenAPI 3.1 describes one.
struct ApiDescription {
  std::string_view title;
  std::string_view version;
  std::vector<SecurityScheme> security;  ///< Any one of them will do.
  std::vector<Operation> operations;
  std::string_view schemas;  ///< One JSON object; holds "Problem" (RFC 9457).
};

/// The description as JSON; paths in their order as texts.
std::string to_openapi(const ApiDescription& api);

}  // namespace safelight::serve
