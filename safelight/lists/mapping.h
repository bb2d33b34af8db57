#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/evidence/hit.h"

namespace safelight {

/// What one list's category codes mean to a reviewer. Nothing is built in: the same number means
/// opposite things in different lists. A code that is not mapped means `review`.
class CategoryMapping {
 public:
  using Map = std::map<std::string, Disposition, std::less<>>;

  /// Reads lines of `code = disposition`; blank lines and lines that start with `#` are skipped,
  /// and space around a code is no part of it. Errors: malformed, at the line's offset: rules
  /// "mapping.line", "mapping.code" (empty), "mapping.twice" and "disposition.name".
  [[nodiscard]] static Result<CategoryMapping> parse(std::string_view text);

  /// Adds one `code=disposition`, as a command line gives it, and replaces what stood for that
  /// code. Errors: malformed.
  [[nodiscard]] Result<void> set_from_text(std::string_view assignment);
  void set(std::string_view code, Disposition disposition);

  [[nodiscard]] std::optional<Disposition> find(std::string_view code) const;
  /// The mapped meaning of a code, `review` where it has none.
  [[nodiscard]] Disposition disposition_of(std::string_view code) const;
  /// In the order of the codes' bytes.
  [[nodiscard]] const Map& codes() const { return codes_; }

  friend bool operator==(const CategoryMapping&, const CategoryMapping&) = default;

 private:
  Map codes_;
};

/// What parse() reads back, one line a code.
std::string to_text(const CategoryMapping& mapping);

}  // namespace safelight
