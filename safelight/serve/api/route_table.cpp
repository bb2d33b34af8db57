#include "safelight/serve/api/route_table.h"

#include <algorithm>
#include <map>

#include "safelight/base/json_writer.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/openapi/schemas.h"

namespace safelight::serve {
namespace {

constexpr RouteLimits kLongBodyLimits{1 << 20, 8, 64};
constexpr RouteLimits kPictureLimits{64 << 10, 4, 64};
constexpr RouteLimits kHeavyLimits{64 << 10, 2, 8};

std::string_view described(const Access& access) {
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
  return "";
}

bool is_media_type(std::string_view name) { return name.find('/') != std::string_view::npos; }

void write_content(JsonWriter& json, std::string_view type) {
  json.key("content").begin_object();
  if (is_media_type(type)) {
    json.key(type).begin_object().end_object();
  } else {
    json.key("application/json").begin_object().key("schema").begin_object();
    json.field("$ref", "#/components/schemas/" + std::string(type)).end_object().end_object();
  }
  json.end_object();
}

void write_query(JsonWriter& json, std::span<const QueryParameter> query) {
  for (const QueryParameter& one : query) {
    json.begin_object().field("name", one.name).field("in", "query");
    std::string summary(one.summary);
    if (one.times == QueryParameter::Times::any) {
      // No name comes twice in a query, as parse_target() has it.
      summary += "; further values as " + std::string(one.name) + ".2, " + std::string(one.name) +
                 ".3 ...";
    }
    json.field("description", summary).key("required");
    json.boolean(one.times == QueryParameter::Times::once);
    json.key("schema").embed(one.schema).end_object();
  }
}

void write_parameters(JsonWriter& json, std::string_view pattern,
                      std::span<const QueryParameter> query) {
  json.key("parameters").begin_array();
  for (size_t open = pattern.find('{'); open != pattern.npos; open = pattern.find('{', open + 1)) {
    const auto name = pattern.substr(open + 1, pattern.find('}', open) - open - 1);
    json.begin_object().field("name", name).field("in", "path").key("required").boolean(true);
    json.key("schema").begin_object().field("type", "string").end_object().end_object();
  }
  write_query(json, query);
  json.end_array();
}

void write_operation(JsonWriter& json, const ApiRoute& route) {
  json.begin_object().field("operationId", route.id).field("summary", route.summary);
  const auto who = described(route.access);
  json.field("description", who.empty() ? "Needs the permission `" +
                                              std::string(to_text(route.access.permission)) + "`."
                                        : std::string(who));
  write_parameters(json, route.pattern, route.query);
  if (!route.asks.empty()) {
    json.key("requestBody").begin_object().key("required").boolean(true);
    write_content(json, route.asks);
    json.end_object();
  }
  json.key("responses").begin_object();
  const Status success = route.answers.empty() ? Status::no_content : route.success;
  json.key(std::to_string(static_cast<uint16_t>(success))).begin_object();
  json.field("description", route.answers.empty() ? "Done" : "The answer");
  if (!route.answers.empty()) write_content(json, route.answers);
  json.end_object();
  json.key("default").begin_object().field("description", "A refusal (RFC 9457)");
  json.key("content").begin_object().key("application/problem+json").begin_object();
  json.key("schema").begin_object().field("$ref", "#/components/schemas/Problem");
  json.end_object().end_object().end_object().end_object().end_object();
  if (route.access.kind == Access::Kind::anyone) {
    json.key("security").begin_array().end_array();
  }
  json.end_object();
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
  std::map<std::string_view, std::vector<const ApiRoute*>> paths;
  for (const ApiRoute& route : routes_) paths[route.pattern].push_back(&route);
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("openapi", "3.1.0").key("info").begin_object();
  json.field("title", "Safelight review server").field("version", version);
  json.key("license").begin_object().field("name", "Apache-2.0").field("identifier", "Apache-2.0");
  json.end_object().end_object();
  json.key("security").begin_array().begin_object().key("session").begin_array().end_array();
  json.end_object().end_array();
  json.key("paths").begin_object();
  for (const auto& [pattern, routes] : paths) {
    json.key(pattern).begin_object();
    for (const ApiRoute* route : routes) {
      std::string method(to_text(route->method));
      std::transform(method.begin(), method.end(), method.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      json.key(method);
      write_operation(json, *route);
    }
    json.end_object();
  }
  json.end_object().key("components").begin_object().key("securitySchemes").begin_object();
  json.key("session").begin_object().field("type", "apiKey").field("in", "cookie");
  json.field("name", "__Host-safelight").end_object().end_object().key("schemas");
  std::string schemas = openapi_schemas();
  schemas.pop_back();
  for (const std::string_view more : more_schemas_) schemas.append(",").append(more);
  out += schemas + "}";
  out += "}}";
  return out;
}

}  // namespace safelight::serve
