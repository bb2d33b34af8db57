#include "safelight/base/json/json_object.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace safelight {

struct JsonObject::State {
  nlohmann::json members;
  std::string_view rule;
  std::shared_ptr<bool> failed;  ///< Of the outermost object.

  State(nlohmann::json json, std::string_view its_rule, std::shared_ptr<bool> its_failed)
      : members(std::move(json)), rule(its_rule), failed(std::move(its_failed)) {
    if (members.is_object()) return;
    members = nlohmann::json::object();
    *failed = true;
  }

  /// Takes a member out; null where it is missing.
  nlohmann::json take(const char* name) {
    const auto found = members.find(name);
    if (found == members.end()) {
      *failed = true;
      return {};
    }
    nlohmann::json value = std::move(*found);
    members.erase(found);
    return value;
  }

  std::vector<nlohmann::json> take_array(const char* name, size_t max) {
    auto value = take(name);
    if (!value.is_array() || value.size() > max) {
      *failed = true;
      return {};
    }
    return std::move(value.get_ref<nlohmann::json::array_t&>());
  }

  std::string to_text(const nlohmann::json& value, size_t max_bytes) {
    if (value.is_string() && value.get_ref<const std::string&>().size() <= max_bytes) {
      return value.get<std::string>();
    }
    *failed = true;
    return {};
  }
};

Result<JsonObject> JsonObject::parse(std::string_view text, std::string_view rule) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::malformed, rule};
  return JsonObject(std::make_unique<State>(std::move(json), rule, std::make_shared<bool>(false)));
}

JsonObject::JsonObject(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonObject::JsonObject(JsonObject&&) noexcept = default;
JsonObject& JsonObject::operator=(JsonObject&&) noexcept = default;
JsonObject::~JsonObject() {
  if (state_ && !state_->members.empty()) *state_->failed = true;
}

bool JsonObject::has(const char* name) {
  const auto found = state_->members.find(name);
  if (found == state_->members.end()) return false;
  if (!found->is_null()) return true;
  state_->members.erase(found);
  return false;
}

std::string JsonObject::text(const char* name, size_t max_bytes) {
  return state_->to_text(state_->take(name), max_bytes);
}

bool JsonObject::boolean(const char* name) {
  const auto value = state_->take(name);
  if (!value.is_boolean()) fail();
  return value.is_boolean() && value.get<bool>();
}

uint64_t JsonObject::number(const char* name, uint64_t max) {
  const auto value = state_->take(name);
  if (value.is_number_unsigned() && value.get<uint64_t>() <= max) return value.get<uint64_t>();
  fail();
  return 0;
}

std::optional<uint32_t> JsonObject::number_or_null(const char* name, uint32_t max) {
  const auto found = state_->members.find(name);
  if (found == state_->members.end() || !found->is_null()) {
    return static_cast<uint32_t>(number(name, max));
  }
  state_->members.erase(found);
  return std::nullopt;
}

std::vector<std::string> JsonObject::texts(const char* name, size_t max, size_t max_bytes) {
  std::vector<std::string> out;
  for (const auto& value : state_->take_array(name, max)) {
    out.push_back(state_->to_text(value, max_bytes));
  }
  return out;
}

JsonObject JsonObject::object(const char* name) {
  return JsonObject(std::make_unique<State>(state_->take(name), state_->rule, state_->failed));
}

std::vector<JsonObject> JsonObject::objects(const char* name, size_t max) {
  std::vector<JsonObject> out;
  for (auto& value : state_->take_array(name, max)) {
    out.push_back(
        JsonObject(std::make_unique<State>(std::move(value), state_->rule, state_->failed)));
  }
  return out;
}

void JsonObject::fail() { *state_->failed = true; }

Result<void> JsonObject::finish() const {
  if (*state_->failed || !state_->members.empty()) {
    return Error{ErrorCode::malformed, state_->rule};
  }
  return {};
}

}  // namespace safelight
