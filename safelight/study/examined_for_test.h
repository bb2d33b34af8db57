#pragma once

#include <utility>
#include <vector>

#include "safelight/study/examine_references.h"
#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::study {

/// Invented references with what one invented detector says of them, as if they had been examined.
/// All files are alike, and all pictures of the stratum large/light.
inline ExaminedReferences examined_for_test(std::vector<synthesis::Reference> references,
                                            synthesis::AssessmentTable table) {
  ExaminedReferences out;
  out.facts.assign(references.size(), {1600, 1200, 400'000, "jpeg", 90, true});
  out.fingerprints.resize(references.size());
  out.references = std::move(references);
  out.detectors.push_back({"invented", {}, {}});
  out.detectors[0].model.bytes[0] = 0x11;
  out.detectors[0].preprocessing.bytes[0] = 0x22;
  for (auto& of_condition : table.entries) {
    for (synthesis::TableEntry& entry : of_condition) {
      entry.stratum = {synthesis::SizeBand::large, synthesis::CompressionBand::light};
    }
  }
  out.tables.push_back(std::move(table));
  return out;
}

/// A table of the conditions "clean" and "equalised_85".
inline synthesis::AssessmentTable clean_and_equalised(const std::vector<double>& clean,
                                                      const std::vector<double>& equalised) {
  synthesis::AssessmentTable table = synthesis::clean_table(clean);
  table.conditions.emplace_back("equalised_85");
  table.entries.push_back(std::move(synthesis::clean_table(equalised).entries[0]));
  return table;
}

/// One more invented detector of the same pictures, whose table has the same conditions.
inline void add_detector(ExaminedReferences& examined, synthesis::AssessmentTable table) {
  examined.detectors.push_back({"second", {}, {}});
  examined.detectors.back().model.bytes[0] = 0x33;
  for (size_t i = 0; i < table.entries.size(); ++i) {
    for (size_t row = 0; row < table.entries[i].size(); ++row) {
      table.entries[i][row].stratum = examined.tables[0].entries[i][row].stratum;
    }
  }
  examined.tables.push_back(std::move(table));
}

}  // namespace safelight::study
