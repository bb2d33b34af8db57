#include "safelight/synthesis/fusion/fusion.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/likelihood/fit/figure_text.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kMaxNameBytes = 128;  // As of any detector.

std::string name_of(const std::vector<FusionMember>& members) {
  std::string out = "fusion of ";
  for (const FusionMember& member : members) {
    out += (&member == members.data() ? "" : " + ") + member.detector.name;
  }
  return out.size() <= kMaxNameBytes ? out
                                     : "fusion of " + std::to_string(members.size()) + " detectors";
}

}  // namespace

double Fusion::score(std::span<const double> scores) const {
  assert(scores.size() == members.size());
  double log10_lr = offset;
  for (size_t i = 0; i < members.size(); ++i) {
    log10_lr += members[i].weight * members[i].calibration.log10_lr(scores[i]);
  }
  return -log10_lr;
}

DetectorIdentity Fusion::identity() const {
  std::string preparation;
  std::string model;
  for (const FusionMember& member : members) {
    preparation += to_hex(member.detector.preprocessing) + "\n";
    model += to_hex(member.detector.model) + " " +
             coefficient_text(member.calibration.line.offset) + " " +
             coefficient_text(member.calibration.line.slope) + " " +
             bound_text(member.calibration.bounds.lower_log10) + " " +
             bound_text(member.calibration.bounds.upper_log10) + " " +
             coefficient_text(member.weight) + "\n";
  }
  model += coefficient_text(offset) + "\n";
  const auto digest = [](const std::string& text) {
    return sha256_of(std::as_bytes(std::span(text)));
  };
  return {name_of(members), digest(model), digest(preparation)};
}

bool Fusion::weighs_as_declared() const {
  return std::all_of(members.begin(), members.end(), [](const FusionMember& member) {
    return member.weight > 0 && member.calibration.line.direction() == ScoreDirection::as_declared;
  });
}

}  // namespace safelight::synthesis
