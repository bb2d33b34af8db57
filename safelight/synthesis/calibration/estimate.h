#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "safelight/synthesis/calibration/calibration.h"
#include "safelight/synthesis/calibration/gate.h"
#include "safelight/synthesis/detectors/detector.h"

namespace safelight::synthesis {

/// What an estimate comes to.
enum class Supports : uint8_t {
  camera,        ///< H1 rather than H2.
  generated,     ///< H2 rather than H1.
  inconclusive,  ///< Neither: within the abstention range, or too near to a ratio of 1 for a word.
};

/// "camera", "generated", "inconclusive".
std::string_view to_text(Supports supports);

/// Whether the ratio was cut to what the references support.
enum class BoundReached : uint8_t { none, lower, upper };

/// "none", "lower", "upper".
std::string_view to_text(BoundReached bound);

/// A ratio that has earned it, and all that is needed to read it.
struct RatioEstimate {
  double log10_lr = 0;  ///< Within `bounds`. Over 0 it supports a camera.
  LrBounds bounds;
  BoundReached reached = BoundReached::none;
  Supports supports = Supports::inconclusive;
  std::string verbal;                    ///< In the words of the scale, or why it is inconclusive.
  std::string edition;                   ///< Of the scale.
  std::string population;                ///< What the references are.
  ReferenceCounts references;            ///< Of the picture's stratum.
  std::vector<std::string> filled_from;  ///< StratumCalibration::filled_from.
  std::optional<double> stratum_cllr;    ///< StratumCalibration::held_out_cllr.
  HeldOutCost cost;                      ///< In the equalised condition.
  Sha256 manifest;
  Date made{};
  Date expires{};
};

/// No ratio may be shown; what was measured may.
struct CuesOnly {
  std::vector<GateReason> reasons;  ///< Never empty.
};

struct NotAssessable {
  std::string why;
};

/// What is said of one picture. Every form says the same of the two propositions (detector.h).
struct Estimate {
  DetectorIdentity detector;
  std::vector<std::string> fused_from;  ///< Names of the members of a fusion; else none.
  std::optional<double> score;  ///< Of the detector: by another calibration it may tell more.
  Stratum stratum;
  std::vector<Cue> cues;
  std::variant<NotAssessable, CuesOnly, RatioEstimate> outcome;
};

/// Of what a detector says of a picture, by a calibration, if there is one. A calibration of
/// another model or another preprocessing is not used.
Estimate estimate(const Assessment& assessment, const DetectorIdentity& detector,
                  const Calibration* calibration, const Date& today);

/// The references in a line: sources, generators and camera makers with the number of pictures, the
/// most frequent first, eight at most, and how many more there are.
std::string describe(const ReferencePopulation& population);

}  // namespace safelight::synthesis
