#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/synthesis/detectors/stratum.h"

namespace safelight::synthesis {

/// What a detector said of one reference under one condition: an Assessment, kept small.
struct TableEntry {
  std::optional<double> score;
  std::string not_assessable;  ///< Why there is no score; else empty.
  Stratum stratum;
  std::vector<double> cues;  ///< In the order of AssessmentTable::cue_names; or none.
  friend bool operator==(const TableEntry&, const TableEntry&) = default;
};

/// What a detector said of all references, by condition (a transformation of them all) and row.
struct AssessmentTable {
  std::vector<std::string> conditions;  ///< Names; the first is "clean".
  std::vector<std::string> cue_names;
  std::vector<std::vector<TableEntry>> entries;

  /// Its place in `conditions`; nothing where there is none of that name.
  [[nodiscard]] std::optional<size_t> find(std::string_view condition) const;
};

}  // namespace safelight::synthesis
