#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/safelight/audit/heads_arguments.h"
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

/// The case's UUID, by which heads name it; "" for a case so damaged that it cannot be told.
std::string case_id_of(const std::string& folder) {
  try {
    return casefile::Reader::open(folder).description().case_id;
  } catch (const Fault&) {
    return "";
  }
}

void print_mismatch(const casefile::Mismatch& mismatch) {
  std::printf("MISMATCH in %s: %s\n", casefile::place_text(mismatch).c_str(),
              mismatch.what.c_str());
  if (mismatch.vouched_rows.empty()) return;
  std::printf("  Rows that these records wrote, which may have been changed with them:");
  const char* separator = " ";
  for (const casefile::RowSpan& rows : mismatch.vouched_rows) {
    std::printf("%s%s %lld to %lld", separator, rows.table.c_str(),
                static_cast<long long>(rows.first), static_cast<long long>(rows.last));
    separator = ", ";
  }
  std::printf("\n");
}

/// Whether there was one.
bool print_mismatches(const casefile::Verification& verification) {
  if (!verification.mismatch) return false;
  print_mismatch(*verification.mismatch);
  for (const auto& mismatch : verification.further) print_mismatch(mismatch);
  return true;
}

void add_verify(CLI::App& command, Session& session) {
  struct Arguments {
    std::string folder;
    HeadsArguments heads;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* verify = command.add_subcommand(
      "verify", "Recompute every digest in the case and its audit log, and hold it against heads");
  verify->add_option("case", arguments->folder)->required();
  arguments->heads.add_to(*verify);
  verify->callback([arguments, &session] {
    // The heads first: what is written meanwhile then only makes the log longer than they say.
    audit::NotedHeads noted;
    if (arguments->heads.given()) {
      noted = arguments->heads.read(case_id_of(arguments->folder), session);
    }
    const auto result = casefile::verify_case(arguments->folder, noted);
    std::printf("%llu audit records, %llu rows, %llu runs, %llu of them resumed\n",
                static_cast<unsigned long long>(result.records),
                static_cast<unsigned long long>(result.rows),
                static_cast<unsigned long long>(result.runs),
                static_cast<unsigned long long>(result.resumptions));
    if (print_mismatches(result)) {
      session.exit = Exit::incomplete;
      return;
    }
    std::printf("%sThe case is as it was written. Head: %s\n",
                vouched_text(result.heads_fitting, result.vouched_records, result.records).c_str(),
                to_text(result.head).c_str());
  });
}

void add_key(CLI::App& command, Session&) {
  const auto file = std::make_shared<std::string>();
  CLI::App* key = command.add_subcommand(
      "key", "Make a key with which heads of audit logs are signed, and its public key beside it");
  key->add_option("file", *file, "The file; there is none yet")->required();
  key->callback([file] { make_key_files(*file); });
}

void add_sign(CLI::App& command, Session& session) {
  const auto arguments = std::make_shared<SignArguments>();
  const auto folder = std::make_shared<std::string>();
  CLI::App* sign = command.add_subcommand(
      "sign", "Verify the case and append its head, signed, to files that are kept elsewhere");
  sign->add_option("case", *folder)->required();
  arguments->add_to(*sign);
  sign->callback([arguments, folder, &session] {
    const auto key = read_signing_key(arguments->key).public_key();
    const std::string id = case_id_of(*folder);
    const auto result = casefile::verify_case(*folder, arguments->earlier_heads(id, key));
    if (print_mismatches(result)) {
      std::printf("Nothing was signed.\n");
      session.exit = Exit::incomplete;
      return;
    }
    arguments->sign(id, result.head, session);
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
      program.add_subcommand("case", "Make, verify, sign, export, rematch and estimate a case");
  command->require_subcommand(1);
  add_init(*command, session);
  add_verify(*command, session);
  add_key(*command, session);
  add_sign(*command, session);
  add_export(*command, session);
  add_rematch(*command, session);
  add_estimate(*command, session);
}

}  // namespace safelight::app
