#pragma once

#include <bit>
#include <optional>

#include "api/safelight.h"

#include "safelight/hash/fingerprint.h"

/// Values of C as ours, and back.
namespace safelight::api {

static_assert(sizeof(sl_fingerprint) == sizeof(FingerprintBytes));
static_assert(SL_ORIENTATIONS == kOrientations);
static_assert(SL_DEFAULT_RADIUS == kDefaultRadiusBits && SL_MIN_QUALITY == kMinPdqQuality);

inline Fingerprint from_c(const sl_fingerprint& fingerprint) {
  return fingerprint_from_bytes(std::bit_cast<FingerprintBytes>(fingerprint));
}

inline sl_fingerprint to_c(const Fingerprint& fingerprint) {
  return std::bit_cast<sl_fingerprint>(to_bytes(fingerprint));
}

inline int32_t to_c(PdqMode mode) {
  return mode == PdqMode::reference ? SL_MODE_REFERENCE : SL_MODE_FULL;
}

inline std::optional<PdqMode> mode_from_c(int32_t mode) {
  if (mode == SL_MODE_REFERENCE) return PdqMode::reference;
  if (mode == SL_MODE_FULL) return PdqMode::full;
  return std::nullopt;
}

inline sl_hash to_c(const PdqHash& hash) {
  return {to_c(hash.fingerprint), to_c(hash.mode), hash.quality};
}

}  // namespace safelight::api
