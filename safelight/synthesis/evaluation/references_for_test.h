#pragma once

#include <string>
#include <vector>

#include "safelight/synthesis/evaluation/learner.h"
#include "safelight/synthesis/evaluation/manifest.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {

/// Invented references: `sources` of each class with `per_source` pictures each.
inline std::vector<Reference> invented_references(size_t sources, size_t per_source) {
  std::vector<Reference> out;
  for (const Proposition truth : {Proposition::camera, Proposition::generated}) {
    for (size_t source = 0; source < sources; ++source) {
      for (size_t i = 0; i < per_source; ++i) {
        Reference reference;
        reference.truth = truth;
        const bool camera = truth == Proposition::camera;
        reference.source = (camera ? "camera " : "lab ") + std::to_string(source);
        reference.path = reference.source + "/" + std::to_string(i);
        const size_t number = out.size();
        for (size_t byte = 0; byte < 4; ++byte) {
          reference.sha256.bytes[byte] = static_cast<uint8_t>(number >> (8 * byte));
        }
        if (!camera) reference.generator = "model " + std::to_string(source);
        if (camera) reference.camera_maker = source % 2 == 0 ? "Maker A" : "Maker B";
        out.push_back(std::move(reference));
      }
    }
  }
  return out;
}

/// A table of one score a row under the one condition "clean".
inline AssessmentTable clean_table(const std::vector<double>& scores) {
  AssessmentTable table;
  table.conditions = {"clean"};
  table.entries.emplace_back();
  for (const double score : scores) {
    TableEntry entry;
    entry.score = score;
    table.entries[0].push_back(entry);
  }
  return table;
}

/// Normal scores whose means are `distance` apart, the generated ones' the larger.
inline std::vector<double> normal_scores(const std::vector<Reference>& references, double distance,
                                         uint64_t seed) {
  Random random(seed);
  std::vector<double> out = normal_values(references.size(), 0, random);
  for (size_t row = 0; row < out.size(); ++row) {
    if (references[row].truth == Proposition::generated) out[row] += distance;
  }
  return out;
}

}  // namespace safelight::synthesis
