#include "apps/safelight/study_arguments.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <unistd.h>
#include <vector>

#include "apps/safelight/detector_arguments.h"
#include "apps/safelight/examine_path.h"
#include "apps/safelight/session.h"

#include "safelight/base/fault.h"
#include "safelight/bytes/private_folder.h"
#include "safelight/study/evaluate_references.h"
#include "safelight/synthesis/evaluation/manifest.h"

namespace safelight::app {
namespace {

constexpr size_t kDuplicatesShown = 20;

volatile std::sig_atomic_t stop_asked = 0;
void ask_to_stop(int) { stop_asked = 1; }

synthesis::Manifest read_manifest_file(const NamedFile& named) {
  const auto bytes = read_all(named.source, synthesis::kMaxManifestBytes, "manifest.max-bytes");
  if (!bytes) throw UsageError(named.path.string() + ": " + to_sentence(bytes.error()));
  auto manifest = synthesis::read_manifest(*bytes);
  if (!manifest) {
    throw UsageError(named.path.string() + ", line " +
                     std::to_string(synthesis::line_of(*bytes, manifest.error().offset_bytes)) +
                     ": " + to_sentence(manifest.error()));
  }
  return std::move(*manifest);
}

/// Tells from time to time how many references are done.
study::StudyProgress progress_on_standard_error() {
  using Clock = std::chrono::steady_clock;
  const bool is_terminal = isatty(STDERR_FILENO) != 0;
  const auto every = is_terminal ? std::chrono::milliseconds(200) : std::chrono::seconds(10);
  return [=, last = Clock::time_point{}](size_t done, size_t of) mutable {
    const auto now = Clock::now();
    if (done < of && now - last < every) return;
    last = now;
    std::fprintf(stderr, "%s%zu of %zu pictures%s", is_terminal ? "\r" : "", done, of,
                 is_terminal && done < of ? "" : "\n");
  };
}

void refuse_duplicates(const study::ExaminedReferences& examined,
                       const synthesis::Duplicates& duplicates, Session& session) {
  if (duplicates.across.empty()) return;
  for (const synthesis::Duplicate& pair : duplicates.across) {
    session.log.log(
        Severity::error,
        examined.references[pair.first].path + " and " + examined.references[pair.second].path +
            " show the same (" +
            (pair.distance_bits == 0 ? std::string("equal")
                                     : std::to_string(pair.distance_bits) + " bits apart") +
            ") and are of different sources");
  }
  throw UsageError(
      "the manifest holds duplicates across sources: a detector would be held against what it "
      "was calibrated on. Take one of each pair out.");
}

}  // namespace

void StudyArguments::add_to(CLI::App& command) {
  command.add_option("manifest", manifest, "Manifest of reference pictures (CSV or TSV)")
      ->required();
  command
      .add_option("--folder", folder,
                  "Folder of this study: scores are kept there, and what is found is written there")
      ->required();
  command.add_option("--models", models, "Folder of ONNX models with their cards");
  jobs = std::max(1u, std::thread::hardware_concurrency());
  command.add_option("--jobs", jobs, "Pictures examined side by side")
      ->check(CLI::Range(1u, 256u))
      ->capture_default_str();
  command.add_option("--seed", seed, "Of the bootstrap and of the random split")
      ->capture_default_str();
  command.add_option("--replicates", replicates, "Of the bootstrap")
      ->check(CLI::Range(100u, 100'000u))
      ->capture_default_str();
}

Studied run_study(const StudyArguments& arguments, Session& session) {
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  const NamedFile named = open_named(arguments.manifest);
  const synthesis::Manifest manifest = read_manifest_file(named);
  const std::filesystem::path folder = arguments.folder;
  make_private_folder(folder);
  auto scores = synthesis::ScoreCache::open(folder / "scores.jsonl");
  if (!scores) {
    throw UsageError((folder / "scores.jsonl").string() + ": " + to_sentence(scores.error()));
  }
  study::StudyOptions options;
  options.examiner = examiner_options(session);
  options.assessor = assessor_options(arguments.models, session);
  options.jobs = arguments.jobs;
  Studied out;
  try {
    out.examined =
        study::examine_references(manifest, named.path.parent_path(), *scores, options,
                                  progress_on_standard_error(), [] { return stop_asked != 0; });
  } catch (const Fault&) {
    // A worker that is just being started hears the signal as well, and ends.
    if (stop_asked == 0) throw;
  }
  if (stop_asked != 0) {
    throw UsageError("interrupted: the same command goes on where this run stopped");
  }
  warn_of_remarks(out.examined.remarks, session);
  if (!out.examined.remarks.empty()) session.exit = Exit::incomplete;
  const auto duplicates = synthesis::find_duplicates(out.examined.references,
                                                     out.examined.fingerprints, kDuplicatesShown);
  refuse_duplicates(out.examined, duplicates, session);
  study::leave_out_repeated(duplicates.repeated, out.examined);
  for (const synthesis::LeftOut& left_out : out.examined.left_out) {
    session.log.log(Severity::warning, left_out.path + " is left out: " + left_out.reason);
    session.exit = Exit::incomplete;
  }
  out.evaluation = study::evaluate_references(
      out.examined, manifest.sha256, {arguments.seed, arguments.replicates, arguments.jobs});
  return out;
}

}  // namespace safelight::app
