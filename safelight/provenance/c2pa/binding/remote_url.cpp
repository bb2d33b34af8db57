#include <algorithm>

#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {
namespace {

constexpr std::string_view kProperty = "dcterms:provenance";
constexpr size_t kMaxUrlBytes = 2'048;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The value that stands behind the property's name: ="..." or >...<.
std::string_view value_behind(std::string_view rest) {
  rest = trimmed(rest);
  if (rest.starts_with('>')) return trimmed(rest.substr(1, rest.find('<') - 1));
  if (!rest.starts_with('=')) return {};
  rest = trimmed(rest.substr(1));
  if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return {};
  const size_t end = rest.find(rest.front(), 1);
  return end == std::string_view::npos ? std::string_view() : trimmed(rest.substr(1, end - 1));
}

}  // namespace

std::string remote_url_in(std::string_view xmp) {
  for (size_t at = xmp.find(kProperty); at != std::string_view::npos;
       at = xmp.find(kProperty, at + 1)) {
    const std::string_view value = value_behind(xmp.substr(at + kProperty.size()));
    if (value.empty() || value.starts_with("self#") || value.size() > kMaxUrlBytes) continue;
    return std::string(value);
  }
  return {};
}

}  // namespace safelight::c2pa
