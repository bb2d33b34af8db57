#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "safelight/synthesis/evaluation/held_out.h"
#include "safelight/synthesis/likelihood/fit/pav.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"
#include "safelight/synthesis/likelihood/measures/misleading_evidence.h"
#include "safelight/synthesis/likelihood/measures/posterior_quality.h"

namespace safelight::synthesis {

/// Empirical cross-entropies, in bits, at one prior.
struct CrossEntropyPoint {
  double prior_log10_odds = 0;  ///< Of H1.
  double detector = 0;
  double pav = 0;            ///< After the best non-decreasing change of the ratios.
  double ratios_of_one = 0;  ///< Of whoever learns nothing.
};

/// Prior log10 odds from -2 to 2, by steps of a tenth.
inline constexpr size_t kCrossEntropyPoints = 41;

/// What is drawn of held-out scores. Without curves where a class has none.
struct Curves {
  size_t camera = 0;  ///< Pictures behind them.
  size_t generated = 0;
  std::vector<TippettPoint> tippett;
  std::vector<RocPoint> roc;
  std::vector<ReliabilityBin> reliability;
  std::vector<CrossEntropyPoint> cross_entropy;
  std::vector<PavBlock> pav;

  [[nodiscard]] bool is_empty() const { return tippett.empty(); }
};

[[nodiscard]] Curves curves_of(std::span<const Reference> references,
                               const HeldOutScores& held_out);

}  // namespace safelight::synthesis
