#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <thread>

#include "apps/safelight/commands.h"

#include "safelight/base/fault.h"
#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/report/report.h"
#include "safelight/triage/review.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::string folder;
  std::string format = "html";
  std::string output;
};

void write_report(const Arguments& arguments, Session& session) {
  const std::string ending = arguments.format == "folders" ? "folders.csv" : arguments.format;
  const std::filesystem::path output(arguments.output.empty() ? "safelight-report." + ending
                                                              : arguments.output);
  auto writer = casefile::TriageWriter::open(arguments.folder, session.clock, session.log);
  const auto reader = casefile::Reader::open(arguments.folder);
  const auto current = triage::current_review(writer, reader, triage::stored_options(reader),
                                              std::max(1u, std::thread::hardware_concurrency()));
  if (!current) throw Fault("the case grows too fast to be reported: wait for the scan to end");
  const auto acts = casefile::ActReader::open(arguments.folder);
  const report::ReportInput input{reader, acts, current->review, session.clock.now_ns(),
                                  SAFELIGHT_VERSION};
  if (arguments.format == "html") {
    report::write_html(input, output);
  } else if (arguments.format == "csv") {
    report::write_csv(input, output);
  } else if (arguments.format == "folders") {
    report::write_folders(input, output);
  } else {
    report::write_json(input, output);
  }
  // That a report left the case is part of the case's story.
  writer.note("report.written", {{"format", arguments.format}});
  std::printf("Report: %s\n", std::filesystem::absolute(output).c_str());
}

}  // namespace

void add_report_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      program.add_subcommand("report", "Write what was found, what was not examined, and why");
  command->add_option("case", arguments->folder)->required();
  command->add_option("--format", arguments->format)
      ->check(CLI::IsMember({"html", "csv", "json", "folders"}))
      ->capture_default_str();
  command->add_option("--output", arguments->output,
                      "The file; by default safelight-report.FORMAT here");
  command->callback([arguments, &session] { write_report(*arguments, session); });
}

}  // namespace safelight::app
