#include "safelight/synthesis/cues/cue_model.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <span>

namespace safelight::synthesis {
namespace {

constexpr std::string_view kFormat = "safelight-cue-model ";
constexpr std::string_view kVersion = "1";

std::string number(double value) {
  std::array<char, 40> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.9e", value);
  return {text.data(), static_cast<size_t>(size)};
}

std::string date_text(const std::chrono::year_month_day& date) {
  std::array<char, 40> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {text.data(), static_cast<size_t>(size)};
}

template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [at, status] = std::from_chars(text.data(), end, value);
  if (status != std::errc{} || at != end) return std::nullopt;
  return value;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxCueNameBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// Takes the file line by line. A value is good only if it is written as to_text() writes it.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  /// What follows `key` and a space (or ends with it) in the next line.
  Result<std::string_view> after(std::string_view key) {
    SAFELIGHT_TRY(const std::string_view line, next());
    if (!line.starts_with(key)) return malformed("cue-model.line");
    return line.substr(key.size());
  }

  Result<Sha256> digest(std::string_view key) {
    SAFELIGHT_TRY(const std::string_view text, after(key));
    const Result<Sha256> digest = parse_hex<Sha256>(text);
    if (!digest || to_hex(*digest) != text) return malformed("cue-model.digest");
    return *digest;
  }

  Result<uint32_t> count(std::string_view key) {
    SAFELIGHT_TRY(const std::string_view text, after(key));
    const auto value = number_from<uint32_t>(text);
    if (!value || std::to_string(*value) != text) return malformed("cue-model.number");
    return *value;
  }

  Result<double> real(std::string_view key) {
    SAFELIGHT_TRY(const std::string_view text, after(key));
    return real_from(text);
  }

  [[nodiscard]] Result<double> real_from(std::string_view text) const {
    const auto value = number_from<double>(text);
    if (!value || !std::isfinite(*value) || number(*value) != text) {
      return malformed("cue-model.number");
    }
    return *value;
  }

  Result<std::chrono::year_month_day> date(std::string_view key) {
    SAFELIGHT_TRY(const std::string_view text, after(key));
    if (text.size() != 10) return malformed("cue-model.date");
    const auto year = number_from<int>(text.substr(0, 4));
    const auto month = number_from<unsigned>(text.substr(5, 2));
    const auto day = number_from<unsigned>(text.substr(8, 2));
    if (!year || !month || !day) return malformed("cue-model.date");
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                           std::chrono::day(*day)};
    if (!date.ok() || date_text(date) != text) return malformed("cue-model.date");
    return date;
  }

  /// The next line without its end.
  Result<std::string_view> next() {
    line_ = position_;
    const size_t end = text_.find('\n', position_);
    if (end == std::string_view::npos) {
      return Error::at(ErrorCode::truncated, "cue-model.end", line_);
    }
    position_ = end + 1;
    return text_.substr(line_, end - line_);
  }

  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] size_t position() const { return position_; }
  /// At the line that was taken last.
  [[nodiscard]] Error malformed(std::string_view rule) const {
    return Error::at(ErrorCode::malformed, rule, line_);
  }
  [[nodiscard]] Error error(ErrorCode code, std::string_view rule) const {
    return Error::at(code, rule, line_);
  }

 private:
  std::string_view text_;
  size_t position_ = 0;
  size_t line_ = 0;
};

/// `NAME MEAN SCALE WEIGHT`.
Result<CueTerm> term_from(const Lines& lines, std::string_view text) {
  std::array<std::string_view, 4> cells;
  for (size_t i = 0; i < cells.size(); ++i) {
    const size_t space = text.find(' ');
    if ((space == std::string_view::npos) != (i + 1 == cells.size())) {
      return lines.malformed("cue-model.line");
    }
    cells[i] = text.substr(0, space);
    text.remove_prefix(std::min(text.size(), cells[i].size() + 1));
  }
  if (!is_name(cells[0])) return lines.malformed("cue-model.name");
  CueTerm term;
  term.name = cells[0];
  SAFELIGHT_TRY(term.mean, lines.real_from(cells[1]));
  SAFELIGHT_TRY(term.scale, lines.real_from(cells[2]));
  SAFELIGHT_TRY(term.weight, lines.real_from(cells[3]));
  if (term.scale <= 0) return lines.malformed("cue-model.scale");
  return term;
}

}  // namespace

std::string to_text(const CueModel& model) {
  std::string text(kFormat);
  text += kVersion;
  text += "\npanel " + to_hex(model.panel);
  text += "\nmanifest " + to_hex(model.manifest);
  text += "\nmade " + date_text(model.made);
  text += "\ncamera " + std::to_string(model.camera_pictures);
  text += "\ngenerated " + std::to_string(model.generated_pictures);
  text += "\npenalty " + number(model.penalty);
  text += "\nintercept " + number(model.intercept);
  for (const CueTerm& term : model.terms) {
    text += "\ncue " + term.name + ' ' + number(term.mean) + ' ' + number(term.scale) + ' ' +
            number(term.weight);
  }
  text += "\nend\n";
  return text;
}

Result<CueModel> parse_cue_model(std::string_view text) {
  if (text.size() > kMaxCueModelBytes) {
    return Error::at(ErrorCode::limit_exceeded, "cue-model.max-bytes", 0);
  }
  Lines lines(text);
  SAFELIGHT_TRY(const std::string_view version, lines.after(kFormat));
  if (version != kVersion) return lines.error(ErrorCode::unsupported, "cue-model.version");
  CueModel model;
  SAFELIGHT_TRY(model.panel, lines.digest("panel "));
  SAFELIGHT_TRY(model.manifest, lines.digest("manifest "));
  SAFELIGHT_TRY(model.made, lines.date("made "));
  SAFELIGHT_TRY(model.camera_pictures, lines.count("camera "));
  SAFELIGHT_TRY(model.generated_pictures, lines.count("generated "));
  SAFELIGHT_TRY(model.penalty, lines.real("penalty "));
  SAFELIGHT_TRY(model.intercept, lines.real("intercept "));
  while (true) {
    SAFELIGHT_TRY(std::string_view line, lines.next());
    if (line == "end") break;
    constexpr std::string_view kCue = "cue ";
    if (!line.starts_with(kCue)) return lines.malformed("cue-model.line");
    if (model.terms.size() == kMaxCueTerms) {
      return lines.error(ErrorCode::limit_exceeded, "cue-model.max-terms");
    }
    SAFELIGHT_TRY(CueTerm term, term_from(lines, line.substr(kCue.size())));
    for (const CueTerm& before : model.terms) {
      if (before.name == term.name) return lines.malformed("cue-model.name-twice");
    }
    model.terms.push_back(std::move(term));
  }
  if (model.terms.empty()) return lines.malformed("cue-model.no-terms");
  if (!lines.at_end()) {
    return Error::at(ErrorCode::malformed, "cue-model.trailing", lines.position());
  }
  return model;
}

}  // namespace safelight::synthesis
