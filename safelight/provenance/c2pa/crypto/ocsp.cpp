#include "safelight/provenance/c2pa/crypto/ocsp.h"

#include <ctime>

#include "safelight/provenance/c2pa/crypto/internal/openssl.h"

namespace safelight::c2pa {
namespace {

/// Whether the issuer, or a responder that it certified, signed the response.
bool signed_for_issuer(OCSP_BASICRESP* basic, const Certificate& issuer, int64_t time_s) {
  const X509StorePtr store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), native(issuer));
  X509_VERIFY_PARAM* rules = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_time(rules, time_s);
  const X509StackPtr certificates = stack_of(std::span(&issuer, 1));
  return OCSP_basic_verify(basic, certificates.get(), store.get(), 0) == 1;
}

int64_t seconds_of(const ASN1_GENERALIZEDTIME* time, int64_t otherwise) {
  std::tm broken_down{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken_down) != 1) return otherwise;
  return timegm(&broken_down);
}

OcspVerdict verdict_of(OCSP_BASICRESP* basic, OCSP_CERTID* id, int64_t time_s) {
  int status = 0;
  int reason = 0;
  ASN1_GENERALIZEDTIME* revoked_at = nullptr;
  ASN1_GENERALIZEDTIME* this_update = nullptr;
  ASN1_GENERALIZEDTIME* next_update = nullptr;
  if (OCSP_resp_find_status(basic, id, &status, &reason, &revoked_at, &this_update, &next_update) !=
      1) {
    return OcspVerdict::unusable;
  }
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    // A signature made before the revocation stands, unless the key was already lost by then.
    const bool before = time_s < seconds_of(revoked_at, INT64_MIN);
    const bool key_lost =
        reason == OCSP_REVOKED_STATUS_KEYCOMPROMISE || reason == OCSP_REVOKED_STATUS_CACOMPROMISE;
    return before && !key_lost ? OcspVerdict::good : OcspVerdict::revoked;
  }
  const bool timely =
      seconds_of(this_update, INT64_MAX) <= time_s && time_s <= seconds_of(next_update, INT64_MAX);
  if (!timely) return OcspVerdict::unusable;
  return status == V_OCSP_CERTSTATUS_GOOD ? OcspVerdict::good : OcspVerdict::unknown;
}

}  // namespace

OcspVerdict check_ocsp(std::span<const std::byte> response, const Certificate& subject,
                       const Certificate& issuer, int64_t time_s) {
  OcspVerdict verdict = OcspVerdict::unusable;
  const OcspResponsePtr parsed = decode_der<OcspResponsePtr>(response, d2i_OCSP_RESPONSE);
  if (parsed != nullptr && OCSP_response_status(parsed.get()) == OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    const OcspBasicPtr basic(OCSP_response_get1_basic(parsed.get()));
    if (basic != nullptr && signed_for_issuer(basic.get(), issuer, time_s)) {
      // Responders name the issuer by a hash of their own choice.
      for (const EVP_MD* digest : {EVP_sha1(), EVP_sha256()}) {
        const OcspCertIdPtr id(OCSP_cert_to_id(digest, native(subject), native(issuer)));
        if (id == nullptr) continue;
        verdict = verdict_of(basic.get(), id.get(), time_s);
        if (verdict != OcspVerdict::unusable) break;
      }
    }
  }
  ERR_clear_error();
  return verdict;
}

}  // namespace safelight::c2pa
