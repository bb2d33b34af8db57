#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/crypto/certificate.h"
#include "safelight/provenance/c2pa/limits.h"

namespace safelight::c2pa {

/// The signature algorithms that the specification allows (section 13.2).
enum class SignatureAlgorithm : uint8_t { es256, es384, es512, ps256, ps384, ps512, ed25519 };

std::string_view to_text(SignatureAlgorithm algorithm);

/// What a time-stamp in a signature's header is over.
enum class TimeStampForm : uint8_t {
  claim,      ///< `sigTst`: the claim.
  signature,  ///< `sigTst2`: the signature.
};

struct TimeStampField {
  TimeStampForm form = TimeStampForm::claim;
  /// The tokens found. The specification allows exactly one.
  std::vector<std::vector<std::byte>> tokens;
};

/// A COSE_Sign1 with detached payload (RFC 9052 section 4.2), as a claim signature box holds it.
struct CoseSign1 {
  std::optional<SignatureAlgorithm> algorithm;  ///< Nothing for one that is not allowed.
  std::vector<std::byte> protected_header;      ///< Encoded, as signed.
  std::vector<std::byte> signature;
  std::vector<std::vector<std::byte>> chain;  ///< DER, the signer's own certificate first.
  std::optional<TimeStampField> time_stamp;
  std::vector<std::vector<std::byte>> ocsp_responses;  ///< From `rVals`.
  bool padding_is_zero = true;  ///< Of the header fields that only fill space.
};

/// Takes apart the content of a claim signature box. Errors: those of decode_cbor(); malformed
/// ("cose.*") for another structure, an attached payload, certificates in two places or none;
/// limit_exceeded by max_certificates.
Result<CoseSign1> parse_cose_sign1(std::span<const std::byte> cbor, const Limits& limits);

/// The bytes that a signature (`Signature1`) or a time-stamp (`CounterSignature`) covers.
std::vector<std::byte> signed_structure(std::string_view context, const CoseSign1& cose,
                                        std::span<const std::byte> payload);

/// Whether the signature has the form that COSE asks for: r and s side by side, not DER.
bool has_cose_form(const CoseSign1& cose);

/// Whether the signature fits `payload` under the certificate's key. False too for a key of another
/// kind than the algorithm takes.
bool signature_fits(const CoseSign1& cose, const Certificate& signer,
                    std::span<const std::byte> payload);

}  // namespace safelight::c2pa
