#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/triage_arguments.h"

#include "safelight/base/fault.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/triage/counts.h"
#include "safelight/triage/review.h"

namespace safelight::app {
namespace {

using Json = nlohmann::ordered_json;
using triage::Tally;

struct Arguments {
  std::string folder;
  bool regroup = false;
  bool json = false;
  TriageArguments triage;
};

struct Named {
  const char* name;
  const char* words;
  uint64_t Tally::*value;
};

constexpr std::array<Named, 10> kTallies = {{
    {"items", "files", &Tally::items},
    {"contents", "distinct files", &Tally::contents},
    {"in_groups", "in groups", &Tally::in_groups},
    {"not_examined", "not examined", &Tally::not_examined},
    {"partly_examined", "examined in part", &Tally::partly_examined},
    {"to_review", "to review", &Tally::to_review},
    {"same_bytes", "same bytes elsewhere", &Tally::same_bytes},
    {"same_group", "shown by another of its group", &Tally::same_group},
    {"known", "known, not in the sample", &Tally::known},
    {"ordinary", "ordinary", &Tally::ordinary},
}};

Json to_json(const Tally& tally) {
  Json json = Json::object();
  for (const Named& named : kTallies) json[named.name] = tally.*named.value;
  json["need_not_be_opened"] = tally.need_not_be_opened();
  return json;
}

void print_json(const triage::Review& review, const triage::UpdateCounts& update,
                const triage::Counts& counts) {
  Json json = {{"new_items", update.new_items},
               {"groups_written", update.groups_written},
               {"reviews_written", update.reviews_written},
               {"exact_groups", counts.exact_groups},
               {"near_groups", counts.near_groups},
               {"all", to_json(counts.all)}};
  json["by_class"] = Json::object();
  std::array<uint64_t, triage::kRankClasses> by_class{};
  for (const triage::Place& place : review.places) {
    ++by_class[static_cast<size_t>(place.rank_class)];
  }
  for (size_t i = 0; i < by_class.size(); ++i) {
    json["by_class"][std::string(to_text(static_cast<triage::RankClass>(i)))] = by_class[i];
  }
  json["by_source"] = Json::object();
  for (const auto& [source, tally] : counts.by_source) json["by_source"][source] = to_json(tally);
  std::printf("%s\n", dump(json, 2).c_str());
}

void print_table(const triage::Counts& counts) {
  std::printf("%-30s", "");
  for (const auto& [source, tally] : counts.by_source) std::printf(" %12s", source.c_str());
  std::printf(" %12s\n", "all");
  for (const Named& named : kTallies) {
    std::printf("%-30s", named.words);
    for (const auto& [source, tally] : counts.by_source) {
      std::printf(" %12llu", static_cast<unsigned long long>(tally.*named.value));
    }
    std::printf(" %12llu\n", static_cast<unsigned long long>(counts.all.*named.value));
  }
  std::printf("Groups: %llu of the same bytes, %llu of pictures that look alike.\n",
              static_cast<unsigned long long>(counts.exact_groups),
              static_cast<unsigned long long>(counts.near_groups));
  std::printf("A human need not open %llu of %llu files; %llu are left to review.\n",
              static_cast<unsigned long long>(counts.all.need_not_be_opened()),
              static_cast<unsigned long long>(counts.all.items),
              static_cast<unsigned long long>(counts.all.to_review));
}

void put_in_order(const Arguments& arguments, Session& session) {
  auto writer = casefile::TriageWriter::open(arguments.folder, session.clock, session.log);
  const auto reader = casefile::Reader::open(arguments.folder);
  const triage::TriageOptions options = arguments.triage.over(triage::stored_options(reader));
  const auto current = triage::current_review(
      writer, reader, options, std::max(1u, std::thread::hardware_concurrency()),
      arguments.regroup ? triage::Regroup::yes : triage::Regroup::no);
  if (!current) {
    session.log.log(Severity::warning,
                    "the case grows: what it held is in order, and what came since is not");
    session.exit = Exit::incomplete;
    return;
  }
  const triage::Counts counts = triage::count_case(reader, current->review);
  if (counts.all.not_examined + counts.all.partly_examined > 0) session.exit = Exit::incomplete;
  if (arguments.json) {
    print_json(current->review, current->update, counts);
  } else {
    print_table(counts);
  }
}

}  // namespace

void add_triage_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand(
      "triage", "Group the files of a case and put them in the order of review, with the reasons");
  command->add_option("case", arguments->folder)->required();
  arguments->triage.add_to(*command);
  command->add_flag("--regroup", arguments->regroup,
                    "Make all groups of similar pictures anew, instead of taking in what is new");
  command->add_flag("--json", arguments->json, "Print the counts as JSON");
  command->callback([arguments, &session] { put_in_order(*arguments, session); });
}

}  // namespace safelight::app
