#include "safelight/provenance/marks/novelai_signature.h"

#include <cstdint>
#include <memory>
#include <openssl/evp.h>
#include <vector>

#include "safelight/provenance/marks/internal/rules/novelai.h"

namespace safelight::marks {
namespace {

constexpr std::string_view kMember = "signed_hash";
constexpr size_t kSignatureBytes = 64;
constexpr size_t kKeyBytes = 32;
constexpr std::string_view kBlanks = " \t\r\n";

constexpr Error kMalformed{ErrorCode::malformed, "novelai.signature"};

Result<std::vector<uint8_t>> decode_base64(std::string_view text, size_t bytes) {
  if (text.size() != (bytes + 2) / 3 * 4) return kMalformed;
  std::vector<uint8_t> out(text.size() / 4 * 3);
  const int decoded =
      EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (decoded < 0 || static_cast<size_t>(decoded) < bytes) return kMalformed;
  out.resize(bytes);
  return out;
}

/// Where the string at `at` of well-formed JSON ends, behind its quote.
size_t end_of_string(std::string_view json, size_t at) {
  for (size_t i = at + 1; i < json.size(); ++i) {
    if (json[i] == '\\')
      ++i;
    else if (json[i] == '"')
      return i + 1;
  }
  return json.size();
}

/// Where the value at `at` of well-formed JSON ends: at a comma or bracket of its own level.
size_t end_of_value(std::string_view json, size_t at) {
  size_t depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = end_of_string(json, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']' || c == ',') {
      if (depth == 0) break;
      if (c != ',') --depth;
    }
    ++at;
  }
  return at;
}

/// The text of a well-formed JSON object without one member and its comma. Everything else stays
/// as it is, because a signature covers it. Malformed where the member is not there exactly once.
Result<std::string> without_member(std::string_view json, std::string_view name) {
  const size_t open = json.find('{');
  std::optional<std::pair<size_t, size_t>> cut;
  size_t last_comma = open;
  size_t at = json.find_first_not_of(kBlanks, open + 1);
  while (at < json.size() && json[at] == '"') {
    const size_t key_end = end_of_string(json, at);
    const std::string_view key = json.substr(at + 1, key_end - at - 2);
    const size_t value_end = end_of_value(json, json.find(':', key_end) + 1);
    const bool last = value_end >= json.size() || json[value_end] != ',';
    const size_t next = last ? value_end : json.find_first_not_of(kBlanks, value_end + 1);
    if (key == name) {
      if (cut) return kMalformed;
      // The last member goes with the comma before it, any other with the one behind it.
      cut = last && last_comma != open ? std::pair(last_comma, value_end) : std::pair(at, next);
    }
    if (last) break;
    last_comma = value_end;
    at = next;
  }
  if (!cut) return kMalformed;
  const size_t close = json.find_last_of('}');
  return std::string(json.substr(open, cut->first - open)) +
         std::string(json.substr(cut->second, close + 1 - cut->second));
}

std::optional<SignedSettings> signed_settings(Statements& statements) {
  for (const NovelAi& texts : novelai_texts(statements)) {
    std::string settings = novelai_settings(statements, *texts.comment);
    const auto json = statements.parse(settings, texts.comment->place);
    if (json != nullptr && member(*json, kMember) != nullptr) {
      return SignedSettings{std::move(settings), texts.comment->place};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<SignedSettings> novelai_signed_settings(std::span<const std::byte> file,
                                                      const metadata::Metadata& metadata,
                                                      const MarksLimits& limits) {
  Statements statements(file, metadata, limits);
  return signed_settings(statements);
}

std::optional<SignedSettings> novelai_signed_settings_of_hidden_text(std::string_view text,
                                                                     const MarksLimits& limits) {
  Statements statements(text, limits);
  return signed_settings(statements);
}

Result<bool> verify_novelai_signature(std::span<const std::byte> rgb,
                                      std::string_view settings_json, std::string_view public_key,
                                      const MarksLimits& limits) {
  MarksLimits left = limits;
  SAFELIGHT_TRY(const auto json, parse_json(settings_json, left));
  if (!json->is_object()) return kMalformed;
  SAFELIGHT_TRY(const auto signature, decode_base64(text_member(*json, kMember), kSignatureBytes));
  SAFELIGHT_TRY(const auto key_bytes, decode_base64(public_key, kKeyBytes));
  SAFELIGHT_TRY(const std::string covered, without_member(settings_json, kMember));

  std::vector<std::byte> message(rgb.begin(), rgb.end());
  const auto text = std::as_bytes(std::span(covered));
  message.insert(message.end(), text.begin(), text.end());

  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key_bytes.data(), key_bytes.size()),
      &EVP_PKEY_free);
  if (key == nullptr) return kMalformed;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
    return kMalformed;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()),
                          message.size()) == 1;
}

Finding novelai_signature_finding(const Result<bool>& verified, const Place& place) {
  if (!verified) {
    Finding finding =
        coverage_finding(Coverage::partial, "The signature of NovelAI", verified.error());
    finding.place = place;
    return finding;
  }
  Finding finding;
  finding.kind = "novelai_signature";
  finding.grade = *verified ? Grade::verified : Grade::contradicted;
  finding.statement =
      *verified ? "NovelAI's signature fits the pixels and the settings: the picture is as that "
                  "generator signed it."
                : "The file carries a signature as NovelAI's that does not fit the pixels and the "
                  "settings. Either was changed since, if only by saving with loss, or the "
                  "signature is from elsewhere.";
  finding.place = place;
  finding.fields = {{"rule", "novelai.signature"}, {"generator", "NovelAI"}};
  return finding;
}

}  // namespace safelight::marks
