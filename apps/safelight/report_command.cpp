#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <thread>

#include "apps/safelight/commands.h"

#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/report/report.h"
#include "safelight/triage/groups.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::string folder;
  std::string format = "html";
  std::string output;
};

triage::GroupItem group_item(const casefile::StoredItem& stored) {
  triage::GroupItem item{stored.item.id, {}, {}};
  if (!stored.content) return item;
  item.sha256 = stored.content->content.sha256;
  if (!stored.content->examination) return item;
  for (const PdqHashes& hashes : stored.content->examination->fingerprints) {
    if (hashes.mode == PdqMode::reference)
      item.fingerprints = {{hashes.fingerprints[0], hashes.mode, hashes.quality}};
  }
  return item;
}

/// The groups of a case, as a report shows them.
std::vector<report::ItemGroup> groups_of(const casefile::Reader& reader) {
  std::vector<triage::GroupItem> items;
  reader.for_each_item(
      [&](const casefile::StoredItem& stored) { items.push_back(group_item(stored)); });
  triage::GroupOptions options;
  options.threads = std::max(1u, std::thread::hardware_concurrency());
  const triage::Groups groups = triage::find_groups(items, options);
  std::vector<report::ItemGroup> out;
  const auto add = [&](const std::vector<triage::Group>& from, report::GroupKind kind) {
    for (const triage::Group& group : from) {
      report::ItemGroup& to = out.emplace_back();
      to.kind = kind;
      for (const triage::GroupMember& member : group.members)
        to.members.push_back({member.item, member.distance_bits});
    }
  };
  add(groups.exact, report::GroupKind::exact);
  add(groups.near, report::GroupKind::near);
  return out;
}

void write_report(const Arguments& arguments, Session& session) {
  const std::filesystem::path output(
      arguments.output.empty() ? "safelight-report." + arguments.format : arguments.output);
  {
    const auto reader = casefile::Reader::open(arguments.folder);
    const auto groups = groups_of(reader);
    const report::ReportInput input{reader, groups, session.clock.now_ns(), SAFELIGHT_VERSION};
    if (arguments.format == "html") {
      report::write_html(input, output);
    } else if (arguments.format == "csv") {
      report::write_csv(input, output);
    } else {
      report::write_json(input, output);
    }
  }
  // That a report left the case is part of the case's story.
  casefile::Writer::open(arguments.folder, session.clock, session.log)
      .note("report.written", {{"format", arguments.format}});
  std::printf("Report: %s\n", std::filesystem::absolute(output).c_str());
}

}  // namespace

void add_report_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      program.add_subcommand("report", "Write what was found, what was not examined, and why");
  command->add_option("case", arguments->folder)->required();
  command->add_option("--format", arguments->format)
      ->check(CLI::IsMember({"html", "csv", "json"}))
      ->capture_default_str();
  command->add_option("--output", arguments->output,
                      "The file; by default safelight-report.FORMAT here");
  command->callback([arguments, &session] { write_report(*arguments, session); });
}

}  // namespace safelight::app
