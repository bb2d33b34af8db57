#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/synthesis/likelihood/intervals/interval.h"
#include "safelight/synthesis/likelihood/proportion.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// Scores of one origin: one generator, or one camera or source of camera pictures.
struct ScoreGroup {
  Proposition truth = Proposition::camera;
  std::span<const double> scores;
};

struct CertifiedRate {
  double error = 0.05;  ///< Between 0 and 1, both excluded.
  double confidence = kConfidence;
};

/// Where the decision for one proposition begins.
struct CertifiedThreshold {
  /// Nothing where it cannot be certified: a group has under `least_group_size` scores.
  std::optional<double> threshold;
  size_t deciding_group = 0;  ///< The worst one, by its place; the smallest where there is nothing.
};

enum class Decision : uint8_t { camera, generated, abstain };

struct CertifiedAbstention {
  CertifiedThreshold camera_below;    ///< A lower score is called a camera's.
  CertifiedThreshold generated_from;  ///< This score and larger ones are called generated.

  [[nodiscard]] Decision decide(double score) const;
};

/// The widest decisions of which, in every group of the other class, at most `rate.error` of the
/// pictures are called wrongly, by the exact upper bound (Clopper and Pearson) of that group.
/// Pooled groups would hide the generator that a detector does not know: the worst group decides.
/// The share is of all pictures of the group and falls as a threshold moves outwards, so that
/// choosing the threshold by the same scores costs no confidence (Bates, Angelopoulos, Lei, Malik
/// and Jordan, Distribution-Free, Risk-Controlling Prediction Sets, Journal of the ACM 68, 2021,
/// theorem 1); it holds for pictures that are exchangeable with the group's, not for an unseen
/// generator. Where both ranges overlap they meet in the middle. Errors: malformed for a score that
/// is not finite, or a class without a group.
[[nodiscard]] Result<CertifiedAbstention> certify_abstention(std::span<const ScoreGroup> groups,
                                                             const CertifiedRate& rate);

/// The fewest scores of a group with which anything can be certified: none of them wrong.
[[nodiscard]] size_t least_group_size(const CertifiedRate& rate);

/// What decisions did to a group, or to several.
struct DecisionCounts {
  size_t pictures = 0;
  size_t decided = 0;
  size_t wrong = 0;

  [[nodiscard]] Proportion coverage() const { return {decided, pictures}; }
  /// What is certified.
  [[nodiscard]] Proportion error() const { return {wrong, pictures}; }
  /// Of those decided.
  [[nodiscard]] Proportion selective_error() const { return {wrong, decided}; }
  DecisionCounts& operator+=(const DecisionCounts& other);
  friend bool operator==(const DecisionCounts&, const DecisionCounts&) = default;
};

/// Of this group, which need not be one that the thresholds were made from.
[[nodiscard]] DecisionCounts count_decisions(const CertifiedAbstention& abstention,
                                             const ScoreGroup& group);

}  // namespace safelight::synthesis
