#include "safelight/synthesis/likelihood/verbal_scale.h"

#include <cassert>
#include <cmath>

namespace safelight::synthesis {

Support support_of(double log10_lr) {
  assert(!std::isnan(log10_lr));
  const double strength = std::abs(log10_lr);
  if (strength < std::log10(2.0)) return Support::none;
  if (strength <= 1) return Support::weak;
  if (strength <= 2) return Support::moderate;
  if (strength <= 3) return Support::moderately_strong;
  if (strength <= 4) return Support::strong;
  return strength <= 6 ? Support::very_strong : Support::extremely_strong;
}

std::string_view to_text(Support support) {
  switch (support) {
    case Support::none:
      return "none";
    case Support::weak:
      return "weak";
    case Support::moderate:
      return "moderate";
    case Support::moderately_strong:
      return "moderately strong";
    case Support::strong:
      return "strong";
    case Support::very_strong:
      return "very strong";
    case Support::extremely_strong:
      return "extremely strong";
  }
  return "none";
}

std::string in_words(double log10_lr) {
  constexpr std::string_view kCamera = "a camera capture";
  constexpr std::string_view kGenerated = "a wholly generated picture";
  const Support support = support_of(log10_lr);
  if (support == Support::none) {
    return "no support for " + std::string(kCamera) + " or " + std::string(kGenerated) +
           " over the other";
  }
  const auto& supported = log10_lr > 0 ? kCamera : kGenerated;
  const auto& other = log10_lr > 0 ? kGenerated : kCamera;
  return std::string(to_text(support)) + " support for " + std::string(supported) +
         " rather than " + std::string(other);
}

}  // namespace safelight::synthesis
