#include "safelight/provenance/c2pa/store/hashed_uri.h"

#include <algorithm>

namespace safelight::c2pa {
namespace {

constexpr std::string_view kScheme = "self#jumbf=";
constexpr std::string_view kStore = "/c2pa/";

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Such as "2_1": the version of a manifest, and why there are several.
bool is_version(std::string_view text) {
  const size_t line = text.find('_');
  if (!is_number(text.substr(0, line))) return false;
  return line == std::string_view::npos || is_number(text.substr(line + 1));
}

/// Up to 32 printable characters without blanks, or nothing.
bool is_vendor(std::string_view text) {
  constexpr size_t kMaxBytes = 32;
  return text.size() <= kMaxBytes &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::optional<HashedUri> hashed_uri_of(const CborValue* value) {
  if (value == nullptr) return std::nullopt;
  const CborValue* url = value->find("url");
  const CborValue* hash = value->find("hash");
  if (url == nullptr || hash == nullptr || !url->text() || !hash->bytes()) return std::nullopt;
  const auto digest = *hash->bytes();
  return HashedUri{
      std::string(*url->text()), value->text_at("alg"), {digest.begin(), digest.end()}};
}

std::string_view JumbfUri::label() const {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<JumbfUri> parse_jumbf_uri(std::string_view uri) {
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  JumbfUri parts;
  if (uri.starts_with(kStore)) {
    uri.remove_prefix(kStore.size());
    const size_t slash = uri.find('/');
    parts.manifest = uri.substr(0, slash);
    parts.path = slash == std::string_view::npos ? std::string_view() : uri.substr(slash + 1);
    if (parts.manifest.empty()) return std::nullopt;
    return parts;
  }
  if (uri.empty() || uri.front() == '/') return std::nullopt;
  parts.path = uri;
  return parts;
}

bool is_manifest_label(std::string_view label) {
  std::vector<std::string_view> parts;
  for (size_t at = 0; at <= label.size();) {
    const size_t end = std::min(label.find(':', at), label.size());
    parts.push_back(label.substr(at, end - at));
    at = end + 1;
  }
  if (parts.size() < 3) return false;
  if (parts[0] != "urn") return parts.size() == 4 && parts[1] == "urn" && parts[2] == "uuid";
  if (parts[1] == "uuid") return true;
  if (parts[1] != "c2pa" || parts.size() > 5) return false;
  if (parts.size() > 3 && !is_vendor(parts[3])) return false;
  return parts.size() < 5 || parts[4].empty() || is_version(parts[4]);
}

std::string jumbf_uri(std::string_view manifest, std::string_view path) {
  std::string uri(kScheme);
  uri += kStore;
  uri += manifest;
  if (!path.empty()) {
    uri += '/';
    uri += path;
  }
  return uri;
}

std::string absolute_uri(std::string_view manifest, std::string_view uri) {
  const auto parts = parse_jumbf_uri(uri);
  if (!parts || !parts->manifest.empty()) return std::string(uri);
  return jumbf_uri(manifest, parts->path);
}

}  // namespace safelight::c2pa
