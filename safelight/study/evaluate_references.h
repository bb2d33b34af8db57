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
/// Depends on its parameters alone.
synthesis::Evaluation evaluate_references(const ExaminedReferences& examined,
                                          const Sha256& manifest,
                                          const synthesis::EvaluationOptions& options);

}  // namespace safelight::study
