#include "safelight/provenance/c2pa/crypto/certificate_profile.h"

#include <algorithm>
#include <array>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "safelight/provenance/c2pa/crypto/internal/openssl.h"

namespace safelight::c2pa {
namespace {

constexpr int kMinRsaBits = 2048;
constexpr std::string_view kNoUsage = "certificate.extended-key-usage";
constexpr std::string_view kAnyUsage = "certificate.any-usage";
constexpr std::string_view kMixedUsages = "certificate.mixed-usages";

std::string oid_text(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), text.size(), object, 1);
  if (size <= 0 || static_cast<size_t>(size) >= text.size()) return {};
  return {text.data(), static_cast<size_t>(size)};
}

bool signature_algorithm_allowed(const X509* certificate) {
  switch (X509_get_signature_nid(certificate)) {
    case NID_sha256WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption:
    case NID_ecdsa_with_SHA256:
    case NID_ecdsa_with_SHA384:
    case NID_ecdsa_with_SHA512:
    case NID_ED25519:
      return true;
    case NID_rsassaPss: {
      // The parameters name the digest; OpenSSL reads them for us.
      int digest = NID_undef;
      return X509_get_signature_info(const_cast<X509*>(certificate), &digest, nullptr, nullptr,
                                     nullptr) == 1 &&
             (digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512);
    }
    default:
      return false;
  }
}

bool curve_allowed(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return false;
  const std::string_view curve(name.data(), size);
  return curve == SN_X9_62_prime256v1 || curve == SN_secp384r1 || curve == SN_secp521r1;
}

bool exponent_allowed(const EVP_PKEY* key) {
  BIGNUM* exponent = nullptr;
  if (EVP_PKEY_get_bn_param(key, "e", &exponent) != 1) return false;
  const bool allowed = BN_is_odd(exponent) && !BN_is_one(exponent);
  BN_free(exponent);
  return allowed;
}

std::optional<std::string_view> broken_key_rule(X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return "certificate.key";
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
      if (!curve_allowed(key)) return "certificate.curve";
      return std::nullopt;
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      if (EVP_PKEY_get_bits(key) < kMinRsaBits) return "certificate.rsa-size";
      if (!exponent_allowed(key)) return "certificate.rsa-exponent";
      return std::nullopt;
    case EVP_PKEY_ED25519:
      return std::nullopt;
    default:
      return "certificate.key";
  }
}

std::optional<std::string_view> broken_usage_rule(X509* certificate,
                                                  std::span<const std::string> usages) {
  const EkuPtr listed(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  if (listed == nullptr) return kNoUsage;
  bool allowed = false;
  size_t exclusive = 0;
  const int count = sk_ASN1_OBJECT_num(listed.get());
  for (int i = 0; i < count; ++i) {
    const ASN1_OBJECT* usage = sk_ASN1_OBJECT_value(listed.get(), i);
    if (OBJ_obj2nid(usage) == NID_anyExtendedKeyUsage) return kAnyUsage;
    const std::string oid = oid_text(usage);
    if (std::ranges::count(usages, oid) != 0) allowed = true;
    if (oid == kUsageTimeStamping || oid == kUsageOcspSigning) ++exclusive;
  }
  if (!allowed) return kNoUsage;
  // Time-stamping and OCSP signing exclude each other and everything else.
  if (exclusive != 0 && count != 1) return kMixedUsages;
  return std::nullopt;
}

std::optional<std::string_view> broken_extension_rule(X509* certificate) {
  if (X509_get_ext_by_NID(certificate, NID_authority_key_identifier, -1) < 0) {
    return "certificate.authority-key-identifier";
  }
  if (X509_get_ext_by_NID(certificate, NID_key_usage, -1) < 0) return "certificate.key-usage";
  const uint32_t usage = X509_get_key_usage(certificate);
  if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) return "certificate.key-usage";
  if ((usage & KU_KEY_CERT_SIGN) != 0) return "certificate.key-usage";
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    X509_EXTENSION* extension = X509_get_ext(certificate, i);
    if (X509_EXTENSION_get_critical(extension) == 1 && X509_supported_extension(extension) != 1) {
      return "certificate.critical-extension";
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> default_signer_usages() {
  return {
      "1.3.6.1.5.5.7.3.4",              // emailProtection
      "1.3.6.1.5.5.7.3.36",             // documentSigning
      std::string(kUsageTimeStamping),  //
      std::string(kUsageOcspSigning),   //
      "1.3.6.1.4.1.311.76.59.1.9",      // Microsoft: C2PA signing
      "1.3.6.1.4.1.62558.2.1",          // c2pa-kp-claimSigning
  };
}

std::optional<std::string_view> broken_profile_rule(const Certificate& certificate,
                                                    std::span<const std::string> usages) {
  X509* native_certificate = native(certificate);
  std::optional<std::string_view> rule;
  const ASN1_BIT_STRING* issuer_id = nullptr;
  const ASN1_BIT_STRING* subject_id = nullptr;
  X509_get0_uids(native_certificate, &issuer_id, &subject_id);
  if (X509_get_version(native_certificate) != X509_VERSION_3) {
    rule = "certificate.version";
  } else if ((X509_get_extension_flags(native_certificate) & EXFLAG_INVALID) != 0) {
    rule = "certificate.extensions";
  } else if (!signature_algorithm_allowed(native_certificate)) {
    rule = "certificate.signature-algorithm";
  } else if ((X509_get_extension_flags(native_certificate) & EXFLAG_CA) != 0) {
    rule = "certificate.authority";
  } else if (issuer_id != nullptr || subject_id != nullptr) {
    rule = "certificate.unique-id";
  } else if (const auto key = broken_key_rule(native_certificate)) {
    rule = key;
  } else if (const auto usage = broken_usage_rule(native_certificate, usages)) {
    rule = usage;
  } else {
    rule = broken_extension_rule(native_certificate);
  }
  ERR_clear_error();
  return rule;
}

bool is_usage_rule(std::string_view rule) {
  return rule == kNoUsage || rule == kAnyUsage || rule == kMixedUsages;
}

std::vector<std::string> parse_usages(std::string_view text) {
  std::vector<std::string> usages;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    const bool dotted =
        !line.empty() && line.front() >= '0' && line.front() <= '2' &&
        std::ranges::all_of(line, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    if (dotted) usages.emplace_back(line);
  }
  return usages;
}

}  // namespace safelight::c2pa
