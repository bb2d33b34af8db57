#include "safelight/serve/openapi/description.h"

#include <algorithm>
#include <map>

#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

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

void write_operation(JsonWriter& json, const Operation& operation) {
  json.begin_object().field("operationId", operation.id).field("summary", operation.summary);
  json.field("description", operation.who);
  write_parameters(json, operation.pattern, operation.query);
  if (!operation.asks.empty()) {
    json.key("requestBody").begin_object().key("required").boolean(true);
    write_content(json, operation.asks);
    json.end_object();
  }
  json.key("responses").begin_object();
  if (operation.success) {
    const bool has_answer = !operation.answers.empty();
    json.key(std::to_string(static_cast<uint16_t>(*operation.success))).begin_object();
    json.field("description", has_answer ? "The answer" : "Done");
    if (has_answer) write_content(json, operation.answers);
    json.end_object();
  }
  json.key("default").begin_object().field("description", "A refusal (RFC 9457)");
  json.key("content").begin_object().key("application/problem+json").begin_object();
  json.key("schema").begin_object().field("$ref", "#/components/schemas/Problem");
  json.end_object().end_object().end_object().end_object().end_object();
  if (operation.is_open) json.key("security").begin_array().end_array();
  json.end_object();
}

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

std::string to_openapi(const ApiDescription& api) {
  std::map<std::string_view, std::vector<const Operation*>> paths;
  for (const Operation& operation : api.operations) paths[operation.pattern].push_back(&operation);
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("openapi", "3.1.0").key("info").begin_object();
  json.field("title", api.title).field("version", api.version);
  json.key("license").begin_object().field("name", "Apache-2.0").field("identifier", "Apache-2.0");
  json.end_object().end_object().key("security").begin_array();
  for (const SecurityScheme& one : api.security) {
    json.begin_object().key(one.name).begin_array().end_array().end_object();
  }
  json.end_array().key("paths").begin_object();
  for (const auto& [pattern, operations] : paths) {
    json.key(pattern).begin_object();
    for (const Operation* operation : operations) {
      json.key(in_small_letters(to_text(operation->method)));
      write_operation(json, *operation);
    }
    json.end_object();
  }
  json.end_object().key("components").begin_object().key("securitySchemes").begin_object();
  for (const SecurityScheme& one : api.security) json.key(one.name).embed(one.scheme);
  json.end_object().key("schemas").embed(api.schemas).end_object().end_object();
  return out;
}

}  // namespace safelight::serve
