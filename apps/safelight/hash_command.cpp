#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/examine_path.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::vector<std::string> files;
  std::string format = "text";
  std::string modes = "reference";
};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void print_header(const Arguments& arguments, const scan::PdqModes& modes) {
  if (arguments.format == "csv") {
    std::printf("file,size,md5,sha1,sha256%s%s,coverage\n",
                modes.reference ? ",pdq_reference,quality_reference" : "",
                modes.full ? ",pdq_full,quality_full" : "");
  } else if (arguments.format == "hashdeep") {
    std::printf("%%%%%%%% HASHDEEP-1.0\n%%%%%%%% size,md5,sha1,sha256,filename\n");
  }
}

void print_csv(const std::string& path, const casefile::ExaminedContent& examined,
               const scan::PdqModes& modes) {
  const casefile::Content& content = examined.content;
  std::string line = csv_field(path) + "," + std::to_string(content.size_bytes.value_or(0)) + "," +
                     to_hex(*content.md5) + "," + to_hex(*content.sha1) + "," +
                     to_hex(*content.sha256);
  for (const PdqMode mode : {PdqMode::reference, PdqMode::full}) {
    if (!(mode == PdqMode::reference ? modes.reference : modes.full)) continue;
    std::string cells = ",,";
    for (const PdqHashes& hashes : examined.examination.fingerprints) {
      if (hashes.mode == mode)
        cells = "," + to_hex(hashes.fingerprints[0]) + "," + std::to_string(hashes.quality);
    }
    line += cells;
  }
  std::printf("%s,%s\n", line.c_str(), std::string(to_text(examined.examination.coverage)).c_str());
}

void print_file(const Arguments& arguments, const scan::PdqModes& modes, const std::string& path,
                const casefile::ExaminedContent& examined) {
  const casefile::Content& content = examined.content;
  if (arguments.format == "csv") {
    print_csv(path, examined, modes);
  } else if (arguments.format == "json") {
    auto json = to_json(examined);
    nlohmann::ordered_json line = {{"file", path}};
    line.update(json);
    std::printf("%s\n", dump(line, -1).c_str());
  } else if (arguments.format == "hashdeep") {
    std::printf("%llu,%s,%s,%s,%s\n",
                static_cast<unsigned long long>(content.size_bytes.value_or(0)),
                to_hex(*content.md5).c_str(), to_hex(*content.sha1).c_str(),
                to_hex(*content.sha256).c_str(), path.c_str());
  } else {
    std::printf("%s\n%s", path.c_str(), to_lines(examined, 2).c_str());
  }
}

void hash_files(const Arguments& arguments, Session& session) {
  const scan::PdqModes modes = parse_modes(arguments.modes);
  scan::Examiner examiner(examiner_options(session));
  print_header(arguments, modes);
  for (const std::string& path : arguments.files) {
    const auto examined = examine_path(examiner, path, {modes});
    if (!examined) {
      session.log.log(Severity::error, path + ": " + to_sentence(examined.error()));
      session.exit = Exit::incomplete;
      continue;
    }
    print_file(arguments, modes, path, examined->main());
    if (examined->main().examination.coverage != Coverage::full) session.exit = Exit::incomplete;
  }
}

}  // namespace

void add_hash_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand("hash", "Print digests and PDQ fingerprints of files");
  command->add_option("files", arguments->files)->required();
  command->add_option("--format", arguments->format)
      ->check(CLI::IsMember({"text", "csv", "json", "hashdeep"}))
      ->capture_default_str();
  command->add_option("--pdq", arguments->modes, "PDQ modes: reference, full or reference,full")
      ->capture_default_str();
  command->callback([arguments, &session] { hash_files(*arguments, session); });
}

}  // namespace safelight::app
