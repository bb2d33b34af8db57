#include "safelight/provenance/marks/internal/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace safelight::marks {
namespace {

/// Builds a document, and stops at the first limit.
class Builder {
 public:
  explicit Builder(const MarksLimits& limits) : limits_(limits) {}

  // What nlohmann::json::sax_parse() calls.
  bool null() { return add(Json::Kind::null, {}) != nullptr; }
  bool boolean(bool value) { return add(Json::Kind::boolean, value ? "true" : "false") != nullptr; }
  bool number_integer(int64_t value) {
    return add(Json::Kind::integer, std::to_string(value)) != nullptr;
  }
  bool number_unsigned(uint64_t value) {
    return add(Json::Kind::integer, std::to_string(value)) != nullptr;
  }
  bool number_float(double /*unused*/, const std::string& written) {
    return add(Json::Kind::real, written) != nullptr;
  }
  bool string(std::string& value) { return add(Json::Kind::string, std::move(value)) != nullptr; }
  bool binary(nlohmann::json::binary_t& /*unused*/) { return false; }  // never in text
  bool key(std::string& name) {
    key_ = std::move(name);
    return true;
  }
  bool start_object(size_t /*unused*/) { return open(Json::Kind::object); }
  bool start_array(size_t /*unused*/) { return open(Json::Kind::array); }
  bool end_object() {
    auto& members = open_.back()->members;
    std::stable_sort(members.begin(), members.end(),
                     [](const JsonMember& a, const JsonMember& b) { return a.name < b.name; });
    // Of equal names the last: from the back, the first of each.
    const auto kept =
        std::unique(members.rbegin(), members.rend(),
                    [](const JsonMember& a, const JsonMember& b) { return a.name == b.name; });
    members.erase(members.begin(), kept.base());
    open_.pop_back();
    return true;
  }
  bool end_array() {
    open_.pop_back();
    return true;
  }
  template <typename Exception>
  bool parse_error(size_t position, const std::string& /*unused*/, const Exception& /*unused*/) {
    error_ = Error::at(ErrorCode::malformed, "marks.json", position == 0 ? 0 : position - 1);
    return false;
  }

  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] size_t values() const { return values_; }
  std::unique_ptr<Json> take() { return std::make_unique<Json>(std::move(root_)); }

 private:
  bool exceeded(std::string_view limit) {
    error_ = {ErrorCode::limit_exceeded, limit, 0, OffsetKind::none};
    return false;
  }

  Json* add(Json::Kind kind, std::string text) {
    if (values_ == limits_.max_json_values) return exceeded("max_json_values"), nullptr;
    ++values_;
    Json* added = &root_;
    if (!open_.empty()) {
      // Containers that are open stay where they are: only the innermost one grows.
      added = &open_.back()->members.emplace_back(JsonMember{std::move(key_), {}}).value;
      key_.clear();
    }
    added->kind = kind;
    added->text = std::move(text);
    return added;
  }

  bool open(Json::Kind kind) {
    if (open_.size() == limits_.max_json_depth) return exceeded("max_json_depth");
    Json* added = add(kind, {});
    if (added != nullptr) open_.push_back(added);
    return added != nullptr;
  }

  const MarksLimits& limits_;
  Json root_;
  std::vector<Json*> open_;
  std::string key_;
  size_t values_ = 0;
  Error error_ = Error::at(ErrorCode::malformed, "marks.json", 0);
};

/// The text with Python's words for numbers that JSON does not have as null.
std::string as_strict_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (in_string) {
      const size_t taken = c == '\\' && i + 1 < text.size() ? 2 : 1;
      in_string = c != '"';
      out += text.substr(i, taken);
      i += taken;
      continue;
    }
    bool replaced = false;
    if (c == 'N' || c == 'I' || c == '-') {
      for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
        if (replaced || !text.substr(i).starts_with(word)) continue;
        out += "null";
        i += word.size();
        replaced = true;
      }
    }
    if (replaced) continue;
    in_string = c == '"';
    out += c;
    ++i;
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<const Json>> parse_json(std::string_view text, MarksLimits& limits) {
  if (text.size() > limits.max_json_bytes) {
    return Error{ErrorCode::limit_exceeded, "max_json_bytes", 0, OffsetKind::none};
  }
  const std::string strict = as_strict_json(text);
  Builder builder(limits);
  if (!nlohmann::json::sax_parse(strict, &builder)) return builder.error();
  limits.max_json_values -= builder.values();
  return std::unique_ptr<const Json>(builder.take());
}

const Json* member(const Json& value, std::string_view name) {
  if (!value.is_object()) return nullptr;
  const auto found = std::lower_bound(
      value.members.begin(), value.members.end(), name,
      [](const JsonMember& entry, std::string_view wanted) { return entry.name < wanted; });
  return found == value.members.end() || found->name != name ? nullptr : &found->value;
}

std::span<const JsonMember> elements(const Json* value) {
  if (value == nullptr || !value->is_array()) return {};
  return value->members;
}

std::string_view text_member(const Json& value, std::string_view name) {
  const Json* found = member(value, name);
  if (found == nullptr || !found->is_string()) return {};
  return found->text;
}

std::string scalar_member(const Json& value, std::string_view name) {
  const Json* found = member(value, name);
  return found == nullptr ? std::string() : found->text;
}

}  // namespace safelight::marks
