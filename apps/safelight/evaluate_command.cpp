#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/study_arguments.h"

#include "safelight/bytes/new_file.h"
#include "safelight/synthesis/evaluation_report/evaluation_json.h"
#include "safelight/synthesis/evaluation_report/evaluation_page.h"

namespace safelight::app {
namespace {

void write_file(const std::filesystem::path& path, const std::string& text) {
  NewFile out(path);
  out.write(text);
  out.commit();
}

std::string figure(const synthesis::BootstrapInterval& figure) {
  if (std::isnan(figure.estimate)) return "-";
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3f (%.3f to %.3f)", figure.estimate,
                figure.interval.lower, figure.interval.upper);
  return text.data();
}

void print_cell(const std::string& name, const synthesis::Cell& cell) {
  std::printf("  %-44s %6zu %6zu   AUC %-24s Cllr %s\n", name.c_str(), cell.camera, cell.generated,
              figure(cell.auc).c_str(), figure(cell.cllr).c_str());
}

void print_detector(const synthesis::DetectorEvaluation& measured) {
  std::printf("\n%s%s\n", measured.detector.name.c_str(),
              measured.is_constant ? " (gives one score for all: it says nothing)" : "");
  for (const synthesis::SplitRow& row : measured.splits) {
    const std::string name = std::string(to_text(row.split)) +
                             (synthesis::is_optimistic(row.split) ? " (OPTIMISTIC)" : "");
    if (row.cell) {
      print_cell(name, *row.cell);
    } else {
      std::printf("  %-44s the references do not allow it\n", name.c_str());
    }
  }
  for (const synthesis::ConditionRow& row : measured.equalised) {
    print_cell("leave-one-source-out, " + row.condition, row.cell);
  }
  for (const synthesis::OutlierSource& outlier : measured.outliers) {
    std::printf(
        "  source %s: %zu of %zu ratios mislead, elsewhere %zu of %zu: are its labels right?\n",
        outlier.source.c_str(), outlier.misleading.count, outlier.misleading.of,
        outlier.elsewhere.count, outlier.elsewhere.of);
  }
}

void evaluate(const StudyArguments& arguments, Session& session) {
  const Studied studied = run_study(arguments, session);
  const synthesis::Evaluation& evaluation = studied.evaluation;
  const std::filesystem::path folder = arguments.folder;
  write_file(folder / "evaluation.json", evaluation_json(evaluation, SAFELIGHT_VERSION));
  write_file(folder / "evaluation.html", evaluation_page(evaluation, SAFELIGHT_VERSION));
  std::printf("%zu references measured, %zu left out.\n", evaluation.references.size(),
              evaluation.left_out.size());
  if (evaluation.confounds.is_flagged()) {
    std::printf("%s Only equalised conditions may stand first.\n",
                evaluation.confounds.auc
                    ? "Size, format and metadata alone tell the classes apart in this set."
                    : "Too few sources to rule out that size and format alone tell the classes "
                      "apart.");
  }
  std::printf("%-46s %6s %6s\n", "", "camera", "gen.");
  for (const auto& measured : evaluation.detectors) print_detector(measured);
  std::printf("\n%s and evaluation.json hold the rest.\n",
              (folder / "evaluation.html").string().c_str());
}

}  // namespace

void add_evaluate_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<StudyArguments>();
  CLI::App* command = program.add_subcommand(
      "evaluate",
      "Measure what detectors of generated pictures are worth on pictures whose truth is known; "
      "the same command goes on after any interruption");
  arguments->add_to(*command);
  command->callback([arguments, &session] { evaluate(*arguments, session); });
}

}  // namespace safelight::app
