#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/serve/http/router.h"
#include "safelight/serve/screening_api/key_caller.h"
#include "safelight/serve/screening_api/screening_services.h"

namespace safelight::serve {

/// A request whose key was admitted.
struct KeyCall {
  Request& request;
  const ApiKey& key;
  ScreeningServices& services;

  [[nodiscard]] bool may(Permission permission) const { return serve::may(key.scopes, permission); }
};

/// A route for programs, and what is said of it in the description of the API.
struct KeyRoute {
  Method method = Method::get;
  std::string pattern;
  Permission permission = Permission::lookup;
  KeyChannel channel = KeyChannel::any;
  std::string_view id;       ///< Names the operation: "screenUpload".
  std::string_view summary;  ///< One line.
  /// What is asked and answered: a name in screening_schemas(), a media type, or "" for nothing.
  std::string_view asks;
  std::string_view answers;
  std::function<Response(KeyCall&)> handle;
  enum class Load : uint8_t {
    light,
    query,   ///< A few values that are looked up.
    upload,  ///< A picture: keeps an examiner busy.
  };
  Load load = Load::light;
};

/// Routes for programs, each declared once with what it asks of a key.
class KeyRouteTable {
 public:
  void add(KeyRoute route) { routes_.push_back(std::move(route)); }
  [[nodiscard]] const std::vector<KeyRoute>& routes() const { return routes_; }

  /// Puts them into `router`, each behind admit_key(), uploads behind it and the key's rate before
  /// their body is read, and GET /v1/screening/openapi.json for
  /// everybody. `services` outlives it.
  void add_to(Router& router, ScreeningServices& services) const;

  /// The description of the API, OpenAPI 3.1.
  [[nodiscard]] std::string openapi(std::string_view version) const;

 private:
  std::vector<KeyRoute> routes_;
};

/// POST /v1/screen and the look-ups.
void add_screening_routes(KeyRouteTable& table);
/// The routes of Meta's HMA that look something up, as it answers them, and a refusal of those that
/// change lists: /h/hash, /m/lookup, /status.
void add_hma_routes(KeyRouteTable& table);

/// The schemas of OpenAPI, a JSON object.
std::string_view screening_schemas();

}  // namespace safelight::serve
