#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/marks/marks_for_test.h"
#include "safelight/scan/pixel_evidence.h"

/// What tests ask of the evidence of pixels.
namespace safelight::scan {

/// The kinds of its findings, in their order.
inline std::vector<std::string> kinds(const PixelEvidence& evidence) {
  std::vector<std::string> out;
  for (const Finding& finding : evidence.findings) out.push_back(finding.kind);
  return out;
}

/// What "pixels_examined" says of one examination.
inline std::string said(const PixelEvidence& evidence, std::string_view name) {
  return marks::field(evidence.findings.at(0), name);
}

}  // namespace safelight::scan
