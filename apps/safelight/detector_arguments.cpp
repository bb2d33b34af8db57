#include "apps/safelight/detector_arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>

#include "apps/safelight/examine_path.h"
#include "apps/safelight/session.h"

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/calibration/calibration_file.h"
#include "safelight/synthesis/plugins/onnx_runtime.h"
#include "safelight/synthesis/workers/model_places.h"

namespace safelight::app {

void DetectorArguments::add_to(CLI::App& command) {
  command.add_option("--models", models, "Folder of ONNX models with their cards (see evaluate)");
  add_calibrations_to(command);
}

void DetectorArguments::add_calibrations_to(CLI::App& command) {
  command.add_option("--calibration", calibrations,
                     "What a detector's scores are worth, as calibrate wrote it; may be repeated");
}

std::shared_ptr<const scan::EstimateOptions> open_estimates(const DetectorArguments& arguments,
                                                            const Session& session) {
  auto options = std::make_shared<scan::EstimateOptions>();
  options->assessor = assessor_options(arguments.models, session);
  options->today = today(session);
  for (const std::string& path : arguments.calibrations) {
    const NamedFile named = open_named(path);
    const auto bytes =
        read_all(named.source, synthesis::kMaxCalibrationBytes, "calibration.max-bytes");
    if (!bytes) throw UsageError(path + ": " + to_sentence(bytes.error()));
    auto calibration = synthesis::read_calibration(*bytes);
    if (!calibration) throw UsageError(path + ": " + to_sentence(calibration.error()));
    options->calibrations.push_back(std::move(*calibration));
    options->calibration_files.push_back(sha256_of(*bytes));
  }
  return options;
}

std::vector<std::string> describe(const scan::EstimateOptions& options) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < options.calibrations.size(); ++i) {
    const synthesis::Calibration& calibration = options.calibrations[i];
    lines.push_back(escape_name(calibration.detector.name) + ", " +
                    synthesis::to_text(calibration.made) + ", SHA-256 " +
                    to_hex(options.calibration_files[i]));
  }
  return lines;
}

void warn_of_remarks(const std::vector<std::string>& remarks, Session& session) {
  for (const std::string& remark : remarks) {
    session.log.log(Severity::warning, escape_name(remark));
  }
}

void warn_of_detectors(const DetectorArguments& arguments, const scan::EstimateOptions& options,
                       Session& session) {
  if (!arguments.are_given()) return;
  const auto assessor = synthesis::Assessor::start(options.assessor);
  warn_of_remarks(assessor.remarks(), session);
  const auto& detectors = assessor.detectors();
  for (const synthesis::Calibration& calibration : options.calibrations) {
    const auto is_here = [&](const synthesis::DetectorIdentity& wanted) {
      return std::any_of(detectors.begin(), detectors.end(),
                         [&](const auto& detector) { return detector.scores_as(wanted); });
    };
    const auto needed = synthesis::detectors_of(calibration);
    if (!std::all_of(needed.begin(), needed.end(), is_here)) {
      session.log.log(Severity::warning, "the calibration of " +
                                             escape_name(calibration.detector.name) +
                                             " is of a model that is not here");
    }
  }
}

synthesis::AssessorOptions assessor_options(const std::string& models, const Session& session) {
  synthesis::AssessorOptions options;
  options.program = program_folder() / synthesis::kSynthesisWorker;
  options.arguments = synthesis::to_arguments({models, synthesis::default_runtime_places()});
  options.degraded = session.degraded();
  return options;
}

synthesis::Date today(const Session& session) {
  const std::chrono::sys_time<std::chrono::nanoseconds> now{
      std::chrono::nanoseconds(session.clock.now_ns())};
  return std::chrono::floor<std::chrono::days>(now);
}

}  // namespace safelight::app
