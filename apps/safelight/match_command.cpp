#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/list_arguments.h"

namespace safelight::app {
namespace {

struct Arguments {
  bool json = false;
  ListArguments lists;
};

/// What one line asks for. 64 digits may be a SHA-256 or a PDQ fingerprint, and are looked up as
/// both.
struct LineQuery {
  ListQuery query;
  std::vector<OrientedHash> fingerprints;
};

bool parse_line(const std::string& text, LineQuery& out) {
  if (text.size() == 2 * Md5::kSize) {
    if (const auto md5 = parse_hex<Md5>(text)) return out.query.md5 = *md5, true;
  } else if (text.size() == 2 * Sha1::kSize) {
    if (const auto sha1 = parse_hex<Sha1>(text)) return out.query.sha1 = *sha1, true;
  } else if (const auto fingerprint = parse_fingerprint(text)) {
    out.query.sha256 = *parse_hex<Sha256>(text);
    for (const PdqMode mode : {PdqMode::reference, PdqMode::full}) {
      out.fingerprints.push_back({{*fingerprint, mode, 100}, Orientation::original});
    }
    return true;
  }
  return false;
}

void print_hits(const Arguments& arguments, uint64_t line_number, const std::vector<Hit>& hits) {
  if (arguments.json) {
    nlohmann::ordered_json json = {{"line", line_number},
                                   {"hits", nlohmann::ordered_json::array()}};
    for (const Hit& hit : hits) json["hits"].push_back(to_json(hit));
    std::printf("%s\n", dump(json, -1).c_str());
    return;
  }
  for (const Hit& hit : hits) {
    std::printf("%llu\t%s\t%s\t%s\t%s\t%s\t%u\n", static_cast<unsigned long long>(line_number),
                hit.list.c_str(), hit.entry_id.c_str(), hit.category.c_str(),
                std::string(to_text(hit.disposition)).c_str(),
                std::string(to_text(hit.kind)).c_str(), hit.distance_bits);
  }
}

/// Matches lines in batches, so that the search for fingerprints runs at full speed.
class LineMatcher {
 public:
  LineMatcher(const Arguments& arguments, const scan::ListMatching& matching)
      : arguments_(arguments), matching_(matching) {}

  void add(uint64_t line_number, LineQuery query) {
    line_numbers_.push_back(line_number);
    lines_.push_back(std::move(query));
    if (lines_.size() == kLinesPerBatch) flush();
  }

  void flush() {
    std::vector<ListQuery> queries;
    for (const LineQuery& line : lines_) {
      queries.push_back(line.query);
      queries.back().fingerprints = line.fingerprints;
    }
    const auto matched = matching_.match(queries);
    for (size_t i = 0; i < matched.size(); ++i) {
      print_hits(arguments_, line_numbers_[i], matched[i].hits);
    }
    std::fflush(stdout);
    lines_.clear();
    line_numbers_.clear();
  }

 private:
  static constexpr size_t kLinesPerBatch = 4'096;

  const Arguments& arguments_;
  const scan::ListMatching& matching_;
  std::vector<LineQuery> lines_;
  std::vector<uint64_t> line_numbers_;
};

void match_lines(const Arguments& arguments, Session& session) {
  if (arguments.lists.lists.empty()) throw UsageError("match needs at least one --list");
  const scan::ListMatching matching =
      open_lists(arguments.lists, session, session.list_store / ".files");
  LineMatcher matcher(arguments, matching);
  if (!arguments.json) std::printf("line\tlist\tentry\tcategory\tdisposition\tmatch\tdistance\n");
  uint64_t line_number = 0;
  std::string line;
  while (std::getline(std::cin, line)) {
    ++line_number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty()) continue;
    LineQuery query;
    if (parse_line(line, query)) {
      matcher.add(line_number, std::move(query));
    } else {
      session.log.log(Severity::error,
                      "line " + std::to_string(line_number) + ": no digest and no fingerprint");
      session.exit = Exit::incomplete;
    }
    // Somebody who types, or a program that asks line by line, gets the answer to each line.
    if (std::cin.rdbuf()->in_avail() == 0) matcher.flush();
  }
  matcher.flush();
}

}  // namespace

void add_match_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand(
      "match", "Look up digests and fingerprints from standard input, one a line");
  command->add_flag("--json", arguments->json,
                    "One JSON object a line, for lines without a hit too");
  arguments->lists.add_to(*command);
  command->callback([arguments, &session] {
    std::ios::sync_with_stdio(false);
    match_lines(*arguments, session);
  });
}

}  // namespace safelight::app
