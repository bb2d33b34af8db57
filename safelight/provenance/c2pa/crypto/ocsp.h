#pragma once

#include <cstdint>
#include <span>

#include "safelight/provenance/c2pa/crypto/certificate.h"

namespace safelight::c2pa {

/// What a stapled OCSP response (RFC 6960) says about a certificate.
enum class OcspVerdict : uint8_t {
  unusable,  ///< Damaged, about another certificate, signed by somebody else, or of another time.
  unknown,   ///< The responder does not know the certificate.
  good,
  revoked,  ///< At or before the time asked about, or for a reason that reaches back.
};

/// Checks one response about `subject`, which `issuer` issued. The response counts only where the
/// issuer, or a responder that it certified for OCSP, signed it.
OcspVerdict check_ocsp(std::span<const std::byte> response, const Certificate& subject,
                       const Certificate& issuer, int64_t time_s);

}  // namespace safelight::c2pa
