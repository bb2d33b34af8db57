#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/synthesis/evaluation/cell.h"

namespace safelight::synthesis {

/// One figure of a cell.
struct CellColumn {
  std::string_view heading;            ///< HTML.
  std::string (*figure)(const Cell&);  ///< HTML.
};

/// How many pictures are behind a row, how well it tells the classes apart, and what its ratios are
/// worth.
[[nodiscard]] std::span<const CellColumn> main_columns();
/// What thresholds that were fixed on clean material do.
[[nodiscard]] std::span<const CellColumn> fixed_columns();
/// How well its ratios are calibrated, and what is decided by them.
[[nodiscard]] std::span<const CellColumn> calibration_columns();

enum class RowStyle : uint8_t { ordinary, worst, optimistic };

struct CellRow {
  std::string name;  ///< HTML.
  const Cell* cell = nullptr;
  std::string instead;             ///< HTML, where there is no cell: why.
  std::vector<std::string> extra;  ///< HTML, under the table's extra headings.
  RowStyle style = RowStyle::ordinary;
};

struct CellTable {
  std::string_view first_heading;
  std::vector<CellColumn> columns;
  std::vector<std::string_view> extra_headings;
  std::vector<CellRow> rows;

  void add_columns(std::span<const CellColumn> more);
  [[nodiscard]] std::string html() const;
};

}  // namespace safelight::synthesis
