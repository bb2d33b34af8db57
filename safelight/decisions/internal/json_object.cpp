#include "safelight/decisions/internal/json_object.h"

#include <utility>

namespace safelight {

Result<JsonObject> JsonObject::parse(std::string_view text, std::string_view rule) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::malformed, rule};
  return JsonObject(std::move(json), rule);
}

JsonObject::JsonObject(nlohmann::json json, std::string_view rule)
    : json_(std::move(json)), rule_(rule) {
  if (!json_.is_object()) {
    json_ = nlohmann::json::object();
    failed_ = true;
  }
}

nlohmann::json JsonObject::take(const char* name) {
  const auto found = json_.find(name);
  if (found == json_.end()) {
    failed_ = true;
    return {};
  }
  nlohmann::json value = std::move(*found);
  json_.erase(found);
  return value;
}

std::string JsonObject::text(const char* name, size_t max_bytes) {
  const auto value = take(name);
  if (!value.is_string() || value.get_ref<const std::string&>().size() > max_bytes) {
    failed_ = true;
    return {};
  }
  return value.get<std::string>();
}

bool JsonObject::boolean(const char* name) {
  const auto value = take(name);
  if (!value.is_boolean()) failed_ = true;
  return value.is_boolean() && value.get<bool>();
}

uint32_t JsonObject::number(const char* name, uint32_t max) {
  const auto value = take(name);
  if (!value.is_number_unsigned() || value.get<uint64_t>() > max) {
    failed_ = true;
    return 0;
  }
  return value.get<uint32_t>();
}

std::optional<uint32_t> JsonObject::number_or_null(const char* name, uint32_t max) {
  const auto found = json_.find(name);
  if (found == json_.end() || !found->is_null()) return number(name, max);
  json_.erase(found);
  return std::nullopt;
}

nlohmann::json JsonObject::array(const char* name, size_t max) {
  auto value = take(name);
  if (!value.is_array() || value.size() > max) {
    failed_ = true;
    return nlohmann::json::array();
  }
  return value;
}

nlohmann::json JsonObject::object(const char* name) { return take(name); }

Result<void> JsonObject::finish() const {
  if (failed_ || !json_.empty()) return Error{ErrorCode::malformed, rule_};
  return {};
}

}  // namespace safelight
