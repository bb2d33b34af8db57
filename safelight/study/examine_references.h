#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "safelight/scan/examiner.h"
#include "safelight/synthesis/evaluation/evaluation.h"
#include "safelight/synthesis/evaluation/manifest.h"
#include "safelight/synthesis/evaluation/score_cache.h"
#include "safelight/synthesis/workers/assessor.h"

namespace safelight::study {

/// What examining the pictures of a manifest needs to know.
struct StudyOptions {
  scan::ExaminerOptions examiner;
  synthesis::AssessorOptions assessor;
  size_t jobs = 1;  ///< Pictures examined at a time, each in workers of its own.
};

/// The references of a manifest as examined. All vectors but `left_out` are by reference.
struct ExaminedReferences {
  std::vector<synthesis::Reference> references;
  std::vector<synthesis::FileFacts> facts;
  std::vector<std::optional<Fingerprint>> fingerprints;
  std::vector<synthesis::DetectorIdentity> detectors;
  std::vector<synthesis::AssessmentTable> tables;  ///< By detector.
  std::vector<synthesis::LeftOut> left_out;        ///< References that could not be examined.
  std::vector<std::string> remarks;                ///< Of the worker: what could not be loaded.
};

/// Called after each reference, from any thread, one at a time.
using StudyProgress = std::function<void(size_t done, size_t of)>;

/// Examines the pictures of a manifest, whose paths are relative to `folder`, in confined workers:
/// what each file is, and what every detector says of it under every transformation of the sweep.
/// What `scores` has already is not examined again; what is new goes into it picture by picture, so
/// that a run that was interrupted goes on. A picture whose worker died or took too long is left
/// out and not kept, so that the next run tries it again. `is_cancelled` is asked before each.
/// The result does not depend on the number of jobs or on what the cache held. Throws Fault.
ExaminedReferences examine_references(const synthesis::Manifest& manifest,
                                      const std::filesystem::path& folder,
                                      synthesis::ScoreCache& scores, const StudyOptions& options,
                                      const StudyProgress& progress,
                                      const std::function<bool()>& is_cancelled);

}  // namespace safelight::study
