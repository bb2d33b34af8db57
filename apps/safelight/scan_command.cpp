#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>

#include "apps/safelight/audit/heads_arguments.h"
#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/detector_arguments.h"
#include "apps/safelight/list_arguments.h"
#include "apps/safelight/progress_line.h"
#include "apps/safelight/summary_output.h"
#include "apps/safelight/trust_arguments.h"

#include "safelight/base/time_text.h"
#include "safelight/scan/rematch.h"
#include "safelight/scan/scanner.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::vector<std::string> sources;
  std::string folder;
  uint32_t jobs = std::max(1u, std::thread::hardware_concurrency());
  std::string modes = "reference";
  std::string passwords;
  bool deep = false;
  bool json = false;
  ListArguments lists;
  TrustArguments trust;
  DetectorArguments detectors;
  SignArguments sign;
};

/// Set by Ctrl-C and by a request to end: a signal handler can reach nothing but such a flag.
std::atomic<bool> stop_requested = false;

void request_stop(int signal) {
  // A second signal ends the program at once: the case is safe at every moment.
  std::signal(signal, SIG_DFL);
  stop_requested = true;
}

casefile::Writer open_or_create(const Arguments& arguments, Session& session) {
  if (std::filesystem::exists(std::filesystem::path(arguments.folder) / "case.db")) {
    return casefile::Writer::open(arguments.folder, session.clock, session.log);
  }
  return casefile::Writer::create(arguments.folder, casefile::random_case_id(), {}, session.clock,
                                  session.log);
}

scan::Asked asked(const Arguments& arguments) {
  return {parse_modes(arguments.modes),
          arguments.deep ? OriginScope::pixels : OriginScope::metadata};
}

casefile::RunStart run_start(const Arguments& arguments, const scan::ListMatching& matching,
                             const scan::ExaminerOptions& examiner) {
  const scan::CredentialCheck& credentials = *examiner.credentials;
  casefile::RunStart start{"scan", {}, SAFELIGHT_VERSION};
  for (const std::string& source : arguments.sources)
    start.options.emplace_back("source", escape_name(source));
  for (const auto& list : matching.lists()) start.options.emplace_back("list", list->name());
  start.options.emplace_back("jobs", std::to_string(arguments.jobs));
  start.options.emplace_back("radius", std::to_string(matching.radius_bits()));
  start.options.emplace_back("orientations", matching.orientations_text());
  start.options.emplace_back("pdq", arguments.modes);
  start.options.emplace_back("origin", to_text(asked(arguments).origin));
  start.options.emplace_back("clock", utc_text(credentials.clock_s() * 1'000'000'000));
  for (const std::string& trusted : describe(credentials))
    start.options.emplace_back("trust", trusted);
  if (examiner.estimates) {
    for (const std::string& calibration : describe(*examiner.estimates))
      start.options.emplace_back("calibration", calibration);
  }
  start.options.emplace_back("passwords", arguments.passwords.empty() ? "none" : "given");
  return start;
}

void check_modes(const scan::ListMatching& matching, const scan::PdqModes& modes,
                 Session& session) {
  const auto tell = [&](PdqMode mode) {
    session.log.log(Severity::warning,
                    "a list holds fingerprints of mode " + std::string(to_text(mode)) +
                        ", which this scan does not compute: add --pdq reference,full");
  };
  if (matching.needs(PdqMode::reference) && !modes.reference) tell(PdqMode::reference);
  if (matching.needs(PdqMode::full) && !modes.full) tell(PdqMode::full);
}

constexpr int64_t kHeadEveryNs = int64_t{60} * 1'000'000'000;

/// Signs the heads of a scan's case, where that is asked for, as the case grows.
class Signing {
 public:
  /// Throws UsageError for arguments with which no case can be signed; before one is made.
  static void check(const SignArguments& sign) {
    if (sign.given() != !sign.key.empty()) {
      throw UsageError("--heads and --sign-key go together: case key makes a key");
    }
    if (sign.given()) static_cast<void>(read_signing_key(sign.key));
  }

  Signing(const Arguments& arguments, Session& session) : session_(session) {
    const SignArguments& sign = arguments.sign;
    if (!sign.given()) return;
    const auto description = casefile::Reader::open(arguments.folder).description();
    publisher_.emplace(sign.publisher(description.case_id, kHeadEveryNs, session));
  }

  /// What the scan tells of each commit.
  [[nodiscard]] scan::Committed committed() {
    if (!publisher_) return {};
    return [this](const audit::TreeHead& head) { tell(publisher_->offer(head)); };
  }

  void finish(const audit::TreeHead& head) {
    if (!publisher_) return;
    const auto failures = publisher_->publish(head);
    tell(failures);
    if (!failures.empty()) session_.exit = Exit::incomplete;
  }

 private:
  void tell(const std::vector<audit::PublishFailure>& failures) {
    for (const auto& failure : failures) session_.log.log(Severity::warning, failure.what);
  }

  Session& session_;
  std::optional<audit::HeadPublisher> publisher_;
};

void scan_sources(const Arguments& arguments, Session& session) {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  for (const std::string& source : arguments.sources) {
    if (!std::filesystem::exists(source))
      throw UsageError(source + ": there is no such file or folder");
  }
  Signing::check(arguments.sign);
  scan::ScanOptions options;
  options.sources = arguments.sources;
  options.jobs = arguments.jobs;
  options.asked = asked(arguments);
  options.examiner = examiner_options(session);
  options.examiner.credentials = open_trust(arguments.trust, session);
  if (arguments.deep) {
    options.examiner.estimates = open_estimates(arguments.detectors, session);
    warn_of_detectors(arguments.detectors, *options.examiner.estimates, session);
  } else if (arguments.detectors.are_given()) {
    throw UsageError("--models and --calibration go with --deep: detectors look at pixels");
  }
  if (!arguments.passwords.empty())
    options.examiner.passwords = read_passwords(arguments.passwords);

  const std::filesystem::path folder = arguments.folder;
  auto writer = open_or_create(arguments, session);
  Signing signing(arguments, session);
  options.committed = signing.committed();
  scan::ListMatching matching = open_lists(arguments.lists, session, folder / "lists");
  check_modes(matching, options.asked.modes, session);
  writer.begin_run(run_start(arguments, matching, options.examiner));
  scan::use_lists(writer, matching);
  // What an earlier run stored is brought up to these lists, so that every item is matched alike.
  if (!matching.lists().empty())
    scan::rematch(writer, casefile::Reader::open(folder), matching, {});

  scan::Progress progress;
  scan::ScanEnd end;
  {
    const ProgressLine line(progress);
    end = scan::scan(writer, folder, matching, options, progress, stop_requested);
  }
  // Every item is matched alike, whatever changed in the lists meanwhile. After an interruption the
  // run that goes on begins with this.
  const bool changed_since = scan::refresh_lists(writer, matching);
  if ((end.lists_changed || changed_since) && !end.interrupted)
    scan::rematch(writer, casefile::Reader::open(folder), matching, {});
  writer.end_run(end.interrupted ? "interrupted" : "done");
  signing.finish(writer.head());
  for (const auto& lost : end.lost_sources) {
    session.log.log(Severity::error, lost.path + ": " + to_sentence(lost.error));
  }
  const auto summary = casefile::Reader::open(folder).summary();
  const bool all_examined = !summary.by_coverage.contains(Coverage::partial) &&
                            !summary.by_coverage.contains(Coverage::none) &&
                            end.lost_sources.empty();
  if (!all_examined || end.interrupted) session.exit = Exit::incomplete;
  if (arguments.json) {
    auto json = to_json(summary);
    json["interrupted"] = end.interrupted;
    json["skipped_unchanged"] = progress.skipped.load();
    json["orientations"] = matching.orientations_text();
    std::printf("%s\n", dump(json, 2).c_str());
    return;
  }
  std::fputs(to_table(summary).c_str(), stdout);
  if (!matching.lists().empty()) {
    const std::string orientations = matching.orientations_text();
    std::printf("Fingerprints were looked up within %u bits; orientations: %s%s.\n",
                matching.radius_bits(), orientations.c_str(),
                orientations == "all" ? "" : " (--orientations all for the rest)");
  }
  if (progress.skipped > 0) {
    std::printf("%llu files were in the case already, unchanged.\n",
                static_cast<unsigned long long>(progress.skipped.load()));
  }
  if (end.interrupted)
    std::printf("Interrupted: the same command goes on where this run stopped.\n");
}

}  // namespace

void add_scan_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand("scan",
                                             "Examine files, folders and archives into a case; the "
                                             "same command goes on after any interruption");
  command
      ->add_option("sources", arguments->sources,
                   "Files and folders, read where they lie and never written to")
      ->required();
  command->add_option("--case", arguments->folder, "Folder of the case; made where there is none")
      ->required();
  command->add_option("--jobs", arguments->jobs, "Files examined side by side")
      ->check(CLI::Range(1u, 256u))
      ->capture_default_str();
  command
      ->add_option("--pdq", arguments->modes,
                   "PDQ modes to compute: reference, full or reference,full")
      ->capture_default_str();
  command->add_flag(
      "--deep", arguments->deep,
      "Look for evidence of origin in the pixels too: watermarks, hidden text, traces "
      "of compression and of the sensor, and what detectors of generated pictures say; each "
      "picture is then decoded in full");
  command->add_option("--passwords", arguments->passwords,
                      "File of passwords for archives, one a line");
  command->add_flag("--json", arguments->json, "Print the summary as JSON");
  arguments->lists.add_to(*command);
  arguments->trust.add_to(*command);
  arguments->detectors.add_to(*command);
  arguments->sign.add_optional_to(*command);
  command->callback([arguments, &session] { scan_sources(*arguments, session); });
}

}  // namespace safelight::app
