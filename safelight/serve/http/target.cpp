#include "safelight/serve/http/target.h"

#include <optional>

#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

/// The characters of a segment or a query that need no escape, or that browsers do not escape (RFC
/// 3986 section 3.3 and 3.4; the brackets and the bar from WHATWG URL).
bool may_stand_plain(char c) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:@/?[]|^`{}\"<>\\";
  const bool is_alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_alphanumeric || kOthers.find(c) != std::string_view::npos;
}

enum class Plus : uint8_t { plus, space };

/// Decodes a part of a target that begins at `offset_bytes` of it.
Result<std::string> decode(std::string_view text, Plus plus, uint64_t offset_bytes) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    const uint64_t at = offset_bytes + i;
    if (c == '%') {
      const auto high = i + 1 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
      const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
      if (!high || !low) return Error::at(ErrorCode::malformed, "target.escape", at);
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    } else if (!may_stand_plain(c)) {
      return Error::at(ErrorCode::malformed, "target.character", at);
    } else if (c == '+' && plus == Plus::space) {
      c = ' ';
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return Error::at(ErrorCode::malformed, "target.control", at);
    out.push_back(c);
  }
  if (!is_utf8(out)) return Error::at(ErrorCode::malformed, "target.utf8", offset_bytes);
  return out;
}

Result<std::vector<std::string>> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") return segments;
  for (size_t begin = 1; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    SAFELIGHT_TRY(std::string segment, decode(path.substr(begin, end - begin), Plus::plus, begin));
    if (segment.empty() || segment == "." || segment == ".." ||
        segment.find_first_of("/\\") != std::string::npos) {
      return Error::at(ErrorCode::malformed, "target.segment", begin);
    }
    segments.push_back(std::move(segment));
    begin = end + 1;
  }
  return segments;
}

Result<NamedTexts> parse_query(std::string_view query, uint64_t offset_bytes,
                               uint32_t max_parameters) {
  NamedTexts parameters;
  for (size_t begin = 0; begin < query.size();) {
    const size_t end = std::min(query.find('&', begin), query.size());
    const std::string_view pair = query.substr(begin, end - begin);
    const uint64_t at = offset_bytes + begin;
    const size_t equals = std::min(pair.find('='), pair.size());
    SAFELIGHT_TRY(std::string name, decode(pair.substr(0, equals), Plus::space, at));
    if (name.empty()) return Error::at(ErrorCode::malformed, "target.query-name", at);
    std::string value;
    if (equals < pair.size()) {
      SAFELIGHT_TRY(value, decode(pair.substr(equals + 1), Plus::space, at + equals + 1));
    }
    if (parameters.entries().size() == max_parameters) {
      return Error::at(ErrorCode::limit_exceeded, "target.query-parameters", at);
    }
    if (!parameters.add(std::move(name), std::move(value))) {
      return Error::at(ErrorCode::malformed, "target.query-repeated", at);
    }
    begin = end + 1;
  }
  return parameters;
}

}  // namespace

Result<Target> parse_target(std::string_view text, uint32_t max_query_parameters) {
  if (!text.starts_with('/')) return Error::at(ErrorCode::malformed, "target.origin-form", 0);
  const size_t question = std::min(text.find('?'), text.size());
  Target target;
  SAFELIGHT_TRY(target.segments, parse_path(text.substr(0, question)));
  if (question < text.size()) {
    SAFELIGHT_TRY(target.query,
                  parse_query(text.substr(question + 1), question + 1, max_query_parameters));
  }
  return target;
}

}  // namespace safelight::serve
