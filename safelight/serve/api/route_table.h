#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/serve/api/caller.h"
#include "safelight/serve/api/services.h"
#include "safelight/serve/http/router.h"
#include "safelight/serve/openapi/description.h"

namespace safelight::serve {

/// A request whose caller was admitted.
struct Call {
  Request& request;
  const Caller& caller;
  Services& services;
  ServedCase* served = nullptr;  ///< The case that the path names; null where it names none.
};

/// Of the body of a route whose load is `file`.
inline constexpr uint64_t kMaxFileBytes = 256 << 20;

/// A route of the API and what is said of it in /openapi.json.
struct ApiRoute {
  Method method = Method::get;
  std::string_view pattern;
  Access access;
  std::string_view id;       ///< Names the operation: "getQueue".
  std::string_view summary;  ///< One line.
  /// The schemas of what is asked and answered: names in openapi_schemas(), or "" for nothing.
  /// Either may be a media type instead: "application/octet-stream", "image/*".
  std::string_view asks;
  std::string_view answers;
  std::function<Response(Call&)> handle;
  enum class Load : uint8_t {
    light,
    long_body,  ///< May name thousands of items.
    picture,    ///< Keeps a worker busy: few at a time.
    heavy,      ///< Reads a whole case: one or two at a time.
    act,        ///< Does what two persons agreed on, for minutes perhaps: two at a time.
    file,       ///< Brings a large file, which comes only after the caller was admitted.
  };
  Load load = Load::light;
  std::span<const QueryParameter> query = {};  ///< Lives as long as the table.
  Status success = Status::ok;                 ///< Of an answer with content.
};

/// All routes of the API, each declared once.
class RouteTable {
 public:
  void add(ApiRoute route) { routes_.push_back(std::move(route)); }
  /// Adds schemas that further routes name, as members of a JSON object; the text outlives it.
  void describe(std::string_view schemas) { more_schemas_.push_back(schemas); }
  [[nodiscard]] const std::vector<ApiRoute>& routes() const { return routes_; }

  /// Puts them into `router`, each behind admit(), and where its path names a case behind
  /// find_case(). The table and `services` outlive it.
  void add_to(Router& router, Services& services) const;

  /// The description of the API, OpenAPI 3.1.
  [[nodiscard]] std::string openapi(std::string_view version) const;

 private:
  std::vector<ApiRoute> routes_;
  std::vector<std::string_view> more_schemas_;
};

/// The routes of the review app.
RouteTable review_routes();

}  // namespace safelight::serve
