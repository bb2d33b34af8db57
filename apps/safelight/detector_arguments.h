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
  /// What scores are worth alone, for commands that ask no detector.
  void add_calibrations_to(CLI::App& command);
  [[nodiscard]] bool are_given() const { return !models.empty() || !calibrations.empty(); }
};

/// Reads the calibrations that the arguments name. Throws UsageError for one that cannot be used.
std::shared_ptr<const scan::EstimateOptions> open_estimates(const DetectorArguments& arguments,
                                                            const Session& session);

/// The calibrations, a line each, as the record of a run notes them.
std::vector<std::string> describe(const scan::EstimateOptions& options);

/// Where the user gave models or calibrations, warns of models that cannot be used, and of
/// calibrations that no detector goes by; starts the worker once for it.
void warn_of_detectors(const DetectorArguments& arguments, const scan::EstimateOptions& options,
                       Session& session);

/// Warns of what the worker could not load: untrusted text.
void warn_of_remarks(const std::vector<std::string>& remarks, Session& session);

/// How the worker of detectors is started; `models` is the folder of models and cards, "" for none.
synthesis::AssessorOptions assessor_options(const std::string& models, const Session& session);

/// The day by the session's clock, in UTC.
synthesis::Date today(const Session& session);

}  // namespace safelight::app
