#include "safelight/lists/internal/formats/text_list.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "safelight/lists/internal/formats/columns.h"
#include "safelight/lists/internal/formats/text_stream.h"

namespace safelight::lists {
namespace {

constexpr std::string_view kHashdeepMark = "%%%% ";
/// A text without any recognised line among so many first ones is no list.
constexpr uint64_t kLinesBeforeGivingUp = 1'000;

bool is_hash_length(size_t digits) { return digits == 32 || digits == 40 || digits == 64; }

bool is_hash_shaped(std::string_view text) { return is_hash_length(text.size()) && is_hex(text); }

size_t leading_hex(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && is_hex(text.substr(count, 1))) ++count;
  return count;
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Such as 2020-07-31T18:47:52+0000.
bool is_iso_time(std::string_view text) {
  return text.size() >= 19 && is_digits(text.substr(0, 4)) && text[4] == '-' && text[7] == '-' &&
         (text[10] == 'T' || text[10] == ' ') && text[13] == ':';
}

std::optional<ValueKind> kind_by_name(std::string_view plain) {
  if (plain == "md5" || plain == "hashmd5" || plain == "videomd5" || plain == "photomd5") {
    return ValueKind::md5;
  }
  if (plain == "sha1" || plain == "hashsha1") return ValueKind::sha1;
  if (plain == "sha256" || plain == "hashsha256" || plain == "sha2256") return ValueKind::sha256;
  if (plain == "pdq" || plain == "hashpdq") return ValueKind::pdq;
  if (plain == "photodna" || plain == "hashphotodna") return ValueKind::photodna;
  return std::nullopt;
}

class TextImport {
 public:
  TextImport(const ByteSource& source, EntryCollector& collector)
      : collector_(collector),
        limits_(collector.options().limits),
        lines_(source, limits_.max_line_bytes) {}

  Result<void> run();

 private:
  struct HeldLine {
    std::string text;
    TextLine line;
  };
  enum class Mode { unknown, lines, columns, hashdeep };

  Result<bool> next(TextLine& line);
  bool is_comment(const TextLine& line, std::string_view text);
  Result<void> recognise(const TextLine& line, std::string_view text);
  Result<void> take_line(const TextLine& line, std::string_view text);
  Result<void> take_delimited(const TextLine& line, std::string_view text, char delimiter);
  Result<void> take_bsd(const TextLine& line, std::string_view text);
  Result<void> take_record(const TextLine& line);
  Result<void> take_hashdeep(const TextLine& line, std::string_view text);
  Result<void> take_columns(const Error& place);
  Result<std::optional<ValueKind>> kind_by_length(size_t digits, const Error& place,
                                                  std::optional<ValueKind> of_64) const;
  void found(ListFormat format);
  void refuse_line(const TextLine& line, std::string_view rule, ErrorCode code);

  EntryCollector& collector_;
  const ImportLimits& limits_;
  LineReader lines_;
  std::deque<HeldLine> held_;  ///< Lines that a quoted record was thought to span.
  HeldLine current_;
  Mode mode_ = Mode::unknown;
  bool recognised_ = false;
  char delimiter_ = ',';
  Columns columns_;
  size_t column_count_ = 0;
  CsvRow row_;
};

Result<bool> TextImport::next(TextLine& line) {
  if (held_.empty()) return lines_.next(line);
  current_ = std::move(held_.front());
  held_.pop_front();
  line = current_.line;
  line.text = current_.text;
  return true;
}

void TextImport::found(ListFormat format) {
  if (!recognised_) collector_.summary().format = format;
  recognised_ = true;
}

void TextImport::refuse_line(const TextLine& line, std::string_view rule, ErrorCode code) {
  collector_.begin(line.number, line.number);
  collector_.refuse(line.error(code, rule), rule);
}

Result<void> TextImport::run() {
  TextLine line;
  uint64_t refused_lines = 0;
  while (true) {
    SAFELIGHT_TRY(const bool more, next(line));
    if (!more) break;
    const std::string_view text = trimmed(line.text);
    if (text.empty()) continue;
    if (line.too_long) {
      refuse_line(line, "limits.max_line_bytes", ErrorCode::limit_exceeded);
    } else if (is_comment(line, text)) {
      ++collector_.summary().comments;
      continue;
    } else if (text.starts_with(kHashdeepMark)) {
      SAFELIGHT_CHECK(recognise(line, text));
      continue;
    } else {
      if (mode_ == Mode::unknown) {
        SAFELIGHT_CHECK(recognise(line, text));
        if (mode_ == Mode::columns) continue;
      }
      switch (mode_) {
        case Mode::unknown:
        case Mode::lines:
          SAFELIGHT_CHECK(take_line(line, text));
          break;
        case Mode::columns:
          SAFELIGHT_CHECK(take_record(line));
          break;
        case Mode::hashdeep:
          SAFELIGHT_CHECK(take_hashdeep(line, text));
          break;
      }
    }
    if (!recognised_ && ++refused_lines >= kLinesBeforeGivingUp) break;
  }
  collector_.summary().replaced_bytes = lines_.replaced_bytes();
  if (!recognised_ && refused_lines > 0) return Error::at(ErrorCode::unsupported, "list.format", 0);
  return {};
}

/// A line that starts with `#`, unless it is a row of named columns that holds a hash: a first cell
/// may be "#1".
bool TextImport::is_comment(const TextLine& line, std::string_view text) {
  if (text.front() != '#') return false;
  if (mode_ != Mode::columns) return true;
  row_.split(line.text, delimiter_, limits_.max_columns);
  for (size_t i = 0; i < row_.size(); ++i) {
    if (is_hash_shaped(trimmed(row_[i]))) return false;
  }
  return true;
}

/// Decides by the first line that is neither blank nor a comment whether it names columns.
Result<void> TextImport::recognise(const TextLine& line, std::string_view text) {
  if (text.starts_with(kHashdeepMark)) {
    row_.split(text.substr(kHashdeepMark.size()), ',', limits_.max_columns);
    const Columns columns = Columns::from_names(row_);
    ++collector_.summary().comments;
    if (columns.names_a_value()) {
      columns_ = columns;
      column_count_ = row_.size();
      mode_ = Mode::hashdeep;
      found(ListFormat::hashdeep);
    } else if (collector_.summary().header.empty()) {
      collector_.summary().header =
          text.substr(kHashdeepMark.size(), std::min<size_t>(limits_.max_text_bytes, text.size()));
    }
    return {};
  }
  mode_ = Mode::lines;
  size_t most_cells = 0;
  for (const char delimiter : {',', ';', '\t'}) {
    if (row_.split(line.text, delimiter, limits_.max_columns) != CsvState::complete) continue;
    bool has_hash = false;
    for (size_t i = 0; i < row_.size(); ++i) has_hash |= is_hash_shaped(trimmed(row_[i]));
    const Columns columns = Columns::from_names(row_);
    if (has_hash || !columns.names_a_value() || row_.size() <= most_cells) continue;
    most_cells = row_.size();
    delimiter_ = delimiter;
    columns_ = columns;
    mode_ = Mode::columns;
  }
  if (mode_ == Mode::columns) {
    found(columns_.format());
    if (columns_.format() == ListFormat::nsrl_text) {
      collector_.summary().proposed_disposition = Disposition::ordinary;
    }
  }
  return {};
}

/// What a value of so many hexadecimal digits is; `of_64` is what the structure says of 64, if
/// anything. None where no kind has that length.
Result<std::optional<ValueKind>> TextImport::kind_by_length(size_t digits, const Error& place,
                                                            std::optional<ValueKind> of_64) const {
  if (digits == 32) return std::optional(ValueKind::md5);
  if (digits == 40) return std::optional(ValueKind::sha1);
  if (digits != 64) return std::optional<ValueKind>();
  if (of_64) return of_64;
  switch (collector_.options().sixty_four_hex) {
    case SixtyFourHex::sha256:
      return std::optional(ValueKind::sha256);
    case SixtyFourHex::pdq:
      return std::optional(ValueKind::pdq);
    case SixtyFourHex::ask:
      break;
  }
  return Error{ErrorCode::unsupported, "list.sixty-four-hex", place.offset_bytes,
               place.offset_kind};
}

/// A line of a list without names: each says itself of which shape it is.
Result<void> TextImport::take_line(const TextLine& line, std::string_view text) {
  const Error place = line.error(ErrorCode::malformed, {});
  // coreutils puts a backslash before the line of a name that it had to escape.
  const std::string_view shape = text.front() == '\\' ? text.substr(1) : text;
  const size_t digits = leading_hex(shape);
  const char after = digits < shape.size() ? shape[digits] : '\0';
  if (is_hash_length(digits) && digits == shape.size()) {
    SAFELIGHT_TRY(const auto kind, kind_by_length(digits, place, std::nullopt));
    found(ListFormat::hash_lines);
    collector_.begin(line.number, line.number);
    collector_.read_value(*kind, shape, place);
    return collector_.end(place, "list.line");
  }
  if (is_hash_length(digits) && (after == ',' || after == ';' || after == '\t')) {
    return take_delimited(line, shape, after);
  }
  if (is_hash_length(digits) && after == ' ') {
    const char mark = digits + 1 < shape.size() ? shape[digits + 1] : '\0';
    if (mark == ' ' || mark == '*') {
      // The checksum programs print digests; a fingerprint in this shape must be asked for.
      const auto of_64 = collector_.options().sixty_four_hex == SixtyFourHex::pdq
                             ? ValueKind::pdq
                             : ValueKind::sha256;
      SAFELIGHT_TRY(const auto kind, kind_by_length(digits, place, of_64));
      found(ListFormat::checksum_lines);
      collector_.begin(line.number, line.number);
      collector_.read_value(*kind, shape.substr(0, digits), place);
      return collector_.end(place, "list.line");
    }
  }
  if (text.front() == '"') {
    const size_t close = text.find('"', 1);
    const char delimiter =
        close != std::string_view::npos && close + 1 < text.size() ? text[close + 1] : ',';
    if (delimiter == ',' || delimiter == ';' || delimiter == '\t') {
      return take_delimited(line, text, delimiter);
    }
  }
  return take_bsd(line, text);
}

/// `hash,category`, further digests of the same file before the category, or ThreatExchange's
/// `hash,id,time,tags`.
Result<void> TextImport::take_delimited(const TextLine& line, std::string_view text,
                                        char delimiter) {
  const Error place = line.error(ErrorCode::malformed, {});
  if (row_.split(text, delimiter, limits_.max_columns) != CsvState::complete ||
      !is_hash_shaped(trimmed(row_[0]))) {
    refuse_line(line, "list.line", ErrorCode::malformed);
    return {};
  }
  const bool exchange =
      row_.size() >= 3 && is_digits(trimmed(row_[1])) && is_iso_time(trimmed(row_[2]));
  std::optional<ValueKind> of_64;
  if (exchange) of_64 = ValueKind::pdq;
  std::array<std::optional<ValueKind>, 3> kinds;
  size_t values = 0;
  while (values < kinds.size() && values < row_.size() && is_hash_shaped(trimmed(row_[values]))) {
    SAFELIGHT_TRY(kinds[values], kind_by_length(trimmed(row_[values]).size(), place, of_64));
    if (std::find(kinds.begin(), kinds.begin() + static_cast<ptrdiff_t>(values), kinds[values]) !=
        kinds.begin() + static_cast<ptrdiff_t>(values)) {
      break;
    }
    ++values;
  }
  found(exchange ? ListFormat::threatexchange_csv : ListFormat::hash_and_category);
  collector_.begin(line.number, line.number);
  for (size_t i = 0; i < values; ++i) collector_.read_value(*kinds[i], row_[i], place);
  if (exchange) {
    collector_.read_entry_id(row_[1], place);
  } else {
    collector_.read_category(row_.cell(values), place);
  }
  return collector_.end(place, "list.line");
}

/// `MD5 (name) = hash`, as BSD and OpenSSL print it.
Result<void> TextImport::take_bsd(const TextLine& line, std::string_view text) {
  const Error place = line.error(ErrorCode::malformed, {});
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  std::optional<ValueKind> kind;
  std::string_view value;
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    kind = kind_by_name(plain_name(text.substr(0, std::min<size_t>(open, 16))));
    const std::string_view rest = trimmed(text.substr(close + 1));
    if (rest.starts_with('=')) value = trimmed(rest.substr(1));
  }
  if (!kind || value.empty()) {
    refuse_line(line, "list.line", ErrorCode::malformed);
    return {};
  }
  found(ListFormat::checksum_lines);
  collector_.begin(line.number, line.number);
  collector_.read_value(*kind, value, place);
  return collector_.end(place, "list.line");
}

/// A row under named columns, which may span lines where a cell is quoted.
Result<void> TextImport::take_record(const TextLine& line) {
  const auto quotes = [](std::string_view text) {
    return std::count(text.begin(), text.end(), '"');
  };
  const Error place = line.error(ErrorCode::malformed, {});
  std::string_view record = line.text;
  std::string joined;
  if (quotes(record) % 2 != 0) {
    joined = record;
    std::deque<HeldLine> taken;
    const TextLine first = line;
    bool closed = false;
    TextLine next_line;
    while (!closed && taken.size() + 1 < limits_.max_quoted_lines &&
           joined.size() <= limits_.max_line_bytes) {
      SAFELIGHT_TRY(const bool more, next(next_line));
      if (!more) break;
      taken.push_back({std::string(next_line.text), next_line});
      joined += '\n';
      joined += next_line.text;
      closed = quotes(next_line.text) % 2 != 0;
    }
    if (!closed) {
      held_.insert(held_.begin(), std::make_move_iterator(taken.begin()),
                   std::make_move_iterator(taken.end()));
      refuse_line(first, "csv.open-quote", ErrorCode::malformed);
      return {};
    }
    record = joined;
  }
  std::string_view rule;
  switch (row_.split(record, delimiter_, limits_.max_columns)) {
    case CsvState::complete:
      break;
    case CsvState::open_quote:
      rule = "csv.open-quote";
      break;
    case CsvState::text_after_quote:
      rule = "csv.text-after-quote";
      break;
    case CsvState::too_many_columns:
      rule = "limits.max_columns";
      break;
  }
  if (!rule.empty()) {
    collector_.begin(line.number, line.number);
    collector_.refuse(place, rule);
    return {};
  }
  collector_.begin(line.number, line.number);
  return take_columns(place);
}

Result<void> TextImport::take_hashdeep(const TextLine& line, std::string_view text) {
  const Error place = line.error(ErrorCode::malformed, {});
  // The name comes last, unquoted, and may hold commas.
  size_t end = 0;
  for (size_t i = 0; i + 1 < column_count_ && end != std::string_view::npos; ++i) {
    end = text.find(',', end == 0 ? 0 : end + 1);
  }
  collector_.begin(line.number, line.number);
  if (end == std::string_view::npos ||
      row_.split(text.substr(0, end), ',', limits_.max_columns) != CsvState::complete) {
    collector_.refuse(place, "hashdeep.columns");
    return {};
  }
  return take_columns(place);
}

Result<void> TextImport::take_columns(const Error& place) {
  constexpr std::pair<Role, ValueKind> kValues[] = {{Role::md5, ValueKind::md5},
                                                    {Role::sha1, ValueKind::sha1},
                                                    {Role::sha256, ValueKind::sha256},
                                                    {Role::pdq, ValueKind::pdq},
                                                    {Role::photodna, ValueKind::photodna}};
  for (const auto& [role, kind] : kValues) {
    collector_.read_value(kind, columns_.cell(row_, role), place);
  }
  if (const auto value = trimmed(columns_.cell(row_, Role::hash)); !value.empty()) {
    std::optional<ValueKind> kind;
    const std::string name = plain_name(columns_.cell(row_, Role::hash_kind));
    if (!name.empty()) {
      kind = kind_by_name(name);
      if (!kind) {
        ++collector_.summary().other_signals;
        return {};
      }
    } else if (is_hex(value)) {
      std::optional<ValueKind> of_64;
      if (columns_.has(Role::quality)) of_64 = ValueKind::pdq;
      if (columns_.has(Role::pdq)) of_64 = ValueKind::sha256;
      SAFELIGHT_TRY(kind, kind_by_length(value.size(), place, of_64));
    }
    if (kind) {
      collector_.read_value(*kind, value, place);
    } else {
      collector_.refuse(place, "list.hash");
      return {};
    }
  }
  const Role category = columns_.has(Role::category) ? Role::category : Role::baseline;
  collector_.read_category(columns_.cell(row_, category), place);
  collector_.read_entry_id(columns_.cell(row_, Role::entry_id), place);
  collector_.read_size(columns_.cell(row_, Role::size), place);
  collector_.read_quality(columns_.cell(row_, Role::quality), place);
  ListEntry& entry = collector_.entry();
  const auto stated = [&](Role role) {
    return stated_from_text(trimmed(columns_.cell(row_, role)));
  };
  entry.distributed = stated(Role::distributed);
  entry.victim_identified = stated(Role::victim_identified);
  entry.offender_identified = stated(Role::offender_identified);
  return collector_.end(place, "list.row-without-hash");
}

}  // namespace

Result<void> import_text(const ByteSource& source, EntryCollector& collector) {
  return TextImport(source, collector).run();
}

}  // namespace safelight::lists
