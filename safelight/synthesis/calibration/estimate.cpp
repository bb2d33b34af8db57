#include "safelight/synthesis/calibration/estimate.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "safelight/synthesis/likelihood/verbal_scale.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kNamesShown = 8;

std::vector<GateReason> reasons_against(const DetectorIdentity& detector, const Stratum& stratum,
                                        const Calibration* calibration, const Date& today) {
  if (calibration == nullptr) {
    return {{"no_calibration", "There is no calibration of this detector."}};
  }
  if (calibration->detector.model != detector.model) {
    return {{"calibration_of_other_model", "The calibration was made for another model."}};
  }
  if (calibration->detector.preprocessing != detector.preprocessing) {
    return {{"calibration_of_other_preprocessing",
             "The calibration was made for pictures that were prepared otherwise."}};
  }
  std::vector<GateReason> reasons = gate(*calibration, today);
  if (auto of_stratum = gate_stratum(*calibration, stratum)) {
    reasons.push_back(std::move(*of_stratum));
  }
  return reasons;
}

BoundReached reached(double log10_lr, const LrBounds& bounds) {
  if (log10_lr <= bounds.lower_log10) return BoundReached::lower;
  return log10_lr >= bounds.upper_log10 ? BoundReached::upper : BoundReached::none;
}

bool is_within(const AbstentionRange& range, double log10_lr) {
  const bool camera = log10_lr > 0 && range.camera_above && log10_lr > *range.camera_above;
  const bool generated = log10_lr < 0 && range.generated_to && log10_lr <= *range.generated_to;
  return !camera && !generated;
}

/// Why a ratio within the range supports neither.
std::string_view why_within(const AbstentionRange& range, double log10_lr) {
  const bool is_certified =
      log10_lr > 0 ? range.camera_above.has_value() : range.generated_to.has_value();
  return is_certified ? "ratios this near to 1 misled too often in a group of references"
                      : "a group of references is too small to show how often such ratios mislead";
}

RatioEstimate ratio_of(double score, const Stratum& stratum, const Calibration& calibration) {
  const StratumCalibration& used = *calibration.find(stratum);
  const BoundedCalibration& line = used.calibration;
  RatioEstimate out;
  out.log10_lr = line.log10_lr(score);
  out.bounds = line.bounds;
  out.reached = reached(line.line.log10_lr(score), line.bounds);
  const bool abstained = calibration.abstention && is_within(*calibration.abstention, out.log10_lr);
  if (abstained) {
    out.verbal = "inconclusive: " + std::string(why_within(*calibration.abstention, out.log10_lr));
  } else {
    out.verbal = in_words(out.log10_lr);
    if (support_of(out.log10_lr) != Support::none) {
      out.supports = out.log10_lr > 0 ? Supports::camera : Supports::generated;
    } else {
      out.verbal = "inconclusive: " + out.verbal;
    }
  }
  out.edition = kVerbalScaleEdition;
  out.population = describe(calibration.population);
  out.references = used.references;
  out.filled_from = used.filled_from;
  out.stratum_cllr = used.held_out_cllr;
  out.cost = *calibration.equalised;
  out.manifest = calibration.manifest;
  out.made = calibration.made;
  out.expires = calibration.expires;
  return out;
}

std::string listed(std::string_view what, std::span<const CountedName> names) {
  if (names.empty()) return std::string(what) + ": not stated";
  std::vector<CountedName> by_count(names.begin(), names.end());
  std::stable_sort(
      by_count.begin(), by_count.end(),
      [](const CountedName& a, const CountedName& b) { return a.pictures > b.pictures; });
  std::string out;
  for (size_t i = 0; i < std::min(by_count.size(), kNamesShown); ++i) {
    out += (i == 0 ? ": " : ", ") + by_count[i].name + " " + std::to_string(by_count[i].pictures);
  }
  if (by_count.size() > kNamesShown) {
    out += ", " + std::to_string(by_count.size() - kNamesShown) + " more";
  }
  return std::string(what) + out;
}

}  // namespace

std::string_view to_text(Supports supports) {
  switch (supports) {
    case Supports::camera:
      return "camera";
    case Supports::generated:
      return "generated";
    case Supports::inconclusive:
      break;
  }
  return "inconclusive";
}

std::string_view to_text(BoundReached bound) {
  switch (bound) {
    case BoundReached::lower:
      return "lower";
    case BoundReached::upper:
      return "upper";
    case BoundReached::none:
      break;
  }
  return "none";
}

std::string describe(const ReferencePopulation& population) {
  return listed("sources", population.sources) + "; " +
         listed("generators", population.generators) + "; " +
         listed("camera makers", population.camera_makers);
}

Estimate estimate(const Assessment& assessment, const DetectorIdentity& detector,
                  const Calibration* calibration, const Date& today) {
  Estimate out{detector,       {}, assessment.score, assessment.stratum, assessment.cues,
               NotAssessable{}};
  if (calibration != nullptr && calibration->fusion) {
    for (const FusionMember& member : calibration->fusion->members) {
      out.fused_from.push_back(member.detector.name);
    }
  }
  if (!assessment.score) {
    out.outcome = NotAssessable{assessment.not_assessable};
  } else if (!std::isfinite(*assessment.score)) {
    out.outcome = NotAssessable{"the detector gave no finite score"};
  } else if (auto reasons = reasons_against(detector, assessment.stratum, calibration, today);
             !reasons.empty()) {
    out.outcome = CuesOnly{std::move(reasons)};
  } else {
    out.outcome = ratio_of(*assessment.score, assessment.stratum, *calibration);
  }
  return out;
}

}  // namespace safelight::synthesis
