#pragma once

#include <cstddef>
#include <memory>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <span>
#include <vector>

#include "safelight/provenance/c2pa/crypto/certificate.h"
#include "safelight/provenance/c2pa/crypto/hash_algorithm.h"

namespace safelight::c2pa {

template <auto kFree>
struct OpensslFree {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

template <typename T, auto kFree>
using OpensslPtr = std::unique_ptr<T, OpensslFree<kFree>>;

inline void free_certificate_stack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }

using EvpMdCtxPtr = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using EvpPkeyPtr = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using X509Ptr = OpensslPtr<X509, X509_free>;
using X509StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using X509StoreCtxPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;
using X509StackPtr = OpensslPtr<STACK_OF(X509), free_certificate_stack>;
using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using BioPtr = OpensslPtr<BIO, BIO_free_all>;
using TstInfoPtr = OpensslPtr<TS_TST_INFO, TS_TST_INFO_free>;
using TsRespPtr = OpensslPtr<TS_RESP, TS_RESP_free>;
using OcspResponsePtr = OpensslPtr<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using OcspBasicPtr = OpensslPtr<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using OcspCertIdPtr = OpensslPtr<OCSP_CERTID, OCSP_CERTID_free>;
using EcdsaSigPtr = OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;
using EssCertPtr = OpensslPtr<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free>;
using EssCertV2Ptr = OpensslPtr<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free>;
using EkuPtr = OpensslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

inline const unsigned char* openssl_bytes(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// Decodes one DER value that fills `bytes`; null where it does not. Leaves no error queued.
template <typename Ptr, typename Decode>
Ptr decode_der(std::span<const std::byte> bytes, const Decode& decode) {
  const unsigned char* at = openssl_bytes(bytes);
  const unsigned char* end = at + bytes.size();
  Ptr value(decode(nullptr, &at, static_cast<long>(bytes.size())));
  ERR_clear_error();
  if (value != nullptr && at != end) value.reset();
  return value;
}

const EVP_MD* openssl_digest(HashAlgorithm algorithm);

/// The library's own object of a certificate, which keeps owning it.
X509* native(const Certificate& certificate);
Certificate certificate_of(X509Ptr certificate);
/// A stack that refers to the certificates and takes a reference to each.
X509StackPtr stack_of(std::span<const Certificate> certificates);

}  // namespace safelight::c2pa
