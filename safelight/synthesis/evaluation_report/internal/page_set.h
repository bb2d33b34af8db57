#pragma once

#include <string>
#include <string_view>

#include "safelight/synthesis/evaluation/evaluation.h"

/// The sections of the page that are about the evaluation as a whole, as HTML.
namespace safelight::synthesis {

/// What was asked, and what the figures are no answer to.
[[nodiscard]] std::string introduction();
[[nodiscard]] std::string warnings_section(const Evaluation& evaluation);
/// A row a detector.
[[nodiscard]] std::string headline_section(const Evaluation& evaluation);
/// What each column is, and the dash.
[[nodiscard]] std::string legend_section(const EvaluationOptions& options);
/// Whether weighing the detectors together serves. Empty where none are.
[[nodiscard]] std::string fusion_section(const Evaluation& evaluation);
/// Counts by class and source, the confound check, and what was left out.
[[nodiscard]] std::string references_section(const Evaluation& evaluation);
[[nodiscard]] std::string methods_section();
[[nodiscard]] std::string reproduction_section(const Evaluation& evaluation,
                                               std::string_view tool_version);

}  // namespace safelight::synthesis
