#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/synthesis/evaluation/held_out.h"
#include "safelight/synthesis/likelihood/intervals/bootstrap.h"
#include "safelight/synthesis/likelihood/intervals/certified_abstention.h"
#include "safelight/synthesis/likelihood/measures/misleading_evidence.h"

namespace safelight::synthesis {

/// What is fixed on clean material before a sweep.
struct OperatingPoint {
  double false_positive_rate = 0;  ///< Aimed at.
  double threshold = 0;            ///< A score from this on is called generated.
};

/// References that a certified threshold must hold for by themselves: those of one generator, or
/// the camera pictures of one source.
struct CertifiedGroup {
  std::string name;
  size_t pictures = 0;  ///< With a held-out score.

  friend bool operator==(const CertifiedGroup&, const CertifiedGroup&) = default;
};

/// Decisions that are held against every condition, made from the clean one.
struct FixedDecisions {
  std::array<OperatingPoint, 2> points;  ///< At 1 % and 5 % false positives.
  /// On the log10 LR, negated so that a larger one speaks for H2. Nothing where it cannot be made.
  std::optional<CertifiedAbstention> abstention;
  /// The worst group, which decided where each side of `abstention` begins, or the smallest, which
  /// kept it from being certified. Empty where there is no abstention.
  CertifiedGroup camera_decided_by;     ///< A generator.
  CertifiedGroup generated_decided_by;  ///< A source of camera pictures.
};

/// Of held-out scores of the clean condition.
FixedDecisions fix_decisions(std::span<const Reference> references, const HeldOutScores& clean);

/// How a detector fares with some references under one condition. Figures are NaN where a class is
/// empty.
struct Cell {
  struct AtPoint {
    double true_positive_rate = 0;   ///< At the aimed rate in this cell itself.
    double fixed_true_positive = 0;  ///< At the threshold that was fixed on clean material.
    double fixed_false_positive = 0;
  };

  size_t camera = 0;  ///< Assessed.
  size_t generated = 0;
  size_t camera_not_assessed = 0;
  size_t generated_not_assessed = 0;
  BootstrapInterval auc;
  BootstrapInterval cllr;
  std::array<AtPoint, 2> at;     ///< By FixedDecisions::points.
  double balanced_accuracy = 0;  ///< A log10 LR under 0 is called generated.
  double cllr_min = 0;
  double cllr_cal = 0;
  double expected_calibration_error = 0;
  double brier = 0;
  MisleadingEvidence misleading;
  DecisionCounts decisions;  ///< With the fixed abstention; none decided where there is none.
};

/// Measures the rows given. Intervals are by the cluster bootstrap over sources.
Cell measure_cell(std::span<const Reference> references, const HeldOutScores& held_out,
                  std::span<const size_t> rows, const FixedDecisions& fixed,
                  const BootstrapOptions& bootstrap);

}  // namespace safelight::synthesis
