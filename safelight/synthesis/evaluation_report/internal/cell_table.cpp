#include "safelight/synthesis/evaluation_report/internal/cell_table.h"

#include <array>

#include "safelight/base/number_text.h"
#include "safelight/synthesis/evaluation_report/internal/figures.h"

namespace safelight::synthesis {
namespace {

std::string both_rates(const Cell::AtPoint& at) {
  return shown(at.fixed_true_positive) + "<span class=\"second\">" +
         shown(at.fixed_false_positive) + "</span>";
}

std::string not_assessed(const Cell& cell) {
  return grouped(cell.camera_not_assessed) + " + " + grouped(cell.generated_not_assessed);
}

constexpr std::array<CellColumn, 10> kMain = {{
    {"Camera n", [](const Cell& c) { return grouped(c.camera); }},
    {"Gener&shy;ated n", [](const Cell& c) { return grouped(c.generated); }},
    {"Not as&shy;sessed", not_assessed},
    {"AUC", [](const Cell& c) { return shown(c.auc); }},
    {"TP at 1&nbsp;% FP", [](const Cell& c) { return shown(c.at[0].true_positive_rate); }},
    {"TP at 5&nbsp;% FP", [](const Cell& c) { return shown(c.at[1].true_positive_rate); }},
    {"Bal&shy;anced acc.", [](const Cell& c) { return shown(c.balanced_accuracy); }},
    {"Cllr", [](const Cell& c) { return shown(c.cllr); }},
    {"Mis&shy;leading, camera", [](const Cell& c) { return shown(c.misleading.camera); }},
    {"Mis&shy;leading, gener&shy;ated",
     [](const Cell& c) { return shown(c.misleading.generated); }},
}};

constexpr std::array<CellColumn, 2> kFixed = {{
    {"TP / FP, fixed 1&nbsp;%", [](const Cell& c) { return both_rates(c.at[0]); }},
    {"TP / FP, fixed 5&nbsp;%", [](const Cell& c) { return both_rates(c.at[1]); }},
}};

constexpr std::array<CellColumn, 10> kCalibration = {{
    {"Camera n", [](const Cell& c) { return grouped(c.camera); }},
    {"Gener&shy;ated n", [](const Cell& c) { return grouped(c.generated); }},
    {"Cllr", [](const Cell& c) { return shown(c.cllr); }},
    {"Cllr_min", [](const Cell& c) { return shown(c.cllr_min); }},
    {"Cllr_cal", [](const Cell& c) { return shown(c.cllr_cal); }},
    {"Expected cali&shy;bration error",
     [](const Cell& c) { return shown(c.expected_calibration_error); }},
    {"Brier", [](const Cell& c) { return shown(c.brier); }},
    {"Decided", [](const Cell& c) { return shown(c.decisions.coverage()); }},
    {"Wrong, of all", [](const Cell& c) { return shown(c.decisions.error()); }},
    {"Wrong, of decided", [](const Cell& c) { return shown(c.decisions.selective_error()); }},
}};

std::string_view class_of(RowStyle style) {
  switch (style) {
    case RowStyle::worst:
      return " class=\"worst\"";
    case RowStyle::optimistic:
      return " class=\"optimistic\"";
    case RowStyle::ordinary:
      break;
  }
  return "";
}

}  // namespace

std::span<const CellColumn> main_columns() { return kMain; }
std::span<const CellColumn> fixed_columns() { return kFixed; }
std::span<const CellColumn> calibration_columns() { return kCalibration; }

void CellTable::add_columns(std::span<const CellColumn> more) {
  columns.insert(columns.end(), more.begin(), more.end());
}

std::string CellTable::html() const {
  std::string out = "<div class=\"scroll\"><table class=\"cells\"><thead><tr><th scope=\"col\">";
  out += first_heading;
  out += "</th>";
  const auto heading = [&](std::string_view text) {
    out += "<th scope=\"col\" class=\"n\">";
    out += text;
    out += "</th>";
  };
  for (const CellColumn& column : columns) heading(column.heading);
  for (const std::string_view text : extra_headings) heading(text);
  out += "</tr></thead>\n<tbody>\n";
  for (const CellRow& row : rows) {
    out += "<tr";
    out += class_of(row.style);
    out += "><th scope=\"row\">" + row.name + "</th>";
    if (row.cell == nullptr) {
      out += "<td class=\"instead\" colspan=\"" + std::to_string(columns.size()) + "\">" +
             row.instead + "</td>";
    } else {
      for (const CellColumn& column : columns) {
        out += "<td class=\"n\">" + column.figure(*row.cell) + "</td>";
      }
    }
    for (const std::string& text : row.extra) out += "<td class=\"n\">" + text + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace safelight::synthesis
