#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace safelight::synthesis {

/// To be printed wherever the scale is used.
inline constexpr std::string_view kVerbalScaleEdition =
    "ENFSI Guideline for Evaluative Reporting in Forensic Science, version 3.0 (2015)";

/// How strongly a likelihood ratio, or its inverse, supports a proposition against the other.
enum class Support : uint8_t {
  none,               ///< Under 2.
  weak,               ///< 2 to 10.
  moderate,           ///< To 100.
  moderately_strong,  ///< To 1,000.
  strong,             ///< To 10,000.
  very_strong,        ///< To 1,000,000.
  extremely_strong,   ///< Over 1,000,000.
};

/// For either sign. The guideline's ranges share their ends: a ratio that is one is in the weaker.
/// `log10_lr` is not NaN.
[[nodiscard]] Support support_of(double log10_lr);

/// "none", "weak", ..., "extremely strong".
[[nodiscard]] std::string_view to_text(Support support);

/// Such as "moderate support for a camera capture rather than a wholly generated picture", or that
/// neither is supported.
[[nodiscard]] std::string in_words(double log10_lr);

}  // namespace safelight::synthesis
