#pragma once

#include <optional>

#include "safelight/evidence/finding.h"
#include "safelight/traces/jpeg_structure.h"
#include "safelight/traces/trace.h"

namespace safelight::provenance {

/// Which examination of safelight/traces a Trace is the answer of.
enum class TraceOf : uint8_t {
  aligned_double_jpeg,
  shifted_double_jpeg,
  resampling,
  colour_filter_array,
};

/// A finding of Grade::weak where the trace is present, of the kind "saved_twice",
/// "saved_before_cropping", "resampled" or "colour_filter_pattern". Nothing otherwise: that a trace
/// is not found, or cannot be assessed, says nothing about the picture.
std::optional<Finding> trace_finding(TraceOf what, const traces::Trace& trace);

/// What the encoder of a JPEG chose, as one "jpeg_structure" of Grade::fact.
Finding jpeg_structure_finding(const traces::JpegStructure& structure);

}  // namespace safelight::provenance
