#include "safelight/synthesis/calibration/stated_assessment.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "safelight/base/number_text.h"

namespace safelight::synthesis {
namespace {

constexpr std::string_view kNotAssessable = "origin_not_assessable";

Error bad(std::string_view rule) { return {ErrorCode::malformed, rule}; }

/// The field of that name; nothing where there is none or more than one.
std::optional<std::string_view> only_field(const Finding& finding, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [field, text] : finding.fields) {
    if (field != name) continue;
    if (found) return std::nullopt;
    found = text;
  }
  return found;
}

std::optional<double> finite_number(std::string_view text) {
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

Result<Sha256> digest_in(const Finding& finding, std::string_view name, std::string_view rule) {
  const auto text = only_field(finding, name);
  if (!text) return bad(rule);
  const auto digest = parse_hex<Sha256>(*text);
  if (!digest) return bad(rule);
  return *digest;
}

Result<Stratum> stratum_in(const Finding& finding) {
  const auto text = only_field(finding, "stratum");
  for (const Stratum& stratum : all_strata()) {
    if (text == describe(stratum)) return stratum;
  }
  return bad("stated-assessment.stratum");
}

Result<std::vector<Cue>> cues_in(const Finding& finding) {
  constexpr std::string_view kRule = "stated-assessment.cue";
  std::vector<Cue> cues;
  for (const auto& [name, text] : finding.fields) {
    if (name != "cue") continue;
    // A name may have spaces, a number has none.
    const size_t space = text.rfind(' ');
    if (space == std::string::npos || cues.size() == kToldCues) return bad(kRule);
    const auto value = finite_number(std::string_view(text).substr(space + 1));
    if (!value) return bad(kRule);
    cues.push_back({text.substr(0, space), *value});
  }
  return cues;
}

double as_written(double value, int digits) {
  if (!std::isfinite(value)) return value;
  return finite_number(significant_text(value, digits)).value_or(value);
}

}  // namespace

Assessment as_stated(Assessment assessment) {
  if (assessment.score) assessment.score = as_written(*assessment.score, kScoreDigits);
  assessment.cues.resize(std::min(kToldCues, assessment.cues.size()));
  for (Cue& cue : assessment.cues) cue.value = as_written(cue.value, kCueDigits);
  return assessment;
}

bool states_assessment(const Finding& finding) {
  return finding.kind == "origin_estimate" || finding.kind == "origin_cues" ||
         finding.kind == kNotAssessable;
}

bool is_fused(const Finding& finding) {
  return states_assessment(finding) &&
         std::any_of(finding.fields.begin(), finding.fields.end(),
                     [](const auto& field) { return field.first == "fused_from"; });
}

Result<StatedAssessment> read_stated_assessment(const Finding& finding) {
  if (!states_assessment(finding)) return bad("stated-assessment.kind");
  StatedAssessment out;
  const auto detector = only_field(finding, "detector");
  if (!detector) return bad("stated-assessment.detector");
  out.detector.name = *detector;
  SAFELIGHT_TRY(out.detector.model, digest_in(finding, "model", "stated-assessment.model"));
  SAFELIGHT_TRY(out.detector.preprocessing,
                digest_in(finding, "preprocessing", "stated-assessment.preprocessing"));
  SAFELIGHT_TRY(out.assessment.stratum, stratum_in(finding));
  if (finding.kind == kNotAssessable) {
    const auto why = only_field(finding, "why");
    if (!why) return bad("stated-assessment.why");
    out.assessment.not_assessable = *why;
  } else {
    const auto text = only_field(finding, "score");
    out.assessment.score = text ? finite_number(*text) : std::nullopt;
    if (!out.assessment.score) return bad("stated-assessment.score");
  }
  SAFELIGHT_TRY(out.assessment.cues, cues_in(finding));
  return out;
}

}  // namespace safelight::synthesis
