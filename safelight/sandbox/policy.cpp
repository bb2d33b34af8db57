#include "safelight/sandbox/policy.h"

namespace safelight::sandbox {

std::string refusal(const Report& report, Degraded degraded) {
  if (degraded == Degraded::allow) return {};
  const std::vector<Property> missing = report.missing();
  const bool is_due_to_sanitizer =
      report.sanitizer_build && missing.size() == 1 && missing.front() == Property::bounded_memory;
  if (missing.empty() || is_due_to_sanitizer) return {};
  std::string text = "not enforced: ";
  for (const Property property : missing) {
    if (property != missing.front()) text += ", ";
    text += to_text(property);
  }
  return text;
}

}  // namespace safelight::sandbox
