#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/marks/limits.h"

namespace safelight::marks {

struct JsonMember;

/// A value of a JSON text.
struct Json {
  enum class Kind : uint8_t { null, boolean, integer, real, string, array, object };
  Kind kind = Kind::null;
  /// Of a string its characters; of a number or boolean as it is written; else empty.
  std::string text;
  /// Of an array in its order, without names. Of an object in the order of the names' bytes; where
  /// one comes twice, the last.
  std::vector<JsonMember> members;

  [[nodiscard]] bool is_string() const { return kind == Kind::string; }
  [[nodiscard]] bool is_array() const { return kind == Kind::array; }
  [[nodiscard]] bool is_object() const { return kind == Kind::object; }
};

struct JsonMember {
  std::string name;
  Json value;
};

/// Parses one JSON text of an untrusted file. NaN and infinities, which Python writes, become null.
/// Takes what it used from `limits.max_json_values`. The result is no deeper than
/// `limits.max_json_depth`, so that recursion over it is safe. Errors: malformed (rule
/// "marks.json"), where an offset counts from the text's start; limit_exceeded with the limit's
/// name.
Result<std::unique_ptr<const Json>> parse_json(std::string_view text, MarksLimits& limits);

/// The member of that name; nullptr where `value` is no object, or has none.
const Json* member(const Json& value, std::string_view name);
/// Its members where it is an array; none otherwise.
std::span<const JsonMember> elements(const Json* value);
/// Its characters, where it is a string; else empty.
std::string_view text_member(const Json& value, std::string_view name);
/// The text of a string, number or boolean; empty for anything else.
std::string scalar_member(const Json& value, std::string_view name);

}  // namespace safelight::marks
