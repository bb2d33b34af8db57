#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace safelight::database {

/// One statement of its parts, such as a select, its condition and its order.
inline std::string sql_text(std::initializer_list<std::string_view> parts) {
  std::string sql;
  for (const std::string_view part : parts) sql += part;
  return sql;
}

}  // namespace safelight::database
