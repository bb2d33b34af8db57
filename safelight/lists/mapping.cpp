#include "safelight/lists/mapping.h"

#include "safelight/base/csv_row.h"

namespace safelight {
namespace {

struct Assignment {
  std::string_view code;
  Disposition disposition;
};

/// `code = disposition`; the last equals sign parts them, since a code may hold one.
Result<Assignment> parse_assignment(std::string_view text) {
  const size_t equals = text.rfind('=');
  if (equals == std::string_view::npos) return Error{ErrorCode::malformed, "mapping.line"};
  const std::string_view code = trimmed(text.substr(0, equals));
  if (code.empty()) return Error{ErrorCode::malformed, "mapping.code"};
  SAFELIGHT_TRY(const Disposition disposition,
                disposition_from_text(trimmed(text.substr(equals + 1))));
  return Assignment{code, disposition};
}

}  // namespace

Result<CategoryMapping> CategoryMapping::parse(std::string_view text) {
  CategoryMapping mapping;
  size_t offset = 0;
  while (offset < text.size()) {
    const size_t end = std::min(text.find('\n', offset), text.size());
    const std::string_view line = trimmed(text.substr(offset, end - offset));
    if (!line.empty() && line.front() != '#') {
      const Result<Assignment> assignment = parse_assignment(line);
      if (!assignment) {
        return Error::at(assignment.error().code, assignment.error().rule, offset);
      }
      if (mapping.find(assignment->code)) {
        return Error::at(ErrorCode::malformed, "mapping.twice", offset);
      }
      mapping.set(assignment->code, assignment->disposition);
    }
    offset = end + 1;
  }
  return mapping;
}

Result<void> CategoryMapping::set_from_text(std::string_view assignment) {
  SAFELIGHT_TRY(const Assignment parsed, parse_assignment(assignment));
  set(parsed.code, parsed.disposition);
  return {};
}

void CategoryMapping::set(std::string_view code, Disposition disposition) {
  codes_.insert_or_assign(std::string(code), disposition);
}

std::optional<Disposition> CategoryMapping::find(std::string_view code) const {
  const auto found = codes_.find(code);
  if (found == codes_.end()) return std::nullopt;
  return found->second;
}

Disposition CategoryMapping::disposition_of(std::string_view code) const {
  return find(code).value_or(Disposition::review);
}

std::string to_text(const CategoryMapping& mapping) {
  std::string text;
  for (const auto& [code, disposition] : mapping.codes()) {
    text += code;
    text += " = ";
    text += to_text(disposition);
    text += '\n';
  }
  return text;
}

}  // namespace safelight
