#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <poll.h>
#include <unistd.h>

#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/list_arguments.h"

#include "safelight/base/fault.h"
#include "safelight/evidence/origin.h"

namespace safelight::app {
namespace {

struct Arguments {
  bool json = false;
  ListArguments lists;
};

constexpr size_t kLinesPerBatch = 4'096;
constexpr size_t kReadBytes = size_t{1} << 18;
constexpr size_t kMaxLineBytes = size_t{1} << 20;
/// While it runs, the lists are looked at anew at least so often.
constexpr std::chrono::milliseconds kRefreshEvery{500};

/// Standard input by its lines, without a copy of each.
class InputLines {
 public:
  InputLines() : buffer_(kReadBytes) {}

  /// The next line without its end, valid until the next call, or nothing at the end. A line over
  /// the limit is given in parts. Throws Fault.
  std::optional<std::string_view> next() {
    while (true) {
      const char* const first = buffer_.data() + begin_;
      const auto* const end = static_cast<const char*>(
          std::memchr(first + looked_at_, '\n', end_ - begin_ - looked_at_));
      if (end != nullptr) {
        const std::string_view line(first, static_cast<size_t>(end - first));
        begin_ += line.size() + 1;
        looked_at_ = 0;
        return line;
      }
      looked_at_ = end_ - begin_;
      if (ended_ || looked_at_ >= kMaxLineBytes) {
        if (begin_ == end_) return std::nullopt;
        const std::string_view line(first, end_ - begin_);
        begin_ = end_;
        looked_at_ = 0;
        return line;
      }
      read_more();
    }
  }

  /// Whether the next line, if there is one, has not come yet: who sends it may wait for an answer.
  [[nodiscard]] bool must_wait() const {
    if (ended_ || std::memchr(buffer_.data() + begin_, '\n', end_ - begin_) != nullptr)
      return false;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::poll(&input, 1, 0) == 0;
  }

 private:
  void read_more() {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
    const ssize_t count = ::read(STDIN_FILENO, buffer_.data() + end_, buffer_.size() - end_);
    if (count < 0 && errno == EINTR) return;
    if (count < 0) throw Fault::from_errno("cannot read standard input", errno);
    ended_ = count == 0;
    end_ += static_cast<size_t>(count);
  }

  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t looked_at_ = 0;  ///< Of what has come, so much has no line's end.
  bool ended_ = false;
};

/// What one line asks for. 64 digits may be a SHA-256 or a PDQ fingerprint, and are looked up as
/// both.
struct LineQuery {
  uint64_t line_number = 0;
  ListQuery query;
  std::array<OrientedHash, 2> fingerprints;
  bool has_fingerprints = false;
};

bool parse_line(std::string_view text, LineQuery& out) {
  out.query = {};
  out.has_fingerprints = false;
  if (text.size() == 2 * Md5::kSize) {
    if (const auto md5 = parse_hex<Md5>(text)) return out.query.md5 = *md5, true;
  } else if (text.size() == 2 * Sha1::kSize) {
    if (const auto sha1 = parse_hex<Sha1>(text)) return out.query.sha1 = *sha1, true;
  } else if (const auto fingerprint = parse_fingerprint(text)) {
    out.query.sha256 = *parse_hex<Sha256>(text);
    out.fingerprints = {{{{*fingerprint, PdqMode::reference, 100}, Orientation::original},
                         {{*fingerprint, PdqMode::full, 100}, Orientation::original}}};
    out.has_fingerprints = true;
    return true;
  }
  return false;
}

void append_number(std::string& out, uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_json(std::string& out, uint64_t line_number, const MatchedItem& found) {
  if (found.hits.empty()) {
    // Most lines, and what a JSON object for each would cost is most of the time.
    out += "{\"line\":";
    append_number(out, line_number);
    out += ",\"hits\":[]}\n";
    return;
  }
  nlohmann::ordered_json json = {{"line", line_number}, {"hits", nlohmann::ordered_json::array()}};
  for (const Hit& hit : found.hits) json["hits"].push_back(to_json(hit));
  for (const CutMatches& cut : found.cut) json["further_matches"][cut.list] = cut.count;
  out += dump(json, -1);
  out += '\n';
}

void append_text(std::string& out, uint64_t line_number, const MatchedItem& found) {
  for (const Hit& hit : found.hits) {
    append_number(out, line_number);
    for (const std::string_view cell :
         {std::string_view(hit.list), std::string_view(hit.entry_id),
          std::string_view(hit.category), to_text(hit.disposition), to_text(hit.kind)}) {
      out += '\t';
      out += escape_name(cell);
    }
    out += '\t';
    append_number(out, hit.distance_bits);
    out += '\n';
  }
}

/// Matches lines in batches, so that the search runs at full speed.
class LineMatcher {
 public:
  LineMatcher(const Arguments& arguments, scan::ListMatching& matching, Session& session)
      : arguments_(arguments), matching_(matching), session_(session), lines_(kLinesPerBatch) {}

  void add(uint64_t line_number, std::string_view text) {
    LineQuery& line = lines_[count_];
    if (!parse_line(text, line)) {
      session_.log.log(Severity::error,
                       "line " + std::to_string(line_number) + ": no digest and no fingerprint");
      session_.exit = Exit::incomplete;
      return;
    }
    line.line_number = line_number;
    if (++count_ == lines_.size()) flush();
  }

  void flush() {
    if (count_ == 0) return;
    if (const auto now = Clock::now(); now - refreshed_ >= kRefreshEvery) {
      matching_.refresh();
      refreshed_ = now;
    }
    queries_.clear();
    for (size_t i = 0; i < count_; ++i) {
      queries_.push_back(lines_[i].query);
      if (lines_[i].has_fingerprints) queries_.back().fingerprints = lines_[i].fingerprints;
    }
    const auto matched = matching_.match(queries_);
    out_.clear();
    for (size_t i = 0; i < matched.size(); ++i) {
      if (arguments_.json) {
        append_json(out_, lines_[i].line_number, matched[i]);
        continue;
      }
      append_text(out_, lines_[i].line_number, matched[i]);
      for (const CutMatches& cut : matched[i].cut) {
        session_.log.log(Severity::warning, "line " + std::to_string(lines_[i].line_number) + ": " +
                                                std::to_string(cut.count) +
                                                " further matches are not shown, list " + cut.list);
      }
    }
    std::fwrite(out_.data(), 1, out_.size(), stdout);
    std::fflush(stdout);
    count_ = 0;
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Arguments& arguments_;
  scan::ListMatching& matching_;
  Session& session_;
  std::vector<LineQuery> lines_;
  size_t count_ = 0;
  std::vector<ListQuery> queries_;
  std::string out_;
  Clock::time_point refreshed_ = Clock::now();
};

void match_lines(const Arguments& arguments, Session& session) {
  if (arguments.lists.lists.empty()) throw UsageError("match needs at least one --list");
  scan::ListMatching matching = open_lists(arguments.lists, session, session.list_store / ".files");
  LineMatcher matcher(arguments, matching, session);
  if (!arguments.json) std::printf("line\tlist\tentry\tcategory\tdisposition\tmatch\tdistance\n");
  InputLines lines;
  for (uint64_t line_number = 1; auto line = lines.next(); ++line_number) {
    while (!line->empty() && (line->back() == '\r' || line->back() == ' ')) line->remove_suffix(1);
    if (!line->empty()) matcher.add(line_number, *line);
    // Somebody who types, or a program that asks line by line, gets the answer to each line.
    if (lines.must_wait()) matcher.flush();
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
  command->callback([arguments, &session] { match_lines(*arguments, session); });
}

}  // namespace safelight::app
