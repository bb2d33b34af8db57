#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "safelight/database/connection.h"

struct sqlite3_stmt;

namespace safelight::database {

enum class ValueType : uint8_t { null, integer, real, text, blob };

/// A prepared statement. Parameters and columns are counted from 0. Views that it gives hold until
/// the next step() or reset(). The connection outlives it and does not move. Throws Fault.
class Statement {
 public:
  Statement(const Connection& connection, std::string_view sql);

  Statement& bind_null(int parameter);
  Statement& bind(int parameter, int64_t value);
  Statement& bind_text(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::span<const std::byte> blob);

  /// Whether there is a row, which columns then give; after the last row the statement is reset.
  bool step();
  void reset();

  [[nodiscard]] int columns() const;
  [[nodiscard]] ValueType type(int column) const;
  [[nodiscard]] bool is_null(int column) const { return type(column) == ValueType::null; }
  [[nodiscard]] int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::byte> blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  const Connection& connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace safelight::database
