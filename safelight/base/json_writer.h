#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safelight {

/// Whether `text` is well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// `text` as a JSON string with its quotes (RFC 8259). Bytes that are not UTF-8 become U+FFFD, one
/// each; '<', '>', '&' and U+2028/9 are written as \u00xx, so that the result may stand in HTML.
void append_json_string(std::string& out, std::string_view text);

/// Writes one JSON value after another without white space, for output that is streamed. Calls must
/// nest as JSON does: that is the caller's to keep, and asserted.
class JsonWriter {
 public:
  /// Appends to `out`, which the caller may write away and clear between any two calls.
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view text);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  /// A value that is JSON already.
  JsonWriter& embed(std::string_view json) { return raw(json); }
  JsonWriter& number(std::integral auto value) { return raw(std::to_string(value)); }
  /// To 9 significant digits (significant_text()); null for NaN and infinity, which JSON lacks.
  JsonWriter& number(double value);

  /// key() and a value.
  JsonWriter& field(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& field(std::string_view name, std::integral auto value) {
    return key(name).number(value);
  }
  JsonWriter& field(std::string_view name, double value) { return key(name).number(value); }
  /// The same; null where there is no value.
  template <class T>
  JsonWriter& field(std::string_view name, const std::optional<T>& value) {
    return value ? field(name, *value) : key(name).null();
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view token);
  void separate();

  std::string& out_;
  std::vector<bool> has_members_;  ///< One for each open object or array.
  bool after_key_ = false;
};

}  // namespace safelight
