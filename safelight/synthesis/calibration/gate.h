#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/synthesis/calibration/calibration.h"

namespace safelight::synthesis {

/// Why no ratio may be shown.
struct GateReason {
  std::string_view code;  ///< A stable name, of those in README.md.
  std::string sentence;   ///< In plain words.
  friend bool operator==(const GateReason&, const GateReason&) = default;
};

/// A Cllr over this one shows nothing that a case could rest on: 1 is what saying nothing costs.
inline constexpr double kMaxGateCllr = 0.9;
inline constexpr uint64_t kMinPictures = 100;  ///< Of each class.
inline constexpr uint64_t kMinSources = 5;     ///< Likewise.
/// Of each class in a stratum. The bounds of a ratio from 50 pictures reach log10(51) = 1.7 at
/// most, which is moderate support; from fewer there is hardly a ratio left to show. Fewer than
/// five sources are a few devices or models, and say little of any other.
inline constexpr uint64_t kMinStratumPictures = 50;
inline constexpr uint64_t kMinStratumSources = 5;

/// All reasons why no ratio may be shown that rests on this calibration, in the order of the rules;
/// empty where the gate is open. No figure that is not a number opens it.
std::vector<GateReason> gate(const Calibration& calibration, const Date& today);

/// Why none may be shown for a picture of that stratum; nothing where it may.
std::optional<GateReason> gate_stratum(const Calibration& calibration, const Stratum& stratum);

}  // namespace safelight::synthesis
