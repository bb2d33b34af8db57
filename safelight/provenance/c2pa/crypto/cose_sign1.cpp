#include "safelight/provenance/c2pa/crypto/cose_sign1.h"

#include <algorithm>
#include <openssl/rsa.h>

#include "safelight/provenance/c2pa/crypto/internal/openssl.h"
#include "safelight/provenance/c2pa/store/cbor.h"
#include "safelight/provenance/c2pa/store/cbor_writer.h"

namespace safelight::c2pa {
namespace {

constexpr uint64_t kTagSign1 = 18;
constexpr int64_t kLabelAlgorithm = 1;
constexpr int64_t kLabelChain = 33;

std::optional<SignatureAlgorithm> algorithm_of(int64_t id) {
  switch (id) {
    case -7:
      return SignatureAlgorithm::es256;
    case -35:
      return SignatureAlgorithm::es384;
    case -36:
      return SignatureAlgorithm::es512;
    case -37:
      return SignatureAlgorithm::ps256;
    case -38:
      return SignatureAlgorithm::ps384;
    case -39:
      return SignatureAlgorithm::ps512;
    case -8:
      return SignatureAlgorithm::ed25519;
    default:
      return std::nullopt;
  }
}

bool is_ecdsa(SignatureAlgorithm algorithm) { return algorithm <= SignatureAlgorithm::es512; }

HashAlgorithm hash_in(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::es384:
    case SignatureAlgorithm::ps384:
      return HashAlgorithm::sha384;
    case SignatureAlgorithm::es512:
    case SignatureAlgorithm::ps512:
      return HashAlgorithm::sha512;
    default:
      return HashAlgorithm::sha256;
  }
}

Error malformed(std::string_view rule, const CborValue& at) {
  return Error::at(ErrorCode::malformed, rule, at.offset_bytes);
}

std::vector<std::byte> copy_of(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

/// A single string of bytes, or an array of them.
Result<std::vector<std::vector<std::byte>>> byte_strings(const CborValue& value, size_t max_count) {
  std::vector<std::vector<std::byte>> strings;
  if (const auto single = value.bytes()) {
    strings.push_back(copy_of(*single));
    return strings;
  }
  if (value.kind != CborKind::array) return malformed("cose.chain", value);
  if (value.items.size() > max_count) {
    return Error::at(ErrorCode::limit_exceeded, "max_certificates", value.offset_bytes);
  }
  for (const CborValue& item : value.items) {
    if (!item.bytes()) return malformed("cose.chain", item);
    strings.push_back(copy_of(*item.bytes()));
  }
  return strings;
}

/// Certificates stand under label 33 or `x5chain` of the protected header; old signers put the
/// latter into the unprotected one. Two places would let a reader choose the signer.
Result<void> read_chain(const CborValue& protected_map, const CborValue& unprotected,
                        const Limits& limits, CoseSign1& cose) {
  const CborValue* places[] = {protected_map.find(kLabelChain), protected_map.find("x5chain"),
                               unprotected.find("x5chain")};
  const CborValue* found = nullptr;
  for (const CborValue* place : places) {
    if (place == nullptr) continue;
    if (found != nullptr) return malformed("cose.two-chains", *place);
    found = place;
  }
  if (found == nullptr) return malformed("cose.no-chain", unprotected);
  SAFELIGHT_TRY(cose.chain, byte_strings(*found, limits.max_certificates));
  if (cose.chain.empty()) return malformed("cose.no-chain", *found);
  return {};
}

/// Where a header has both forms, the first counts, as other validators have it.
void read_time_stamp(const CborValue& unprotected, CoseSign1& cose) {
  for (size_t i = 0; i + 1 < unprotected.items.size(); i += 2) {
    const auto key = unprotected.items[i].text();
    if (key != "sigTst" && key != "sigTst2") continue;
    TimeStampField& field = cose.time_stamp.emplace();
    field.form = key == "sigTst2" ? TimeStampForm::signature : TimeStampForm::claim;
    const CborValue* tokens = unprotected.items[i + 1].find("tstTokens");
    if (tokens == nullptr || tokens->kind != CborKind::array) return;
    for (const CborValue& token : tokens->items) {
      const CborValue* value = token.find("val");
      if (value != nullptr && value->bytes()) field.tokens.push_back(copy_of(*value->bytes()));
    }
    return;
  }
}

void read_ocsp(const CborValue& unprotected, const Limits& limits, CoseSign1& cose) {
  const CborValue* values = unprotected.find("rVals");
  const CborValue* responses = values != nullptr ? values->find("ocspVals") : nullptr;
  if (responses == nullptr || responses->kind != CborKind::array) return;
  for (const CborValue& response : responses->items) {
    if (cose.ocsp_responses.size() >= limits.max_certificates) return;
    if (response.bytes()) cose.ocsp_responses.push_back(copy_of(*response.bytes()));
  }
}

bool all_zero(const CborValue* value) {
  if (value == nullptr) return true;
  const auto bytes = value->bytes();
  return bytes && std::ranges::all_of(*bytes, [](std::byte b) { return b == std::byte{0}; });
}

/// DER of an ECDSA signature whose r and s stand side by side; empty where they cannot.
std::vector<unsigned char> ecdsa_der(std::span<const std::byte> p1363) {
  const size_t half = p1363.size() / 2;
  const EcdsaSigPtr signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(openssl_bytes(p1363), static_cast<int>(half), nullptr);
  BIGNUM* s = BN_bin2bn(openssl_bytes(p1363.subspan(half)), static_cast<int>(half), nullptr);
  if (ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return {};
  std::vector<unsigned char> out(der, der + size);
  OPENSSL_free(der);
  return out;
}

bool key_suits(SignatureAlgorithm algorithm, const EVP_PKEY* key) {
  const int type = EVP_PKEY_get_base_id(key);
  if (is_ecdsa(algorithm)) return type == EVP_PKEY_EC;
  if (algorithm == SignatureAlgorithm::ed25519) return type == EVP_PKEY_ED25519;
  return type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS;
}

}  // namespace

std::string_view to_text(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::es256:
      return "ES256";
    case SignatureAlgorithm::es384:
      return "ES384";
    case SignatureAlgorithm::es512:
      return "ES512";
    case SignatureAlgorithm::ps256:
      return "PS256";
    case SignatureAlgorithm::ps384:
      return "PS384";
    case SignatureAlgorithm::ps512:
      return "PS512";
    case SignatureAlgorithm::ed25519:
      return "Ed25519";
  }
  return "";
}

Result<CoseSign1> parse_cose_sign1(std::span<const std::byte> cbor, const Limits& limits) {
  SAFELIGHT_TRY(const CborValue value, decode_cbor(cbor, limits));
  if (value.tag != kTagSign1 || value.kind != CborKind::array || value.items.size() != 4) {
    return malformed("cose.sign1", value);
  }
  const CborValue& protected_item = value.items[0];
  const CborValue& unprotected = value.items[1];
  if (!protected_item.bytes() || unprotected.kind != CborKind::map || !value.items[3].bytes()) {
    return malformed("cose.sign1", value);
  }
  // An attached payload could differ from the claim that the manifest holds.
  if (value.items[2].kind != CborKind::null) return malformed("cose.payload", value.items[2]);

  CoseSign1 cose;
  cose.protected_header = copy_of(*protected_item.bytes());
  cose.signature = copy_of(*value.items[3].bytes());
  SAFELIGHT_TRY(const CborValue protected_map, decode_cbor(cose.protected_header, limits));
  if (protected_map.kind != CborKind::map) return malformed("cose.protected", protected_item);
  const CborValue* algorithm = protected_map.find(kLabelAlgorithm);
  if (algorithm != nullptr && algorithm->signed_value()) {
    cose.algorithm = algorithm_of(*algorithm->signed_value());
  }
  SAFELIGHT_CHECK(read_chain(protected_map, unprotected, limits, cose));
  read_time_stamp(unprotected, cose);
  read_ocsp(unprotected, limits, cose);
  cose.padding_is_zero = all_zero(unprotected.find("pad")) && all_zero(unprotected.find("pad2"));
  return cose;
}

std::vector<std::byte> signed_structure(std::string_view context, const CoseSign1& cose,
                                        std::span<const std::byte> payload) {
  CborWriter writer;
  writer.array(4).text(context).bytes(cose.protected_header).bytes({}).bytes(payload);
  return std::move(writer).take();
}

bool has_cose_form(const CoseSign1& cose) {
  if (!cose.algorithm || !is_ecdsa(*cose.algorithm)) return true;
  return decode_der<EcdsaSigPtr>(cose.signature, d2i_ECDSA_SIG) == nullptr;
}

bool signature_fits(const CoseSign1& cose, const Certificate& signer,
                    std::span<const std::byte> payload) {
  EVP_PKEY* key = X509_get0_pubkey(native(signer));
  if (key == nullptr || !cose.algorithm || !key_suits(*cose.algorithm, key)) {
    ERR_clear_error();
    return false;
  }
  std::span<const std::byte> signature = cose.signature;
  std::vector<unsigned char> der;
  if (is_ecdsa(*cose.algorithm)) {
    const size_t half = (static_cast<size_t>(EVP_PKEY_get_bits(key)) + 7) / 8;
    if (signature.size() != 2 * half) return false;
    der = ecdsa_der(signature);
    signature = std::as_bytes(std::span(der));
  }
  const EVP_MD* digest = *cose.algorithm == SignatureAlgorithm::ed25519
                             ? nullptr
                             : openssl_digest(hash_in(*cose.algorithm));
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  bool ready = EVP_DigestVerifyInit(context.get(), &key_context, digest, nullptr, key) == 1;
  if (ready && !is_ecdsa(*cose.algorithm) && digest != nullptr) {
    ready = EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_mgf1_md(key_context, digest) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  const std::vector<std::byte> message = signed_structure("Signature1", cose, payload);
  const bool fits =
      ready && EVP_DigestVerify(context.get(), openssl_bytes(signature), signature.size(),
                                openssl_bytes(message), message.size()) == 1;
  ERR_clear_error();
  return fits;
}

}  // namespace safelight::c2pa
