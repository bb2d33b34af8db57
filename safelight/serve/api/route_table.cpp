#include "safelight/serve/api/route_table.h"

#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/openapi/schemas.h"
#include "safelight/serve/http/limits.h"

namespace safelight::serve {
namespace {

constexpr RouteLimits kLongBodyLimits{1 << 20, 8, 64};
constexpr RouteLimits kPictureLimits{64 << 10, 4, 64};
constexpr RouteLimits kHeavyLimits{64 << 10, 2, 8};
constexpr RouteLimits kActLimits{64 << 10, 2, 8};
/// Two files at once, and half of the memory for bodies is left to others: uploads are screened
/// meanwhile.
constexpr RouteLimits kFileLimits{kMaxFileBytes, 2, 4, 2 * kMaxFileBytes};
static_assert(kFileLimits.max_bodies_bytes <= HttpLimits().max_bodies_bytes / 2);

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
  std::string names;
  for (size_t i = 0; i < kPermissions; ++i) {
    const auto permission = static_cast<Permission>(i);
    if (!access.any_of.holds(permission)) continue;
    names += (names.empty() ? "`" : " or `") + std::string(to_text(permission)) + "`";
  }
  return "Needs the permission " + names + ".";
}

/// That somebody asked for what they may not, or that a request came from elsewhere.
void note_refusal(const ApiRoute& route, const Request& request, Services& services) {
  const auto token = request.cookies.find(cookie_name(request));
  const auto session = token ? services.sessions.find(*token) : std::nullopt;
  services.record.add(
      "access.refused", {session ? session->person.login : "", request.peer.address},
      {{"route", std::string(to_text(route.method)) + " " + std::string(route.pattern)}});
}

/// As serve::admit(); a refusal is noted.
std::variant<Caller, Response> admit(const ApiRoute& route, const Request& request,
                                     Services& services) {
  const bool is_media_type = route.asks.find('/') != std::string_view::npos;
  auto admitted = is_media_type ? admit(request, route.access, services.sessions, route.asks)
                                : admit(request, route.access, services.sessions);
  const auto* refusal = std::get_if<Response>(&admitted);
  if (refusal != nullptr && refusal->status() == Status::forbidden) {
    note_refusal(route, request, services);
  }
  return admitted;
}

}  // namespace

void RouteTable::add_to(Router& router, Services& services) const {
  const RouteClass long_body = router.add_class(kLongBodyLimits);
  const RouteClass picture = router.add_class(kPictureLimits);
  const RouteClass heavy = router.add_class(kHeavyLimits);
  const RouteClass act = router.add_class(kActLimits);
  const RouteClass file = router.add_class(kFileLimits);
  for (const ApiRoute& route : routes_) {
    const bool names_case = route.pattern.find("/{case}") != std::string_view::npos;
    const auto handler = [&route, &services, names_case](Request& request) {
      auto admitted = admit(route, request, services);
      if (auto* refusal = std::get_if<Response>(&admitted)) return std::move(*refusal);
      Call call{request, std::get<Caller>(admitted), services};
      if (names_case) {
        call.served = find_case(call);
        if (call.served == nullptr) return no_such_case();
      }
      return route.handle(call);
    };
    BodyGate gate;
    if (route.load == ApiRoute::Load::file) {
      gate = [&route, &services](const Request& request) -> std::optional<Response> {
        auto admitted = admit(route, request, services);
        if (auto* refusal = std::get_if<Response>(&admitted)) return std::move(*refusal);
        return std::nullopt;
      };
    }
    router.add(route.method, route.pattern, handler,
               route.load == ApiRoute::Load::long_body ? long_body
               : route.load == ApiRoute::Load::picture ? picture
               : route.load == ApiRoute::Load::heavy   ? heavy
               : route.load == ApiRoute::Load::act     ? act
               : route.load == ApiRoute::Load::file    ? file
                                                       : RouteClass{},
               std::move(gate));
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
