#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/safelight/commands.h"

#include "safelight/bytes/new_file.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/report/statistics.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::vector<std::string> cases;
  std::string output;
  uint64_t suppress_under = report::kSuppressUnder;
};

report::Statistics statistics_of(const std::string& folder, Session& session) {
  // Nobody else writes while it is counted, so that all counts are of the same case.
  auto writer = casefile::Writer::open(folder, session.clock, session.log);
  report::Statistics statistics = report::count_statistics(casefile::Reader::open(folder));
  // That counts left the case is part of the case's story.
  writer.note("report.written", {{"format", "statistics"}});
  return statistics;
}

void write_statistics(const Arguments& arguments, Session& session) {
  if (arguments.suppress_under == 2) {
    throw UsageError("--suppress-under 2 would tell that a count is 1; 1 hides nothing");
  }
  report::Statistics statistics;
  for (const std::string& folder : arguments.cases) statistics += statistics_of(folder, session);
  const std::string csv = report::to_csv(statistics, arguments.suppress_under);
  if (arguments.output.empty()) {
    std::fwrite(csv.data(), 1, csv.size(), stdout);
    return;
  }
  NewFile out(arguments.output);
  out.write(csv);
  out.commit();
}

}  // namespace

void add_stats_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand(
      "stats", "Count the files of cases by evidence of origin and month, without any name");
  command->add_option("case", arguments->cases)->required();
  command->add_option("--output", arguments->output, "The file; by default standard output");
  command
      ->add_option("--suppress-under", arguments->suppress_under,
                   "Counts from 1 to below this are not told; 1 hides nothing")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000'000}))
      ->capture_default_str();
  command->callback([arguments, &session] { write_statistics(*arguments, session); });
}

}  // namespace safelight::app
