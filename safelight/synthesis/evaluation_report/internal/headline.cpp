#include "safelight/synthesis/evaluation_report/internal/headline.h"

#include <string>

namespace safelight::synthesis {
namespace {

template <typename Row>
const Row* find_row(const std::vector<Row>& rows, const std::string& condition) {
  for (const Row& row : rows) {
    if (row.condition == condition) return &row;
  }
  return nullptr;
}

}  // namespace

const Cell* headline_cell(const DetectorEvaluation& detector) {
  // The sweep has the equalised conditions too, but calibrated on clean material.
  const ConditionRow* row = find_row(detector.equalised, detector.headline);
  if (row == nullptr) row = find_row(detector.sweep, detector.headline);
  return row == nullptr ? nullptr : &row->cell;
}

const TriageRow* headline_triage(const DetectorEvaluation& detector) {
  return find_row(detector.triage, detector.headline);
}

}  // namespace safelight::synthesis
