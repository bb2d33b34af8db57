#include "safelight/serve/held/internal/held_record.h"

#include <algorithm>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

constexpr size_t kIdDigits = 32;
constexpr uint32_t kVersion = 1;
constexpr uint64_t kMaxTime = INT64_MAX;
constexpr size_t kMaxHoldsRead = 1'000;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int64_t time_of(JsonObject& json, const char* name) {
  return static_cast<int64_t>(json.number(name, kMaxTime));
}

HeldId id_of(JsonObject& json) {
  auto id = held_id_from_text(json.text("id", kIdDigits));
  if (!id) json.fail();
  return id.value_or(HeldId{});
}

void check_version(JsonObject& json) {
  if (json.number("version", UINT32_MAX) != kVersion) json.fail();
}

}  // namespace

std::optional<HeldId> held_id_from_text(std::string_view text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (text.size() != kIdDigits || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  return HeldId{std::string(text)};
}

namespace held {

SecretBytes encode(const KeyRecord& record) {
  const HeldUpload& upload = record.upload;
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("version", kVersion).field("id", upload.id.text);
  json.field("sha256", to_hex(upload.sha256)).field("bytes", upload.bytes);
  json.field("received_ns", upload.received_ns).field("key", upload.key);
  json.field("tenant", upload.tenant).end_object();
  SecretBytes out(SealKey::kBytes + text.size());
  const auto rest = std::ranges::copy(record.key.bytes(), out.bytes().begin()).out;
  std::ranges::copy(std::as_bytes(std::span(text)), rest);
  return out;
}

Result<KeyRecord> decode_key_record(std::span<const std::byte> bytes) {
  if (bytes.size() < SealKey::kBytes) return Error{ErrorCode::truncated, "held.key"};
  SAFELIGHT_TRY(auto json,
                JsonObject::parse(text_of(bytes.subspan(SealKey::kBytes)), "held.key-record"));
  KeyRecord record{{}, SealKey(bytes.first<SealKey::kBytes>())};
  HeldUpload& upload = record.upload;
  check_version(json);
  upload.id = id_of(json);
  const auto sha256 = parse_hex<Sha256>(json.text("sha256", 2 * Sha256::kSize));
  if (sha256) {
    upload.sha256 = *sha256;
  } else {
    json.fail();
  }
  upload.bytes = json.number("bytes", kMaxTime);
  upload.received_ns = time_of(json, "received_ns");
  upload.key = time_of(json, "key");
  upload.tenant = json.text("tenant", kMaxNameBytes);
  SAFELIGHT_CHECK(json.finish());
  return record;
}

std::string encode(const HoldRecord& record) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("version", kVersion).field("id", record.id.text);
  json.field("next_number", record.next_number).key("holds").begin_array();
  for (const LegalHold& hold : record.holds) {
    json.begin_object().field("number", hold.number).field("reason", hold.reason);
    json.field("placed_by", hold.placed_by).field("placed_ns", hold.placed_ns);
    json.field("expires_ns", hold.expires_ns).end_object();
  }
  json.end_array().end_object();
  return text;
}

Result<HoldRecord> decode_hold_record(std::string_view text) {
  SAFELIGHT_TRY(auto json, JsonObject::parse(text, "held.hold-record"));
  HoldRecord record;
  check_version(json);
  record.id = id_of(json);
  record.next_number = static_cast<uint32_t>(json.number("next_number", UINT32_MAX));
  for (JsonObject& each : json.objects("holds", kMaxHoldsRead)) {
    LegalHold hold;
    hold.number = static_cast<uint32_t>(each.number("number", UINT32_MAX));
    hold.reason = each.text("reason", kMaxReasonBytes);
    hold.placed_by = each.text("placed_by", kMaxNameBytes);
    hold.placed_ns = time_of(each, "placed_ns");
    hold.expires_ns = time_of(each, "expires_ns");
    record.holds.push_back(std::move(hold));
  }
  SAFELIGHT_CHECK(json.finish());
  return record;
}

std::string encode_case_id(std::string_view case_id) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("version", kVersion).field("case", case_id).end_object();
  return text;
}

Result<std::string> decode_case_id(std::string_view text) {
  SAFELIGHT_TRY(auto json, JsonObject::parse(text, "held.store-record"));
  check_version(json);
  std::string case_id = json.text("case", kMaxNameBytes);
  SAFELIGHT_CHECK(json.finish());
  return case_id;
}

}  // namespace held
}  // namespace safelight::serve
