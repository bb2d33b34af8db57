#include "safelight/base/csv_row.h"

namespace safelight {

CsvState CsvRow::split(std::string_view record, char delimiter, size_t max_columns) {
  count_ = 0;
  size_t i = 0;
  while (true) {
    if (count_ == max_columns) return CsvState::too_many_columns;
    if (count_ == cells_.size()) cells_.emplace_back();
    std::string& cell = cells_[count_++];
    if (i < record.size() && record[i] == '"') {
      cell.clear();
      ++i;
      while (true) {
        const size_t quote = record.find('"', i);
        if (quote == std::string_view::npos) return CsvState::open_quote;
        cell += record.substr(i, quote - i);
        i = quote + 1;
        if (i >= record.size() || record[i] != '"') break;
        cell += '"';
        ++i;
      }
      if (i < record.size() && record[i] != delimiter) return CsvState::text_after_quote;
    } else {
      const size_t end = std::min(record.find(delimiter, i), record.size());
      cell = record.substr(i, end - i);
      i = end;
    }
    if (i >= record.size()) return CsvState::complete;
    ++i;
  }
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace safelight
