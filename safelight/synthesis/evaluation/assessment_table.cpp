#include "safelight/synthesis/evaluation/assessment_table.h"

#include <algorithm>

namespace safelight::synthesis {

std::optional<size_t> AssessmentTable::find(std::string_view condition) const {
  const auto found = std::find(conditions.begin(), conditions.end(), condition);
  if (found == conditions.end()) return std::nullopt;
  return static_cast<size_t>(found - conditions.begin());
}

}  // namespace safelight::synthesis
