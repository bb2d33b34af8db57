#include "safelight/casefile/internal/commit_body.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "safelight/base/json_writer.h"

namespace safelight::casefile {
namespace {

constexpr Error kMalformed{ErrorCode::malformed, "case.commit-body"};

/// Tables in the order of their names, which is that of the keys of canonical JSON.
std::array<size_t, kTables> tables_by_name() {
  std::array<size_t, kTables> order{};
  for (size_t i = 0; i < kTables; ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [](size_t a, size_t b) { return tables()[a].name < tables()[b].name; });
  return order;
}

Result<RowRange> parse_range(const nlohmann::json& json) {
  if (!json.is_object()) return kMalformed;
  const auto count = json.find("count");
  const auto first = json.find("first");
  const auto digest = json.find("sha256");
  if (count == json.end() || first == json.end() || digest == json.end() || json.size() != 3 ||
      !count->is_number_unsigned() || !first->is_number_unsigned() || !digest->is_string()) {
    return kMalformed;
  }
  constexpr uint64_t kMax = uint64_t{1} << 62;
  if (count->get<uint64_t>() > kMax || first->get<uint64_t>() > kMax) return kMalformed;
  RowRange range{first->get<int64_t>(), count->get<int64_t>(), {}};
  SAFELIGHT_TRY(range.digest, parse_hex<Sha256>(digest->get_ref<const std::string&>()));
  return range;
}

}  // namespace

std::string to_json(const CommitBody& body) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("details");
  audit::write_details(json, body.details);
  json.key("rows").begin_object();
  for (const size_t table : tables_by_name()) {
    if (!body.rows[table]) continue;
    const RowRange& range = *body.rows[table];
    json.key(tables()[table].name).begin_object();
    json.field("count", range.count).field("first", range.first);
    json.field("sha256", to_hex(range.digest)).end_object();
  }
  json.end_object().field("schema", body.schema).end_object();
  return out;
}

Result<CommitBody> parse_commit_body(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return kMalformed;
  const auto details = json.find("details");
  const auto rows = json.find("rows");
  const auto schema = json.find("schema");
  if (details == json.end() || rows == json.end() || schema == json.end() || json.size() != 3 ||
      !details->is_object() || !rows->is_object() || !schema->is_number_integer()) {
    return kMalformed;
  }
  const auto version = schema->get<int64_t>();
  if (version < 1 || version > kSchemaVersion) {
    return Error{ErrorCode::unsupported, "case.commit-schema"};
  }
  CommitBody body;
  body.schema = static_cast<int>(version);
  const auto known = tables_of(body.schema);
  for (const auto& [name, value] : details->items()) {
    if (!value.is_string()) return kMalformed;
    body.details.emplace_back(name, value.get<std::string>());
  }
  for (const auto& [name, value] : rows->items()) {
    const auto spec = std::find_if(known.begin(), known.end(),
                                   [&](const TableSpec& table) { return table.name == name; });
    if (spec == known.end()) return kMalformed;
    SAFELIGHT_TRY(body.rows[static_cast<size_t>(spec - known.begin())], parse_range(value));
  }
  return body;
}

}  // namespace safelight::casefile
