#include "safelight/synthesis/likelihood/intervals/certified_abstention.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "safelight/synthesis/likelihood/internal/cut_between.h"
#include "safelight/synthesis/likelihood/intervals/proportion_interval.h"

namespace safelight::synthesis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// How many of `of` may be wrong so that the bound holds; nothing if none may.
std::optional<size_t> most_wrong(size_t of, const CertifiedRate& rate) {
  const auto holds = [&](size_t count) {
    return clopper_pearson_upper_bound({count, of}, rate.confidence) <= rate.error;
  };
  if (!holds(0)) return std::nullopt;
  size_t holding = 0;
  size_t failing = of;
  while (failing - holding > 1) {
    const size_t middle = holding + (failing - holding) / 2;
    (holds(middle) ? holding : failing) = middle;
  }
  return holding;
}

/// The least threshold from which at most the certified share of each group is reached. `all` are
/// the scores of every group of both classes, sorted.
CertifiedThreshold least_from(std::span<const std::vector<double>> groups,
                              std::span<const size_t> places, std::span<const double> all,
                              const CertifiedRate& rate) {
  CertifiedThreshold out;
  size_t smallest = 0;
  for (size_t i = 1; i < groups.size(); ++i) {
    if (groups[i].size() < groups[smallest].size()) smallest = i;
  }
  if (!most_wrong(groups[smallest].size(), rate)) {
    out.deciding_group = places[smallest];
    return out;
  }
  double not_reached = -kInfinity;
  for (size_t i = 0; i < groups.size(); ++i) {
    std::vector<double> scores = groups[i];
    const auto place = scores.begin() + static_cast<ptrdiff_t>(*most_wrong(scores.size(), rate));
    std::ranges::nth_element(scores, place, std::greater<>());
    if (*place > not_reached) {
      not_reached = *place;
      out.deciding_group = places[i];
    }
  }
  const auto above = std::ranges::upper_bound(all, not_reached);
  out.threshold = above == all.end() ? std::nextafter(not_reached, kInfinity)
                                     : cut_between(not_reached, *above);
  return out;
}

/// Groups of one class.
struct Side {
  std::vector<std::vector<double>> groups;
  std::vector<size_t> places;
};

}  // namespace

Decision CertifiedAbstention::decide(double score) const {
  if (camera_below.threshold && score < *camera_below.threshold) return Decision::camera;
  if (generated_from.threshold && score >= *generated_from.threshold) return Decision::generated;
  return Decision::abstain;
}

Result<CertifiedAbstention> certify_abstention(std::span<const ScoreGroup> groups,
                                               const CertifiedRate& rate) {
  assert(rate.error > 0 && rate.error < 1);
  Side camera;
  Side generated;  // With scores negated: what is reached from below is reached from above.
  std::vector<double> all;
  for (size_t place = 0; place < groups.size(); ++place) {
    const ScoreGroup& group = groups[place];
    if (!std::ranges::all_of(group.scores, [](double s) { return std::isfinite(s); })) {
      return Error{ErrorCode::malformed, "abstention.not-finite"};
    }
    Side& side = group.truth == Proposition::camera ? camera : generated;
    side.groups.emplace_back(group.scores.begin(), group.scores.end());
    if (group.truth == Proposition::generated) {
      for (double& score : side.groups.back()) score = -score;
    }
    side.places.push_back(place);
    all.insert(all.end(), group.scores.begin(), group.scores.end());
  }
  if (camera.groups.empty() || generated.groups.empty()) {
    return Error{ErrorCode::malformed, "abstention.one-class"};
  }
  std::ranges::sort(all);
  CertifiedAbstention out;
  out.generated_from = least_from(camera.groups, camera.places, all, rate);
  for (double& score : all) score = -score;
  std::ranges::reverse(all);
  out.camera_below = least_from(generated.groups, generated.places, all, rate);

  auto& below = out.camera_below.threshold;
  auto& from = out.generated_from.threshold;
  // A score just at the negated threshold would be reached too.
  if (below) *below = std::nextafter(-*below, kInfinity);
  if (below && from && *below > *from) below = from = *from + (*below - *from) / 2;
  return out;
}

size_t least_group_size(const CertifiedRate& rate) {
  // (1 - error)^n is what the bound of none leaves.
  const double about = std::log(1 - rate.confidence) / std::log1p(-rate.error);
  auto size = static_cast<size_t>(std::max(1.0, std::floor(about) - 1));
  while (!most_wrong(size, rate)) ++size;
  return size;
}

DecisionCounts& DecisionCounts::operator+=(const DecisionCounts& other) {
  pictures += other.pictures;
  decided += other.decided;
  wrong += other.wrong;
  return *this;
}

DecisionCounts count_decisions(const CertifiedAbstention& abstention, const ScoreGroup& group) {
  const Decision right =
      group.truth == Proposition::camera ? Decision::camera : Decision::generated;
  DecisionCounts counts;
  for (const double score : group.scores) {
    const Decision decision = abstention.decide(score);
    ++counts.pictures;
    if (decision == Decision::abstain) continue;
    ++counts.decided;
    if (decision != right) ++counts.wrong;
  }
  return counts;
}

}  // namespace safelight::synthesis
