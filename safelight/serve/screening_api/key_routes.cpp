#include "safelight/serve/screening_api/key_routes.h"

#include <utility>

#include "safelight/serve/openapi/description.h"
#include "safelight/serve/screening_api/answers.h"

namespace safelight::serve {
namespace {

constexpr std::string_view kDescriptionPath = "/v1/screening/openapi.json";

std::string described(const KeyRoute& route) {
  return "Needs a key that may `" + std::string(to_text(route.permission)) + "`" +
         (route.channel == KeyChannel::any
              ? "."
              : ", by a Unix socket or a client certificate that stands for it.");
}

std::variant<ApiKey, Response> admit(const Request& request, const KeyRoute& route,
                                     ScreeningServices& services) {
  return admit_key(request, route.permission, route.channel, services.keys,
                   services.policy.hma_unix_key);
}

}  // namespace

void KeyRouteTable::add_to(Router& router, ScreeningServices& services) const {
  const ScreeningPolicy& policy = services.policy;
  const RouteClass uploads = router.add_class(
      {policy.max_upload_bytes, policy.max_running_uploads, policy.max_waiting_uploads});
  const RouteClass queries = router.add_class({policy.max_query_bytes});
  for (const KeyRoute& route : routes_) {
    const auto handler = [route, &services](Request& request) {
      auto admitted = admit(request, route, services);
      if (auto* refusal = std::get_if<Response>(&admitted)) return std::move(*refusal);
      KeyCall call{request, std::get<ApiKey>(admitted), services};
      return route.handle(call);
    };
    const auto gate = [route, &services](const Request& request) -> std::optional<Response> {
      auto admitted = admit(request, route, services);
      if (auto* refusal = std::get_if<Response>(&admitted)) return std::move(*refusal);
      const ApiKeyId key = std::get<ApiKey>(admitted).id;
      const int64_t wait_ns = services.uploads.take(key.value);
      if (wait_ns > 0) return over_rate(services, key, wait_ns);
      return std::nullopt;
    };
    if (route.load == KeyRoute::Load::upload) {
      router.add(route.method, route.pattern, handler, uploads, gate);
    } else {
      router.add(route.method, route.pattern, handler,
                 route.load == KeyRoute::Load::query ? queries : RouteClass{});
    }
  }
  router.add(Method::get, kDescriptionPath, [text = openapi(services.version)](Request&) {
    return Response::json(Status::ok, text);
  });
}

std::string KeyRouteTable::openapi(std::string_view version) const {
  ApiDescription api{
      "Safelight screening",
      version,
      {{"key", R"({"type":"http","scheme":"bearer"})"}, {"certificate", R"({"type":"mutualTLS"})"}},
      {},
      screening_schemas()};
  for (const KeyRoute& route : routes_) {
    const auto success = route.answers.empty() ? std::nullopt : std::optional(Status::ok);
    api.operations.push_back({route.method,
                              route.pattern,
                              route.id,
                              route.summary,
                              described(route),
                              route.asks,
                              route.answers,
                              {},
                              success,
                              false});
  }
  return to_openapi(api);
}

}  // namespace safelight::serve
