#include "safelight/serve/api/route_table.h"

#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/openapi/schemas.h"

namespace safelight::serve {
namespace {

constexpr RouteLimits kLongBodyLimits{1 << 20, 8, 64};
constexpr RouteLimits kPictureLimits{64 << 10, 4, 64};
constexpr RouteLimits kHeavyLimits{64 << 10, 2, 8};

constexpr std::string_view kSessionScheme =
    R"({"type":"apiKey","in":"cookie","name":"__Host-safelight"})";

std::string described(const Access& access) {
  switch (access.kind) {
    case Access::Kind::anyone:
      return "Anyone.";
    case Access::Kind::second_factor:
      return "A session that waits for a second factor.";
    case Access::Kind::session:
      return "Whoever is logged in.";
    case Access::Kind::permission:
      break;
  }
  return "Needs the permission `" + std::string(to_text(access.permission)) + "`.";
}

/// That somebody asked for what they may not, or that a request came from elsewhere.
void note_refusal(const ApiRoute& route, const Request& request, Services& services) {
  const auto token = request.cookies.find(cookie_name(request));
  const auto session = token ? services.sessions.find(*token) : std::nullopt;
  services.record.add(
      "access.refused", {session ? session->person.login : "", request.peer.address},
      {{"route", std::string(to_text(route.method)) + " " + std::string(route.pattern)}});
}

}  // namespace

void RouteTable::add_to(Router& router, Services& services) const {
  const RouteClass long_body = router.add_class(kLongBodyLimits);
  const RouteClass picture = router.add_class(kPictureLimits);
  const RouteClass heavy = router.add_class(kHeavyLimits);
  for (const ApiRoute& route : routes_) {
    const bool names_case = route.pattern.find("/{case}") != std::string_view::npos;
    const auto handler = [&route, &services, names_case](Request& request) {
      auto admitted = admit(request, route.access, services.sessions);
      if (auto* refusal = std::get_if<Response>(&admitted)) {
        if (refusal->status() == Status::forbidden) note_refusal(route, request, services);
        return std::move(*refusal);
      }
      Call call{request, std::get<Caller>(admitted), services};
      if (names_case) {
        call.served = find_case(call);
        if (call.served == nullptr) return no_such_case();
      }
      return route.handle(call);
    };
    router.add(route.method, route.pattern, handler,
               route.load == ApiRoute::Load::long_body ? long_body
               : route.load == ApiRoute::Load::picture ? picture
               : route.load == ApiRoute::Load::heavy   ? heavy
                                                       : RouteClass{});
  }
}

std::string RouteTable::openapi(std::string_view version) const {
  std::string schemas = openapi_schemas();
  schemas.pop_back();
  for (const std::string_view more : more_schemas_) schemas.append(",").append(more);
  schemas += "}";
  ApiDescription api{
      "Safelight review server", version, {{"session", kSessionScheme}}, {}, schemas};
  for (const ApiRoute& route : routes_) {
    api.operations.push_back({route.method, route.pattern, route.id, route.summary,
                              described(route.access), route.asks, route.answers, route.query,
                              route.answers.empty() ? Status::no_content : route.success,
                              route.access.kind == Access::Kind::anyone});
  }
  return to_openapi(api);
}

}  // namespace safelight::serve
