#include "safelight/synthesis/calibration/estimate_finding.h"

#include <algorithm>
#include <span>

#include "safelight/base/number_text.h"
#include "safelight/synthesis/calibration/stated_assessment.h"

namespace safelight::synthesis {
namespace {

constexpr std::string_view kPropositions =
    "Held against each other are that a camera took the picture, perhaps recompressed or resized "
    "since, and that a model generated all of it; edits, face swaps, image-to-image and "
    "photographs of screens are neither.";
constexpr std::string_view kOfTheSameScores =
    "It is made of the scores of the detectors it is a fusion of: it stands in place of their "
    "ratios, and is not to be multiplied with them. ";
constexpr int kRatioDigits = 2;  // Bounds are known to a hundredth.

std::string ratio_text(double value) { return fixed_text(value, kRatioDigits); }

void add_detector(Finding& finding, const Estimate& estimate) {
  finding.fields.emplace_back("detector", estimate.detector.name);
  finding.fields.emplace_back("model", to_hex(estimate.detector.model));
  finding.fields.emplace_back("preprocessing", to_hex(estimate.detector.preprocessing));
  for (const std::string& member : estimate.fused_from) {
    finding.fields.emplace_back("fused_from", member);
  }
  finding.fields.emplace_back("stratum", describe(estimate.stratum));
  if (estimate.score) {
    finding.fields.emplace_back("score", significant_text(*estimate.score, kScoreDigits));
  }
}

void add_cues(Finding& finding, const Estimate& estimate) {
  for (const Cue& cue : std::span(estimate.cues).first(std::min(kToldCues, estimate.cues.size()))) {
    finding.fields.emplace_back("cue", cue.name + " " + significant_text(cue.value, kCueDigits));
  }
}

/// "detector NAME": what a statement begins with.
std::string detector_words(const Estimate& estimate) {
  return "Detector \"" + estimate.detector.name + "\"";
}

std::string limit_words(const RatioEstimate& ratio) {
  if (ratio.reached == BoundReached::none) return "";
  return ", cut to the " + std::string(to_text(ratio.reached)) +
         " bound of what its references support";
}

std::string outcome_words(const RatioEstimate& ratio) {
  switch (ratio.supports) {
    case Supports::camera:
      return "supports a camera: ";
    case Supports::generated:
      return "supports wholly generated: ";
    case Supports::inconclusive:
      break;
  }
  return "is ";
}

Finding finding_of(const RatioEstimate& ratio, const Estimate& estimate) {
  Finding finding;
  finding.kind = "origin_estimate";
  finding.grade = Grade::weak;
  finding.statement =
      detector_words(estimate) + " " + outcome_words(ratio) + ratio.verbal +
      " (log10 likelihood ratio " + ratio_text(ratio.log10_lr) + limit_words(ratio) + "). " +
      std::string(estimate.fused_from.empty() ? "" : kOfTheSameScores) + std::string(kPropositions);
  add_detector(finding, estimate);
  const auto add = [&](std::string_view name, std::string text) {
    finding.fields.emplace_back(name, std::move(text));
  };
  add("supports", std::string(to_text(ratio.supports)));
  add("log10_lr", ratio_text(ratio.log10_lr));
  add("lower_bound", ratio_text(ratio.bounds.lower_log10));
  add("upper_bound", ratio_text(ratio.bounds.upper_log10));
  add("bound_reached", std::string(to_text(ratio.reached)));
  add("verbal", ratio.verbal);
  add("edition", ratio.edition);
  add("population", ratio.population);
  add("n_camera", std::to_string(ratio.references.camera.pictures));
  add("n_generated", std::to_string(ratio.references.generated.pictures));
  add("camera_sources", std::to_string(ratio.references.camera.sources));
  add("generated_sources", std::to_string(ratio.references.generated.sources));
  for (const std::string& condition : ratio.filled_from) add("filled_from", condition);
  if (ratio.stratum_cllr) add("stratum_cllr", ratio_text(*ratio.stratum_cllr));
  add("cllr", ratio_text(ratio.cost.cllr));
  add("cllr_lower", ratio_text(ratio.cost.interval.lower));
  add("cllr_upper", ratio_text(ratio.cost.interval.upper));
  add("manifest", to_hex(ratio.manifest));
  add("calibrated", to_text(ratio.made));
  add("expires", to_text(ratio.expires));
  add_cues(finding, estimate);
  return finding;
}

Finding finding_of(const CuesOnly& cues, const Estimate& estimate) {
  Finding finding;
  finding.kind = "origin_cues";
  finding.statement = detector_words(estimate) +
                      " has no valid calibration: cues only, which are evidence of nothing yet. "
                      "Why: ";
  for (const GateReason& reason : cues.reasons) finding.statement += reason.sentence + " ";
  finding.statement += kPropositions;
  add_detector(finding, estimate);
  for (const GateReason& reason : cues.reasons) {
    finding.fields.emplace_back("reason", reason.code);
  }
  add_cues(finding, estimate);
  return finding;
}

Finding finding_of(const NotAssessable& outcome, const Estimate& estimate) {
  Finding finding;
  finding.kind = "origin_not_assessable";
  finding.statement = detector_words(estimate) + " cannot assess the picture: " + outcome.why +
                      ". " + std::string(kPropositions);
  add_detector(finding, estimate);
  finding.fields.emplace_back("why", outcome.why);
  add_cues(finding, estimate);
  return finding;
}

}  // namespace

Finding estimate_finding(const Estimate& estimate) {
  return std::visit([&](const auto& outcome) { return finding_of(outcome, estimate); },
                    estimate.outcome);
}

}  // namespace safelight::synthesis
