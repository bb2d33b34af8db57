#include <cstdlib>
#include <string_view>

#include "safelight/synthesis/calibration/estimate_finding.h"
#include "safelight/synthesis/calibration/stated_assessment.h"

namespace {

using namespace safelight;
using namespace safelight::synthesis;

/// A line is a field, its name up to a tab; the first is the kind alone.
Finding finding_of(std::string_view text) {
  Finding finding;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const size_t tab = line.find('\t');
    if (finding.kind.empty()) {
      finding.kind = line;
    } else if (tab != std::string_view::npos) {
      finding.fields.emplace_back(line.substr(0, tab), line.substr(tab + 1));
    }
  }
  return finding;
}

Finding cues_only(const StatedAssessment& stated) {
  return estimate_finding(estimate(stated.assessment, stated.detector, nullptr, Date{}));
}

}  // namespace

/// What is read is stated so that it is read again: as stated, and from then on the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read = read_stated_assessment(finding_of({reinterpret_cast<const char*>(data), size}));
  if (!read) return 0;
  const Finding finding = cues_only(*read);
  const auto again = read_stated_assessment(finding);
  if (!again || again->detector != read->detector) std::abort();
  if (again->assessment != as_stated(read->assessment)) std::abort();
  if (cues_only(*again) != finding) std::abort();
  return 0;
}
