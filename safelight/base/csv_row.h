#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/error.h"

namespace safelight {

/// How a record of comma-separated values came apart.
enum class CsvState : uint8_t {
  complete,
  open_quote,        ///< A quoted cell does not end: the record may go on in the next line.
  text_after_quote,  ///< Something other than a delimiter follows a closing quote.
  too_many_columns,
};

/// The cells of one record by RFC 4180, with any delimiter. Reusable.
class CsvRow {
 public:
  /// Splits `record`. A quote inside a cell that does not begin with one stands for itself, as the
  /// RFC leaves open. Cells are valid until the next call.
  CsvState split(std::string_view record, char delimiter, size_t max_columns);
  [[nodiscard]] size_t size() const { return count_; }
  [[nodiscard]] std::string_view operator[](size_t i) const { return cells_[i]; }
  /// Cell `i`, or "" where the row is shorter.
  [[nodiscard]] std::string_view cell(size_t i) const {
    return i < count_ ? std::string_view(cells_[i]) : std::string_view();
  }

 private:
  std::vector<std::string> cells_;
  size_t count_ = 0;
};

/// `text` without space, tab and carriage return at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace safelight
