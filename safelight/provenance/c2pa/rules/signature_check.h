#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "safelight/provenance/c2pa/crypto/certificate.h"
#include "safelight/provenance/c2pa/crypto/cose_sign1.h"
#include "safelight/provenance/c2pa/crypto/ocsp.h"
#include "safelight/provenance/c2pa/crypto/time_stamp.h"
#include "safelight/provenance/c2pa/crypto/trust_list.h"
#include "safelight/provenance/c2pa/rules/prepared_store.h"

namespace safelight::c2pa {

/// What a claim's signature came to, part by part.
struct SignatureFacts {
  bool fits = false;  ///< The signature is one over the claim, under the certificate's key.
  std::optional<SignatureAlgorithm> algorithm;
  std::optional<Certificate> signer;
  uint32_t chain_length = 0;
  std::optional<std::string_view> broken_profile_rule;
  const TrustList* signer_list = nullptr;  ///< Where the signer is trusted.
  std::optional<TimeStamp> time_stamp;
  int64_t checked_at_s = 0;      ///< The time at which the certificate had to be valid.
  bool time_is_stamped = false;  ///< That time is the time-stamp's, else the clock's.
  bool validity_asked = false;   ///< False where the checks ended before that.
  bool inside_validity = false;
  OcspVerdict revocation = OcspVerdict::unusable;
};

/// Tokens and responses that manifests carry for others, outside of the signature itself.
struct CarriedEvidence {
  std::map<std::string, std::vector<std::byte>, std::less<>> time_stamps;  ///< By manifest label.
  std::vector<std::vector<std::byte>> ocsp_responses;
};

/// Reads the `c2pa.time-stamp` and `c2pa.certificate-status` assertions of reached manifests.
CarriedEvidence carried_evidence(const PreparedStore& store, const ReferenceGraph& graph,
                                 const Limits& limits);

/// Checks the signature of a manifest's claim: structure, time-stamp, certificate, trust,
/// revocation and the signature itself. The clock is asked where no time-stamp tells the time: one
/// by an authority on no list counts for a claim of version 1 only, as other validators have it.
SignatureFacts check_signature(const PreparedManifest& manifest, const CarriedEvidence& carried,
                               const TrustSettings& trust, int64_t clock_s, const Limits& limits,
                               StatusLog& log);

}  // namespace safelight::c2pa
