#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "safelight/triage/review.h"

namespace CLI {
class App;
}

namespace safelight::app {

/// What a lab says of a case for its order of review. What is not given is as it was when the case
/// was last put in order.
struct TriageArguments {
  std::optional<uint32_t> sample;
  std::optional<uint32_t> recent_days;
  std::optional<uint32_t> beside_minutes;
  std::optional<uint32_t> radius_bits;
  std::optional<std::string> seized_on;
  std::optional<std::string> make;
  std::optional<std::string> model;
  std::optional<std::string> serial;

  void add_to(CLI::App& command);
  /// Throws UsageError for a day that is none.
  [[nodiscard]] triage::TriageOptions over(triage::TriageOptions stored) const;
};

}  // namespace safelight::app
