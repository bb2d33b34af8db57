#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"

namespace safelight::synthesis {

/// What one cue adds to the score: weight * (value - mean) / scale.
struct CueTerm {
  std::string name;
  double mean = 0;
  double scale = 1;  ///< Over 0.
  double weight = 0;
  friend bool operator==(const CueTerm&, const CueTerm&) = default;
};

/// A linear model over the cues of a panel, and what it was made from.
struct CueModel {
  Sha256 panel;     ///< Of cue_panel_description() when it was fitted.
  Sha256 manifest;  ///< Of the bytes of the manifest that names the pictures.
  std::chrono::year_month_day made;
  uint32_t camera_pictures = 0;
  uint32_t generated_pictures = 0;
  double penalty = 0;  ///< Of the fit (logistic_regression.h).
  double intercept = 0;
  std::vector<CueTerm> terms;
  friend bool operator==(const CueModel&, const CueModel&) = default;
};

inline constexpr size_t kMaxCueModelBytes = 64 << 10;
inline constexpr size_t kMaxCueTerms = 256;
inline constexpr size_t kMaxCueNameBytes = 64;

/// The file of a model. Numbers are rounded to 10 significant digits. Source:
/// docs/formats/cue_model.md.
std::string to_text(const CueModel& model);

/// Reads exactly what to_text() writes. Errors, each at the offset of the line: truncated
/// ("cue-model.end") where the file ends within a line or before its last; unsupported
/// ("cue-model.version"); limit_exceeded ("cue-model.max-bytes" at 0, "cue-model.max-terms");
/// malformed ("cue-model.line", "cue-model.digest", "cue-model.date", "cue-model.number",
/// "cue-model.name", "cue-model.name-twice", "cue-model.scale", "cue-model.no-terms",
/// "cue-model.trailing").
Result<CueModel> parse_cue_model(std::string_view text);

/// The file of the model that is built in.
std::string_view built_in_cue_model();

}  // namespace safelight::synthesis
