#pragma once

#include <string>
#include <vector>

#include "safelight/synthesis/evaluation/evaluation.h"
#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {

/// What is invented of an evaluation.
struct Invention {
  size_t sources = 6;  ///< Of each class.
  size_t per_source = 20;
  double distance = 2;  ///< Between the classes' mean scores.
  ConfoundCheck confounds = {0.55};
  size_t threads = 1;
};

/// One of an invented detector, under a few conditions that cost it more and more.
inline Evaluation invented_evaluation(const Invention& invention) {
  Evaluation out;
  out.references = invented_references(invention.sources, invention.per_source);
  out.confounds = invention.confounds;
  out.options = {7, 50, invention.threads};
  out.manifest.bytes[0] = 0xab;
  std::vector<FileFacts> facts;
  for (size_t i = 0; i < out.references.size(); ++i) {
    facts.push_back({i % 3 == 0 ? 800u : 1600u, 700, 100'000, "jpeg", 90, true});
  }
  AssessmentTable table;
  table.conditions = {"clean", "jpeg_75", "jpeg_30", "equalised_85", "equalised_60"};
  for (size_t i = 0; i < table.conditions.size(); ++i) {
    const double left = invention.distance * (1 - 0.15 * static_cast<double>(i));
    table.entries.push_back(clean_table(normal_scores(out.references, left, 4 + i)).entries[0]);
    // One picture in seventeen is not assessable once it is compressed.
    for (size_t row = 0; i > 0 && row < out.references.size(); row += 17) {
      table.entries[i][row] = {{}, "compressed too hard", {}, {}};
    }
  }
  DetectorIdentity identity{"invented", {}, {}};
  identity.model.bytes[31] = 1;
  identity.preprocessing.bytes[31] = 2;
  out.detectors.push_back(evaluate(out.references, facts, table, FixedLearner(table), identity,
                                   out.confounds, out.options));
  return out;
}

/// A fusion of two, as if it had been measured.
inline FusionCheck invented_fusion() {
  FusionCheck out;
  out.fusion.members = {{{"first", {}, {}}, {{0, -1}, {-1, 1}}, 0.75},
                        {{"second", {}, {}}, {{0, -1}, {-1, 1}}, 0.25}};
  out.cllr = 0.5;
  out.member_cllrs = {0.6, 0.7};
  return out;
}

}  // namespace safelight::synthesis
