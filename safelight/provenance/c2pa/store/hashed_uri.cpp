#include "safelight/provenance/c2pa/store/hashed_uri.h"

namespace safelight::c2pa {
namespace {

constexpr std::string_view kScheme = "self#jumbf=";
constexpr std::string_view kStore = "/c2pa/";

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
