#include <CLI/CLI.hpp>
#include <algorithm>
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
#include "safelight/study/evaluate_references.h"
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

void write_calibration_of(const Studied& studied, const synthesis::AssessmentTable& table,
                          const synthesis::DetectorEvaluation& measured, const Arguments& arguments,
                          FileNames& names, Session& session) {
  const auto calibration = study::make_calibration(table, studied.evaluation, measured,
                                                   today(session), arguments.valid_days);
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
  const study::ExaminedReferences& examined = studied.examined;
  const auto& fusion = studied.evaluation.fusion;
  FileNames names;
  size_t written = 0;
  for (const auto& measured : studied.evaluation.detectors) {
    const auto found =
        std::find(examined.detectors.begin(), examined.detectors.end(), measured.detector);
    if (found != examined.detectors.end()) {
      const auto place = static_cast<size_t>(found - examined.detectors.begin());
      write_calibration_of(studied, examined.tables[place], measured, arguments, names, session);
      ++written;
    } else if (fusion && fusion->pays() && measured.detector == fusion->fusion.identity()) {
      write_calibration_of(studied, study::fused_table(examined, fusion->fusion), measured,
                           arguments, names, session);
    }
  }
  if (fusion && !fusion->pays()) {
    std::printf(
        "%s: not written, because it does not cost less than each of them alone, or reads one of "
        "them against itself\n",
        fusion->fusion.identity().name.c_str());
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
