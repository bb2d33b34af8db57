#include "safelight/serve/review/server_config.h"

#include <algorithm>
#include <set>

#include "safelight/base/json/json_object.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxTextBytes = 4'096;
constexpr size_t kMaxNameBytes = 64;
constexpr size_t kMaxEntries = 1'000;
constexpr uint64_t kMaxPort = 65'535;
constexpr uint64_t kMaxBucketMs = 60'000;
constexpr uint64_t kMaxUploadBytes = 1 << 30;
constexpr uint64_t kMaxUploads = 64;
constexpr uint64_t kMaxRadiusBits = 63;

class ConfigReader {
 public:
  explicit ConfigReader(const std::filesystem::path& folder) : folder_(folder) {}

  std::filesystem::path path(JsonObject& object, const char* name) const {
    return folder_ / object.text(name, kMaxTextBytes);
  }
  std::filesystem::path path_if_any(JsonObject& object, const char* name) const {
    return object.has(name) ? path(object, name) : std::filesystem::path();
  }

  ServerConfig::Listen listen(JsonObject& object) const {
    ServerConfig::Listen out;
    out.unix_socket = path_if_any(object, "unix");
    if (out.unix_socket.empty()) {
      out.address = object.text("address", kMaxTextBytes);
      out.port = static_cast<uint16_t>(object.number("port", kMaxPort));
      out.certificate = path_if_any(object, "certificate");
      out.key = path_if_any(object, "key");
      out.client_authorities = path_if_any(object, "client_authorities");
    }
    return out;
  }

  ServerConfig::Screening screening(JsonObject object) const {
    ServerConfig::Screening out;
    out.lists = object.texts("lists", kMaxEntries, kMaxTextBytes);
    out.case_folder = path(object, "case");
    out.held = path(object, "held");
    out.held_key = path(object, "held_key");
    const auto number = [&](const char* name, uint64_t max, uint64_t usual) {
      return object.has(name) ? object.number(name, max) : usual;
    };
    out.bucket_ms = static_cast<uint32_t>(number("bucket_ms", kMaxBucketMs, out.bucket_ms));
    out.max_upload_bytes = number("max_upload_bytes", kMaxUploadBytes, out.max_upload_bytes);
    out.uploads_at_once =
        static_cast<uint32_t>(number("uploads_at_once", kMaxUploads, out.uploads_at_once));
    if (object.has("unix_key")) {
      out.unix_key = static_cast<int64_t>(object.number("unix_key", INT64_MAX));
    }
    out.radius_bits = static_cast<uint32_t>(number("radius_bits", kMaxRadiusBits, out.radius_bits));
    if (object.has("holds_from")) out.holds_from = object.text("holds_from", kMaxNameBytes);
    return out;
  }

  ServerConfig::Case one_case(JsonObject& object) const {
    ServerConfig::Case out;
    out.name = object.text("name", kMaxNameBytes);
    out.folder = path(object, "folder");
    if (object.has("people")) out.people = object.texts("people", kMaxEntries, kMaxTextBytes);
    return out;
  }

 private:
  const std::filesystem::path& folder_;
};

bool is_threshold(std::string_view word) {
  return word == "unknown" || word == "review" || word == "known";
}

bool is_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace

Result<ServerConfig> config_from_json(std::string_view text, const std::filesystem::path& folder) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(text, "config.json"));
  const ConfigReader reader(folder);
  ServerConfig out;
  out.state = reader.path(object, "state");
  if (object.has("hosts")) out.hosts = object.texts("hosts", kMaxEntries, kMaxTextBytes);
  for (JsonObject& listen : object.objects("listen", kMaxEntries)) {
    out.listen.push_back(reader.listen(listen));
  }
  for (JsonObject& one : object.objects("cases", kMaxEntries)) {
    out.cases.push_back(reader.one_case(one));
  }
  if (object.has("heads")) {
    for (const std::string& path : object.texts("heads", kMaxEntries, kMaxTextBytes)) {
      out.heads.push_back(folder / path);
    }
  }
  out.exports = reader.path_if_any(object, "exports");
  if (object.has("screening")) out.screening = reader.screening(object.object("screening"));
  SAFELIGHT_CHECK(object.finish());

  std::set<std::string_view> names;
  for (const auto& one : out.cases) {
    if (!is_name(one.name)) return Error{ErrorCode::malformed, "config.name"};
    if (!names.insert(one.name).second) return Error{ErrorCode::malformed, "config.twice"};
  }
  for (const auto& listen : out.listen) {
    if (listen.certificate.empty() != listen.key.empty()) {
      return Error{ErrorCode::malformed, "config.listen"};
    }
  }
  if (out.screening && (out.screening->lists.empty() || out.screening->uploads_at_once == 0 ||
                        !is_threshold(out.screening->holds_from))) {
    return Error{ErrorCode::malformed, "config.screening"};
  }
  if (out.listen.empty()) return Error{ErrorCode::malformed, "config.listen"};
  return out;
}

}  // namespace safelight::serve
