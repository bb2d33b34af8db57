#include "safelight/serve/reports/signed_text.h"

#include <vector>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

std::vector<std::byte> signed_bytes(const SignedKind& kind, std::string_view text) {
  std::string all(kind.domain);
  all += text;
  const auto bytes = std::as_bytes(std::span(all));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string signed_text(const SignedKind& kind, std::string_view text,
                        const audit::SigningKey& key) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field(kind.member, text).field("key", key.public_key().hex());
  json.field("signature", to_hex(key.sign(signed_bytes(kind, text)))).end_object();
  return out;
}

Result<std::string> check_signed(const SignedKind& kind, std::string_view given,
                                 const audit::PublicKey& key) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(given, kind.not_signed));
  std::string text = object.text(kind.member, kind.max_bytes);
  const auto named = audit::PublicKey::parse(object.text("key", 64));
  const auto signature = parse_hex<audit::Signature>(object.text("signature", 128));
  if (!named || !signature) object.fail();
  SAFELIGHT_CHECK(object.finish());
  if (*named != key) return Error{ErrorCode::integrity_mismatch, kind.other_key};
  if (!key.verifies(signed_bytes(kind, text), *signature)) {
    return Error{ErrorCode::integrity_mismatch, kind.other_signature};
  }
  return text;
}

}  // namespace safelight::serve
