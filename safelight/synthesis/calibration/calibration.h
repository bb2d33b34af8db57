#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "safelight/hash/digests.h"
#include "safelight/synthesis/calibration/date.h"
#include "safelight/synthesis/detectors/detector.h"
#include "safelight/synthesis/fusion/fusion.h"
#include "safelight/synthesis/likelihood/fit/bounded_calibration.h"
#include "safelight/synthesis/likelihood/intervals/interval.h"

namespace safelight::synthesis {

/// Pictures of one class, and how many sources they come from.
struct ClassCounts {
  uint64_t pictures = 0;
  uint64_t sources = 0;
  friend bool operator==(const ClassCounts&, const ClassCounts&) = default;
};

struct ReferenceCounts {
  ClassCounts camera;
  ClassCounts generated;
  friend bool operator==(const ReferenceCounts&, const ReferenceCounts&) = default;
};

/// A Cllr (measures/cllr.h) of references that the calibration behind it has not seen: one source
/// at a time is left out.
struct HeldOutCost {
  double cllr = 0;
  Interval interval;  ///< 95 %, by a bootstrap over sources.
  friend bool operator==(const HeldOutCost&, const HeldOutCost&) = default;
};

/// Where a log10 LR begins to say something; certified on the worst group of references. Between
/// both nothing is said.
struct AbstentionRange {
  /// Up to this one, and not over 0, it supports that all was generated. Nothing: never.
  std::optional<double> generated_to;
  /// Over this one, and over 0, it supports a camera. Nothing: never. Not under `generated_to`.
  std::optional<double> camera_above;
  friend bool operator==(const AbstentionRange&, const AbstentionRange&) = default;
};

/// What the scores of one stratum are worth.
struct StratumCalibration {
  Stratum stratum;
  ReferenceCounts references;  ///< That the line was fitted to.
  BoundedCalibration calibration;
  std::optional<double> held_out_cllr;
  /// Conditions whose transformed copies of the references were taken in, so that the stratum has
  /// enough, such as "jpeg_75"; empty where all are as they were found.
  std::vector<std::string> filled_from;
  friend bool operator==(const StratumCalibration&, const StratumCalibration&) = default;
};

struct CountedName {
  std::string name;
  uint64_t pictures = 0;
  friend bool operator==(const CountedName&, const CountedName&) = default;
};

/// What the references are, so that a reader sees what was measured and what was not. Each list is
/// sorted by name.
struct ReferencePopulation {
  std::vector<CountedName> sources;
  std::vector<CountedName> generators;
  std::vector<CountedName> camera_makers;
  friend bool operator==(const ReferencePopulation&, const ReferencePopulation&) = default;
};

/// What the scores of one detector are worth, as far as one set of references shows it, and the
/// figures by which the gate decides whether a ratio may be shown.
struct Calibration {
  DetectorIdentity detector;
  /// Detectors weighed together, whose identity `detector` is; nothing where it is one by itself.
  std::optional<Fusion> fusion;
  Sha256 manifest;  ///< Of the manifest's bytes.
  Date made{};
  Date expires{};  ///< The first day on which it no longer holds.
  ReferenceCounts references;
  /// How well size, format and metadata alone tell the classes apart; nothing where that could not
  /// be measured, and the set is flagged for that.
  std::optional<double> confound_auc;
  bool confounded = false;               ///< Whether the set is flagged.
  std::optional<HeldOutCost> equalised;  ///< With the same resize and JPEG for both classes.
  std::optional<HeldOutCost> clean;      ///< Of the references as they were found.
  std::optional<AbstentionRange> abstention;
  ReferencePopulation population;
  std::vector<StratumCalibration> strata;  ///< In the order of all_strata(), each once at most.

  /// That of a stratum; null where there is none.
  [[nodiscard]] const StratumCalibration* find(const Stratum& stratum) const;
  friend bool operator==(const Calibration&, const Calibration&) = default;
};

/// The detectors whose scores it reads: its own, or the members of its fusion.
std::vector<DetectorIdentity> detectors_of(const Calibration& calibration);

/// How long a calibration holds where nothing else is asked for: generators move.
inline constexpr int kValidDays = 180;

}  // namespace safelight::synthesis
