#pragma once

#include <memory>
#include <string>
#include <vector>

#include "safelight/scan/estimates.h"
#include "safelight/synthesis/calibration/date.h"
#include "safelight/synthesis/workers/assessor.h"

namespace CLI {
class App;
}

namespace safelight::app {

struct Session;

/// Which detectors of generated pictures are asked, and what their scores are worth.
struct DetectorArguments {
  std::string models;
  std::vector<std::string> calibrations;

  void add_to(CLI::App& command);
};

/// Reads the calibrations that the arguments name. Throws UsageError for one that cannot be used.
std::shared_ptr<const scan::EstimateOptions> open_estimates(const DetectorArguments& arguments,
                                                            const Session& session);

/// Warns of models that cannot be used, and of calibrations that no detector goes by. Starts the
/// worker once.
void warn_of_detectors(const scan::EstimateOptions& options, Session& session);

/// How the worker of detectors is started; `models` is the folder of models and cards, "" for none.
synthesis::AssessorOptions assessor_options(const std::string& models, const Session& session);

/// The day by the session's clock, in UTC.
synthesis::Date today(const Session& session);

}  // namespace safelight::app
