#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/examine_path.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::string first;
  std::string second;
  std::string modes = "reference";
  bool json = false;
};

casefile::ExaminedContent examine(scan::Examiner& examiner, const std::string& path,
                                  const scan::PdqModes& modes, Session& session) {
  auto examined = examine_path(examiner, path, {modes});
  if (!examined) throw UsageError(path + ": " + to_sentence(examined.error()));
  if (examined->main().examination.coverage != Coverage::full) session.exit = Exit::incomplete;
  return examined->main();
}

const PdqHashes* find_mode(const casefile::ExaminedContent& examined, PdqMode mode) {
  for (const PdqHashes& hashes : examined.examination.fingerprints) {
    if (hashes.mode == mode) return &hashes;
  }
  return nullptr;
}

void compare(const Arguments& arguments, Session& session) {
  const scan::PdqModes modes = parse_modes(arguments.modes);
  scan::Examiner examiner(examiner_options(session));
  const auto first = examine(examiner, arguments.first, modes, session);
  const auto second = examine(examiner, arguments.second, modes, session);
  const bool same = first.content.sha256 == second.content.sha256;
  nlohmann::ordered_json json = {
      {"first", arguments.first}, {"second", arguments.second}, {"same_bytes", same}};
  nlohmann::ordered_json by_mode = nlohmann::ordered_json::object();
  if (!arguments.json)
    std::printf("%s\n", same ? "The files are the same, byte for byte." : "The files differ.");
  for (const PdqMode mode : {PdqMode::reference, PdqMode::full}) {
    if (!(mode == PdqMode::reference ? modes.reference : modes.full)) continue;
    const PdqHashes* a = find_mode(first, mode);
    const PdqHashes* b = find_mode(second, mode);
    if (a == nullptr || b == nullptr) {
      if (!arguments.json) {
        std::printf("PDQ %s: %s has no fingerprint.\n", std::string(to_text(mode)).c_str(),
                    (a == nullptr ? arguments.first : arguments.second).c_str());
      }
      session.exit = Exit::incomplete;
      continue;
    }
    nlohmann::ordered_json distances = nlohmann::ordered_json::object();
    if (!arguments.json) {
      std::printf("PDQ %s, quality %u and %u, distance in bits by orientation of the second:\n",
                  std::string(to_text(mode)).c_str(), a->quality, b->quality);
    }
    for (size_t i = 0; i < kOrientations; ++i) {
      const uint32_t distance = hamming_distance(a->fingerprints[0], b->fingerprints[i]);
      const std::string name(to_text(static_cast<Orientation>(i)));
      distances[name] = distance;
      if (!arguments.json) {
        std::printf("  %-11s %3u%s\n", name.c_str(), distance,
                    distance <= kDefaultRadiusBits ? "  within 31" : "");
      }
    }
    by_mode[std::string(to_text(mode))] = {
        {"quality_first", a->quality}, {"quality_second", b->quality}, {"distance", distances}};
  }
  if (arguments.json) {
    json["pdq"] = std::move(by_mode);
    std::printf("%s\n", dump(json, 2).c_str());
  }
}

}  // namespace

void add_compare_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      program.add_subcommand("compare", "Say how alike two pictures are, in all orientations");
  command->add_option("first", arguments->first)->required();
  command->add_option("second", arguments->second)->required();
  command->add_option("--pdq", arguments->modes, "PDQ modes: reference, full or reference,full")
      ->capture_default_str();
  command->add_flag("--json", arguments->json);
  command->callback([arguments, &session] { compare(*arguments, session); });
}

}  // namespace safelight::app
