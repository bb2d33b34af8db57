#pragma once

#include <cstdint>
#include <string>

#include "safelight/study/examine_references.h"
#include "safelight/synthesis/evaluation/evaluation.h"

namespace CLI {
class App;
}

namespace safelight::app {

struct Session;

/// What evaluate and calibrate have in common: a manifest, a folder to work in, and the detectors.
struct StudyArguments {
  std::string manifest;
  std::string folder;  ///< Where scores are kept and results are written.
  std::string models;  ///< Folder of models and cards; "" for none.
  uint32_t jobs = 1;
  uint64_t seed = 1;
  uint32_t replicates = 1000;

  void add_to(CLI::App& command);
};

/// References as examined, and what was measured.
struct Studied {
  study::ExaminedReferences examined;
  synthesis::Evaluation evaluation;
};

/// Reads the manifest, examines its pictures (or takes what the folder's scores have), refuses
/// duplicates across sources, and measures every detector. Says on standard error how far it has
/// come and what is left out. Throws UsageError for a manifest that cannot be used, and where the
/// run was interrupted.
Studied run_study(const StudyArguments& arguments, Session& session);

}  // namespace safelight::app
