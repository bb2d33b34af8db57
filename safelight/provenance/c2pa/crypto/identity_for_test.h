#pragma once

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/c2pa/crypto/cose_sign1.h"
#include "safelight/provenance/c2pa/crypto/internal/openssl.h"
#include "safelight/provenance/c2pa/crypto/trust_list.h"

/// Keys, certificates, time-stamps and OCSP responses for tests, made when the test runs.
namespace safelight::c2pa {

using Bytes = std::vector<std::byte>;

inline constexpr int64_t kTestClock = 1'795'392'000;  // 2026-11-23
inline constexpr int64_t kDay = 86'400;

/// Who signs: a key and the certificate for it.
struct Identity {
  EvpPkeyPtr key;
  Bytes der;

  [[nodiscard]] Certificate certificate() const { return *Certificate::from_der(der); }
  [[nodiscard]] X509Ptr native_certificate() const { return decode_der<X509Ptr>(der, d2i_X509); }
};

inline EvpPkeyPtr make_key(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::es256:
      return EvpPkeyPtr(EVP_EC_gen("P-256"));
    case SignatureAlgorithm::es384:
      return EvpPkeyPtr(EVP_EC_gen("P-384"));
    case SignatureAlgorithm::es512:
      return EvpPkeyPtr(EVP_EC_gen("P-521"));
    case SignatureAlgorithm::ed25519:
      return EvpPkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    default:
      return EvpPkeyPtr(EVP_RSA_gen(2048));
  }
}

inline int64_t cose_id(SignatureAlgorithm algorithm) {
  constexpr int64_t kIds[] = {-7, -35, -36, -37, -38, -39, -8};
  return kIds[static_cast<size_t>(algorithm)];
}

struct CertificateSpec {
  std::string name = "Signer for tests";
  SignatureAlgorithm key = SignatureAlgorithm::es256;
  const Identity* issuer = nullptr;  ///< Signs itself where there is none.
  bool authority = false;
  std::string extended_usage = "emailProtection";
  std::string usage = "critical,digitalSignature";
  int64_t not_before_s = kTestClock - 100 * kDay;
  int64_t not_after_s = kTestClock + 100 * kDay;
  EvpPkeyPtr given_key = nullptr;  ///< In place of a new one.
};

inline Bytes der_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  const auto view = std::as_bytes(std::span(der, static_cast<size_t>(size)));
  Bytes bytes(view.begin(), view.end());
  OPENSSL_free(der);
  return bytes;
}

inline Identity make_identity(CertificateSpec spec) {
  static long serial = 1000;
  Identity identity;
  identity.key = spec.given_key != nullptr ? std::move(spec.given_key) : make_key(spec.key);
  const X509Ptr certificate(X509_new());
  X509* native_certificate = certificate.get();
  X509_set_version(native_certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(native_certificate), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(native_certificate), spec.not_before_s);
  ASN1_TIME_set(X509_getm_notAfter(native_certificate), spec.not_after_s);
  X509_NAME* subject = X509_get_subject_name(native_certificate);
  X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("Tests"), -1, -1, 0);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(spec.name.c_str()), -1, -1, 0);
  const X509Ptr issuer = spec.issuer != nullptr ? spec.issuer->native_certificate() : nullptr;
  X509* issuing = issuer != nullptr ? issuer.get() : native_certificate;
  X509_set_issuer_name(native_certificate, X509_get_subject_name(issuing));
  X509_set_pubkey(native_certificate, identity.key.get());
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuing, native_certificate, nullptr, nullptr, 0);
  const auto extend = [&](int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(native_certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_subject_key_identifier, "hash");
  extend(NID_authority_key_identifier, "keyid:always");
  extend(NID_basic_constraints, spec.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(NID_key_usage, spec.authority ? "critical,keyCertSign,cRLSign" : spec.usage);
  if (!spec.authority && !spec.extended_usage.empty()) {
    extend(NID_ext_key_usage, spec.extended_usage);
  }
  EVP_PKEY* signer = spec.issuer != nullptr ? spec.issuer->key.get() : identity.key.get();
  const EVP_MD* digest = EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
  X509_sign(native_certificate, signer, digest);
  identity.der = der_of(native_certificate);
  ERR_clear_error();
  return identity;
}

/// The certificates as the text of a PEM file.
inline std::string pem_of(std::initializer_list<const Identity*> identities) {
  std::string text;
  for (const Identity* identity : identities) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), identity->native_certificate().get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    text.append(data, static_cast<size_t>(size));
  }
  return text;
}

inline TrustList list_of(std::string name, std::initializer_list<const Identity*> identities) {
  const std::string pem = pem_of(identities);
  return TrustList::parse(std::move(name), "2026-11-01", std::as_bytes(std::span(pem)));
}

/// A signature in the form that COSE asks for, or as OpenSSL makes it.
inline Bytes sign(const Identity& identity, SignatureAlgorithm algorithm, const Bytes& message,
                  bool der) {
  const bool ecdsa = algorithm <= SignatureAlgorithm::es512;
  const EVP_MD* digest = EVP_sha256();
  if (algorithm == SignatureAlgorithm::es384 || algorithm == SignatureAlgorithm::ps384) {
    digest = EVP_sha384();
  }
  if (algorithm == SignatureAlgorithm::es512 || algorithm == SignatureAlgorithm::ps512) {
    digest = EVP_sha512();
  }
  if (algorithm == SignatureAlgorithm::ed25519) digest = nullptr;
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  EVP_DigestSignInit(context.get(), &key_context, digest, nullptr, identity.key.get());
  if (!ecdsa && digest != nullptr) {
    EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST);
  }
  size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, openssl_bytes(message), message.size());
  Bytes signature(size);
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                 openssl_bytes(message), message.size());
  signature.resize(size);
  if (!ecdsa || der) return signature;
  const EcdsaSigPtr parts = decode_der<EcdsaSigPtr>(signature, d2i_ECDSA_SIG);
  const int half = (EVP_PKEY_get_bits(identity.key.get()) + 7) / 8;
  Bytes side_by_side(2 * static_cast<size_t>(half));
  auto* out = reinterpret_cast<unsigned char*>(side_by_side.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), out, half);
  BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), out + half, half);
  return side_by_side;
}

/// A time-stamp token over `message` that states `time_s`.
inline Bytes make_time_stamp(const Identity& authority, const Bytes& message, int64_t time_s) {
  const OpensslPtr<TS_RESP_CTX, TS_RESP_CTX_free> context(TS_RESP_CTX_new());
  const X509Ptr certificate = authority.native_certificate();
  TS_RESP_CTX_set_signer_cert(context.get(), certificate.get());
  TS_RESP_CTX_set_signer_key(context.get(), authority.key.get());
  TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256());
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> policy(OBJ_txt2obj("1.2.3.4.1", 1));
  TS_RESP_CTX_set_def_policy(context.get(), policy.get());
  TS_RESP_CTX_add_md(context.get(), EVP_sha256());
  TS_RESP_CTX_set_serial_cb(
      context.get(),
      [](TS_RESP_CTX*, void*) {
        ASN1_INTEGER* serial = ASN1_INTEGER_new();
        ASN1_INTEGER_set(serial, 7);
        return serial;
      },
      nullptr);
  TS_RESP_CTX_set_time_cb(
      context.get(),
      [](TS_RESP_CTX*, void* time, long* seconds, long* micros) {
        *seconds = static_cast<long>(*static_cast<int64_t*>(time));
        *micros = 0;
        return 1;
      },
      &time_s);
  const OpensslPtr<TS_REQ, TS_REQ_free> request(TS_REQ_new());
  TS_REQ_set_version(request.get(), 1);
  TS_REQ_set_cert_req(request.get(), 1);
  const OpensslPtr<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
  const OpensslPtr<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get());
  Bytes digest = hash_of(HashAlgorithm::sha256, message);
  TS_MSG_IMPRINT_set_msg(imprint.get(), reinterpret_cast<unsigned char*>(digest.data()),
                         static_cast<int>(digest.size()));
  TS_REQ_set_msg_imprint(request.get(), imprint.get());
  const BioPtr in(BIO_new(BIO_s_mem()));
  i2d_TS_REQ_bio(in.get(), request.get());
  const TsRespPtr response(TS_RESP_create_response(context.get(), in.get()));
  unsigned char* der = nullptr;
  const int size = i2d_PKCS7(TS_RESP_get_token(response.get()), &der);
  const auto view = std::as_bytes(std::span(der, size > 0 ? static_cast<size_t>(size) : 0));
  Bytes token(view.begin(), view.end());
  OPENSSL_free(der);
  ERR_clear_error();
  return token;
}

/// An OCSP response of the issuer about a certificate; `status` is a V_OCSP_CERTSTATUS_* value.
inline Bytes make_ocsp_response(const Identity& issuer, const Identity& subject, int status,
                                int64_t time_s) {
  const X509Ptr issuer_certificate = issuer.native_certificate();
  const X509Ptr subject_certificate = subject.native_certificate();
  const OcspCertIdPtr id(
      OCSP_cert_to_id(EVP_sha1(), subject_certificate.get(), issuer_certificate.get()));
  const OcspBasicPtr basic(OCSP_BASICRESP_new());
  const auto time = [](int64_t seconds) { return ASN1_TIME_set(nullptr, seconds); };
  const OpensslPtr<ASN1_TIME, ASN1_TIME_free> from(
      ASN1_GENERALIZEDTIME_set(nullptr, time_s - kDay));
  const OpensslPtr<ASN1_TIME, ASN1_TIME_free> to(ASN1_GENERALIZEDTIME_set(nullptr, time_s + kDay));
  const OpensslPtr<ASN1_TIME, ASN1_TIME_free> revoked(time(time_s - 10 * kDay));
  OCSP_basic_add1_status(basic.get(), id.get(), status, OCSP_REVOKED_STATUS_NOSTATUS,
                         status == V_OCSP_CERTSTATUS_REVOKED ? revoked.get() : nullptr, from.get(),
                         to.get());
  OCSP_basic_sign(basic.get(), issuer_certificate.get(), issuer.key.get(), EVP_sha256(), nullptr,
                  0);
  const OcspResponsePtr response(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(response.get(), &der);
  const auto view = std::as_bytes(std::span(der, size > 0 ? static_cast<size_t>(size) : 0));
  Bytes bytes(view.begin(), view.end());
  OPENSSL_free(der);
  ERR_clear_error();
  return bytes;
}

}  // namespace safelight::c2pa
