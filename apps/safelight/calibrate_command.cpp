#include <CLI/CLI.hpp>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/detector_arguments.h"
#include "apps/safelight/study_arguments.h"

#include "safelight/bytes/new_file.h"
#include "safelight/study/make_calibration.h"
#include "safelight/synthesis/calibration/calibration_file.h"
#include "safelight/synthesis/calibration/gate.h"
#include "safelight/synthesis/likelihood/intervals/certified_abstention.h"

namespace safelight::app {
namespace {

struct Arguments {
  StudyArguments study;
  int valid_days = synthesis::kValidDays;
};

/// Names for files, each once: what is neither letter nor digit becomes a hyphen.
class FileNames {
 public:
  std::string next(std::string detector) {
    for (char& c : detector) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
    }
    const size_t uses = ++uses_[detector];
    return "calibration-" + detector + (uses == 1 ? "" : "-" + std::to_string(uses)) + ".json";
  }

 private:
  std::map<std::string, size_t> uses_;
};

/// Of a calibration that the gate lets through: what it can never be taken for.
void print_what_is_not_certified(const synthesis::Calibration& calibration) {
  if (!calibration.abstention) return;
  const auto print = [](const char* what, const char* of) {
    std::printf("  but none will be said to support %s: that takes %zu pictures of every %s\n",
                what, synthesis::least_group_size({}), of);
  };
  if (!calibration.abstention->camera_above) print("a camera", "generator");
  if (!calibration.abstention->generated_to) {
    print("that all was generated", "source of camera pictures");
  }
}

void write_calibration_of(const Studied& studied, size_t detector,
                          const synthesis::DetectorEvaluation& measured, const Arguments& arguments,
                          FileNames& names, Session& session) {
  const auto calibration = study::make_calibration(studied.examined, detector, studied.evaluation,
                                                   measured, today(session), arguments.valid_days);
  const std::filesystem::path path =
      std::filesystem::path(arguments.study.folder) / names.next(measured.detector.name);
  const std::string text = synthesis::write_calibration(calibration);
  if (const auto read = synthesis::read_calibration(std::as_bytes(std::span(text))); !read) {
    throw UsageError(measured.detector.name + ": no calibration can be made of these references: " +
                     to_sentence(read.error()));
  }
  NewFile out(path);
  out.write(text);
  out.commit();
  std::printf("%s: %s\n", measured.detector.name.c_str(), path.string().c_str());
  const auto reasons = synthesis::gate(calibration, calibration.made);
  if (reasons.empty()) {
    std::printf("  likelihood ratios may be shown until %s\n",
                synthesis::to_text(calibration.expires).c_str());
    print_what_is_not_certified(calibration);
  }
  for (const synthesis::GateReason& reason : reasons) {
    std::printf("  no likelihood ratio will be shown: %s\n", reason.sentence.c_str());
  }
}

void calibrate(const Arguments& arguments, Session& session) {
  const Studied studied = run_study(arguments.study, session);
  FileNames names;
  size_t written = 0;
  for (size_t i = 0; i < studied.examined.detectors.size(); ++i) {
    for (const auto& measured : studied.evaluation.detectors) {
      if (measured.detector != studied.examined.detectors[i]) continue;
      write_calibration_of(studied, i, measured, arguments, names, session);
      ++written;
    }
  }
  if (written == 0) {
    throw UsageError(
        "there is nothing to calibrate: the built-in model was fitted to these very references, "
        "and no other detector is there (--models)");
  }
}

}  // namespace

void add_calibrate_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand(
      "calibrate",
      "Measure detectors as evaluate does, and write for each what its scores are worth: the file "
      "that scan and inspect take with --calibration");
  arguments->study.add_to(*command);
  command
      ->add_option("--valid-days", arguments->valid_days,
                   "How long the calibration holds: generators move")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  command->callback([arguments, &session] { calibrate(*arguments, session); });
}

}  // namespace safelight::app
