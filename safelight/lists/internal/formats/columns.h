#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "safelight/base/csv_row.h"
#include "safelight/lists/import.h"

namespace safelight::lists {

/// What a named column of a list holds.
enum class Role : uint8_t {
  md5,
  sha1,
  sha256,
  pdq,
  photodna,
  hash,       ///< A digest or fingerprint, which one is told by its length or by `hash_kind`.
  hash_kind,  ///< The name of the kind of `hash`.
  quality,
  category,
  baseline,  ///< Of ICSE; read as the category where there is none.
  entry_id,
  size,
  distributed,
  victim_identified,
  offender_identified,
  crc32,         ///< Not read; tells NSRL.
  product_code,  ///< The same.
};
inline constexpr size_t kRoles = 17;

/// Which column of a list has which role.
class Columns {
 public:
  /// The roles of a row of names, by the names alone.
  static Columns from_names(const CsvRow& names);
  /// Whether it names any digest, fingerprint or PhotoDNA value.
  [[nodiscard]] bool names_a_value() const;
  [[nodiscard]] bool has(Role role) const { return at(role).has_value(); }
  [[nodiscard]] std::optional<uint16_t> at(Role role) const {
    return index_[static_cast<size_t>(role)];
  }
  /// The row's cell of that role, "" where it has none.
  [[nodiscard]] std::string_view cell(const CsvRow& row, Role role) const {
    const auto index = at(role);
    return index ? row.cell(*index) : std::string_view();
  }
  /// Which format a list with these columns is.
  [[nodiscard]] ListFormat format() const;

 private:
  std::array<std::optional<uint16_t>, kRoles> index_{};
};

/// `name` in lower case without anything but letters and digits.
std::string plain_name(std::string_view name);

}  // namespace safelight::lists
