#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "safelight/provenance/c2pa/crypto/certificate.h"
#include "safelight/provenance/c2pa/crypto/trust_list.h"

namespace safelight::c2pa {

enum class TimeStampVerdict : uint8_t {
  malformed,         ///< No time-stamp token that can be read.
  mismatch,          ///< It is over other bytes, or its own signature does not fit.
  outside_validity,  ///< The authority's certificate was not valid at the time it states.
  untrusted,         ///< Sound; the authority is on no list.
  trusted,           ///< Sound; the authority is on a list.
};

/// A checked time-stamp token (RFC 3161).
struct TimeStamp {
  TimeStampVerdict verdict = TimeStampVerdict::malformed;
  int64_t time_s = 0;  ///< Seconds since 1970, UTC, as stated; 0 where malformed.
  std::optional<Certificate> authority;
  const TrustList* list = nullptr;  ///< Where trusted.

  /// Whether the token is a signature over these bytes, whoever made it.
  [[nodiscard]] bool sound() const { return verdict >= TimeStampVerdict::untrusted; }
};

/// Checks a token, or the whole response that holds it, as a time-stamp over `message`: that the
/// imprint is of it, that the CMS signature fits, that it names its certificate (ESS), and that
/// the certificate is one for time-stamping and was valid at the time stated.
TimeStamp check_time_stamp(std::span<const std::byte> token, std::span<const std::byte> message,
                           std::span<const TrustList> authorities);

}  // namespace safelight::c2pa
