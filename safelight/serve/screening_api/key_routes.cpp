#include "safelight/serve/screening_api/key_routes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "safelight/base/json_writer.h"
#include "safelight/serve/screening_api/answers.h"

namespace safelight::serve {
namespace {

constexpr std::string_view kDescriptionPath = "/v1/screening/openapi.json";

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

void write_parameters(JsonWriter& json, std::string_view pattern) {
  json.key("parameters").begin_array();
  for (size_t open = pattern.find('{'); open != pattern.npos; open = pattern.find('{', open + 1)) {
    const auto name = pattern.substr(open + 1, pattern.find('}', open) - open - 1);
    json.begin_object().field("name", name).field("in", "path").key("required").boolean(true);
    json.key("schema").begin_object().field("type", "string").end_object().end_object();
  }
  json.end_array();
}

void write_operation(JsonWriter& json, const KeyRoute& route) {
  json.begin_object().field("operationId", route.id).field("summary", route.summary);
  json.field("description",
             "Needs a key that may `" + std::string(to_text(route.permission)) + "`" +
                 (route.channel == KeyChannel::any
                      ? "."
                      : ", by a Unix socket or a client certificate that stands for it."));
  write_parameters(json, route.pattern);
  if (!route.asks.empty()) {
    json.key("requestBody").begin_object().key("required").boolean(true);
    write_content(json, route.asks);
    json.end_object();
  }
  json.key("responses").begin_object();
  if (!route.answers.empty()) {
    json.key("200").begin_object().field("description", "The answer");
    write_content(json, route.answers);
    json.end_object();
  }
  json.key("default").begin_object().field("description", "A refusal (RFC 9457)");
  json.key("content").begin_object().key("application/problem+json").begin_object();
  json.key("schema").begin_object().field("$ref", "#/components/schemas/Problem");
  json.end_object().end_object().end_object().end_object().end_object().end_object();
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
  std::map<std::string_view, std::vector<const KeyRoute*>> paths;
  for (const KeyRoute& route : routes_) paths[route.pattern].push_back(&route);
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("openapi", "3.1.0").key("info").begin_object();
  json.field("title", "Safelight screening").field("version", version);
  json.key("license").begin_object().field("name", "Apache-2.0").field("identifier", "Apache-2.0");
  json.end_object().end_object();
  json.key("security").begin_array();
  for (const std::string_view scheme : {"key", "certificate"}) {
    json.begin_object().key(scheme).begin_array().end_array().end_object();
  }
  json.end_array().key("paths").begin_object();
  for (const auto& [pattern, routes] : paths) {
    json.key(pattern).begin_object();
    for (const KeyRoute* route : routes) {
      std::string method(to_text(route->method));
      std::ranges::transform(method, method.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      });
      json.key(method);
      write_operation(json, *route);
    }
    json.end_object();
  }
  json.end_object().key("components").begin_object().key("securitySchemes").begin_object();
  json.key("key").begin_object().field("type", "http").field("scheme", "bearer").end_object();
  json.key("certificate").begin_object().field("type", "mutualTLS").end_object().end_object();
  json.key("schemas").embed(screening_schemas()).end_object().end_object();
  return out;
}

}  // namespace safelight::serve
