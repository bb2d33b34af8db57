#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/detector_arguments.h"
#include "apps/safelight/list_arguments.h"

#include "safelight/base/fault.h"
#include "safelight/casefile/canonical_export.h"
#include "safelight/casefile/verify.h"
#include "safelight/scan/reestimate.h"
#include "safelight/scan/rematch.h"

namespace safelight::app {
namespace {

/// Throws UsageError for a name that the machine's table of time zones does not hold.
void check_time_zone(const std::string& name) {
  const std::filesystem::path zones = "/usr/share/zoneinfo";
  const bool is_name = name.find("..") == std::string::npos && !name.starts_with('/');
  if (name == "UTC" || !std::filesystem::exists(zones)) return;
  if (!is_name || !std::filesystem::is_regular_file(zones / name)) {
    throw UsageError("--time-zone " + name + ": no such time zone; Europe/Oslo is one");
  }
}

void add_init(CLI::App& command, Session& session) {
  struct Arguments {
    std::string folder;
    casefile::CaseInfo info;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* init = command.add_subcommand("init", "Make a case");
  init->add_option("folder", arguments->folder)->required();
  init->add_option("--examiner", arguments->info.examiner);
  init->add_option("--agency", arguments->info.agency);
  init->add_option("--case-number", arguments->info.case_number);
  init->add_option("--exhibit", arguments->info.exhibit);
  init->add_option("--time-zone", arguments->info.time_zone,
                   "IANA name, in which reports show times")
      ->capture_default_str();
  init->callback([arguments, &session] {
    check_time_zone(arguments->info.time_zone);
    casefile::Writer::create(arguments->folder, casefile::random_case_id(), arguments->info,
                             session.clock, session.log);
    std::printf("Case made in %s\n", arguments->folder.c_str());
  });
}

std::optional<audit::TreeHead> parse_head(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const size_t colon = text.find(':');
  audit::TreeHead head;
  const auto root = colon == std::string::npos ? Result<Sha256>(Error{})
                                               : parse_hex<Sha256>(text.substr(colon + 1));
  if (!root) throw UsageError("--head takes SIZE:ROOT as an earlier verify printed it");
  head.size = std::strtoull(text.c_str(), nullptr, 10);
  head.root = *root;
  return head;
}

void add_verify(CLI::App& command, Session& session) {
  struct Arguments {
    std::string folder;
    std::string head;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* verify =
      command.add_subcommand("verify", "Recompute every digest in the case and its audit log");
  verify->add_option("case", arguments->folder)->required();
  verify->add_option("--head", arguments->head, "A head noted earlier, which the log must contain")
      ->type_name("SIZE:ROOT");
  verify->callback([arguments, &session] {
    const auto result = casefile::verify_case(arguments->folder, parse_head(arguments->head));
    std::printf("%llu audit records, %llu rows, %llu runs, %llu of them resumed\n",
                static_cast<unsigned long long>(result.records),
                static_cast<unsigned long long>(result.rows),
                static_cast<unsigned long long>(result.runs),
                static_cast<unsigned long long>(result.resumptions));
    if (result.mismatch) {
      std::printf("MISMATCH in %s: %s\n",
                  result.mismatch->table.empty() ? "the file" : result.mismatch->table.c_str(),
                  result.mismatch->what.c_str());
      session.exit = Exit::incomplete;
      return;
    }
    std::printf("The case is as it was written. Head: %llu:%s\n",
                static_cast<unsigned long long>(result.head.size),
                to_hex(result.head.root).c_str());
  });
}

void add_export(CLI::App& command, Session&) {
  struct Arguments {
    std::string folder;
    bool canonical = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* export_command =
      command.add_subcommand("export", "Write the case as JSON lines, sorted by item id");
  export_command->add_option("case", arguments->folder)->required();
  export_command
      ->add_flag("--canonical", arguments->canonical,
                 "Without anything that differs between two runs")
      ->required();
  export_command->callback([arguments] {
    const auto reader = casefile::Reader::open(arguments->folder);
    casefile::export_canonical(reader, [](std::string_view piece) {
      if (std::fwrite(piece.data(), 1, piece.size(), stdout) != piece.size()) {
        throw Fault("cannot write the export to standard output");
      }
    });
  });
}

void add_rematch(CLI::App& command, Session& session) {
  struct Arguments {
    std::string folder;
    std::vector<std::string> withdrawn;
    ListArguments lists;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* rematch = command.add_subcommand(
      "rematch",
      "Match the stored items against new, changed or withdrawn lists, without the evidence");
  rematch->add_option("case", arguments->folder)->required();
  rematch->add_option("--withdraw", arguments->withdrawn,
                      "Name of a list whose hits are all withdrawn; repeatable");
  arguments->lists.add_to(*rematch);
  rematch->callback([arguments, &session] {
    auto writer = casefile::Writer::open(arguments->folder, session.clock, session.log);
    const scan::ListMatching matching =
        open_lists(arguments->lists, session, std::filesystem::path(arguments->folder) / "lists");
    writer.begin_run({"rematch", {}, SAFELIGHT_VERSION});
    scan::use_lists(writer, matching);
    const auto reader = casefile::Reader::open(arguments->folder);
    const auto summary = scan::rematch(writer, reader, matching, arguments->withdrawn);
    writer.end_run("done");
    std::printf("%llu contents matched: %llu hits added, %llu withdrawn\n",
                static_cast<unsigned long long>(summary.contents),
                static_cast<unsigned long long>(summary.added),
                static_cast<unsigned long long>(summary.withdrawn));
    const auto tell = [&](uint64_t count, const char* mode) {
      if (count == 0) return;
      std::printf(
          "%llu pictures could not be compared with lists of mode %s: scan them with --pdq %s\n",
          static_cast<unsigned long long>(count), mode, mode);
      session.exit = Exit::incomplete;
    };
    tell(summary.without_reference, "reference");
    tell(summary.without_full, "full");
  });
}

void warn_of_unused(const scan::EstimateOptions& options, const scan::ReestimateSummary& summary,
                    Session& session) {
  for (size_t i = 0; i < options.calibrations.size(); ++i) {
    if (summary.by_calibration[i] > 0) continue;
    session.log.log(Severity::warning, "the calibration of " +
                                           escape_name(options.calibrations[i].detector.name) +
                                           " is of a model that no finding of the case is of");
  }
}

void add_estimate(CLI::App& command, Session& session) {
  struct Arguments {
    std::string folder;
    DetectorArguments detectors;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* estimate = command.add_subcommand(
      "estimate",
      "Judge what detectors said of the pictures of a case by these calibrations, as of today, "
      "without the evidence; without a calibration cues alone are left");
  estimate->add_option("case", arguments->folder)->required();
  arguments->detectors.add_calibrations_to(*estimate);
  estimate->callback([arguments, &session] {
    const auto options = open_estimates(arguments->detectors, session);
    auto writer = casefile::Writer::open(arguments->folder, session.clock, session.log);
    casefile::RunStart start{"estimate", {}, SAFELIGHT_VERSION};
    for (const std::string& calibration : describe(*options))
      start.options.emplace_back("calibration", calibration);
    writer.begin_run(start);
    const auto reader = casefile::Reader::open(arguments->folder);
    const auto summary = scan::reestimate(writer, reader, *options);
    writer.end_run("done");
    warn_of_unused(*options, summary, session);
    std::printf("%llu assessments of %llu pictures judged: the findings of %llu pictures changed\n",
                static_cast<unsigned long long>(summary.assessments),
                static_cast<unsigned long long>(summary.pictures),
                static_cast<unsigned long long>(summary.changed));
    if (summary.not_asked > 0) {
      std::printf("%llu pictures were scanned without --deep: no detector was asked about them\n",
                  static_cast<unsigned long long>(summary.not_asked));
    }
    if (summary.unreadable > 0) {
      std::printf(
          "%llu findings do not state what they must, and stay as they are: scan the evidence into "
          "a new case\n",
          static_cast<unsigned long long>(summary.unreadable));
      session.exit = Exit::incomplete;
    }
  });
}

}  // namespace

void add_case_command(CLI::App& program, Session& session) {
  CLI::App* command =
      program.add_subcommand("case", "Make, verify, export, rematch and estimate a case");
  command->require_subcommand(1);
  add_init(*command, session);
  add_verify(*command, session);
  add_export(*command, session);
  add_rematch(*command, session);
  add_estimate(*command, session);
}

}  // namespace safelight::app
