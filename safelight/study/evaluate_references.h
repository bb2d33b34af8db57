#pragma once

#include <cstddef>
#include <span>

#include "safelight/study/examine_references.h"
#include "safelight/synthesis/evaluation/duplicates.h"
#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::study {

/// Takes references out that repeat an earlier one; they go to `left_out`. `repeated` are places,
/// rising.
void leave_out_repeated(std::span<const size_t> repeated, ExaminedReferences& examined);

/// Measures every detector. Of the built-in model there are two: as it is shipped, unless it was
/// fitted to this very manifest, and fitted anew in each fold to what the fold may learn from.
/// Where two or more were not fitted to this manifest, they are measured fused as well. Depends on
/// its parameters alone.
synthesis::Evaluation evaluate_references(const ExaminedReferences& examined,
                                          const Sha256& manifest,
                                          const synthesis::EvaluationOptions& options);

/// What a fusion of these detectors says of each reference when its weights were learnt without the
/// reference's source: what a calibration of it is made of.
synthesis::AssessmentTable fused_table(const ExaminedReferences& examined,
                                       const synthesis::Fusion& fusion);

}  // namespace safelight::study
