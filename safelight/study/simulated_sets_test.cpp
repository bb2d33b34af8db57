#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "safelight/study/evaluate_references.h"
#include "safelight/study/examined_for_test.h"
#include "safelight/study/make_calibration.h"
#include "safelight/synthesis/calibration/gate.h"

/// Whether the gate tells detectors that are worth something from those that are not: many invented
/// sets, each evaluated and calibrated as the programs do it.
namespace safelight::study {
namespace {

using synthesis::Proposition;
using synthesis::Random;
using synthesis::Reference;

constexpr size_t kSets = 200;
constexpr size_t kSources = 5;  ///< Of each class: as few as the gate lets through.
constexpr size_t kPicturesOfSource = 20;
/// Few, so that the test is quick; the limits of 95 % still lie between replicates.
constexpr synthesis::EvaluationOptions kQuick = {1, 40, 1};
const synthesis::Date kToday = *synthesis::date_from_text("2026-11-30");

/// Without generators and makers, which cost rows that nothing here looks at.
std::vector<Reference> references_of_set() {
  auto references = synthesis::invented_references(kSources, kPicturesOfSource);
  for (Reference& reference : references) {
    reference.generator.clear();
    reference.camera_maker.clear();
  }
  return references;
}

/// What the gate and the evaluation came to over many sets.
struct Tally {
  size_t shown = 0;      ///< Sets whose calibration may show a ratio of a picture of its stratum.
  size_t flagged = 0;    ///< By the confound gate.
  size_t worthless = 0;  ///< Sets whose headlined Cllr is over kMaxGateCllr.
  size_t good = 0;       ///< Those whose headlined Cllr is under 0.2.
};

using MakeSet = std::function<ExaminedReferences(Random&)>;

Tally tally_of(const MakeSet& make_set) {
  Tally out;
  for (uint64_t seed = 0; seed < kSets; ++seed) {
    Random random(seed);
    const ExaminedReferences examined = make_set(random);
    const auto evaluation = evaluate_references(examined, {}, kQuick);
    const synthesis::DetectorEvaluation& measured = evaluation.detectors.at(0);
    const auto calibration =
        make_calibration(examined.tables[0], evaluation, measured, kToday, 180);
    const auto& stratum = examined.tables[0].entries[0][0].stratum;
    out.shown += gate(calibration, kToday).empty() && !gate_stratum(calibration, stratum) ? 1 : 0;
    out.flagged += evaluation.confounds.is_flagged() ? 1 : 0;
    const bool clean_first = measured.headline == "clean";
    const double cllr = clean_first ? measured.sweep[0].cell.cllr.estimate
                                    : measured.equalised_cell()->cllr.estimate;
    out.worthless += cllr > synthesis::kMaxGateCllr ? 1 : 0;
    out.good += cllr < 0.2 ? 1 : 0;
  }
  return out;
}

std::vector<double> noise(size_t count, Random& random) {
  return synthesis::normal_values(count, 0, random);
}

TEST(SimulatedSets, ARandomDetectorShowsARatioInOneOfAHundredSetsAtMost) {
  const Tally tally = tally_of([](Random& random) {
    auto references = references_of_set();
    const auto clean = noise(references.size(), random);
    const auto equalised = noise(references.size(), random);
    return examined_for_test(std::move(references), clean_and_equalised(clean, equalised));
  });
  EXPECT_LE(tally.shown, kSets / 100);
  EXPECT_EQ(tally.worthless, kSets);
  EXPECT_EQ(tally.flagged, 0u) << "all files are alike";
}

TEST(SimulatedSets, SoDoesOneWhoseScoresAreAlikeWithinASource) {
  const Tally tally = tally_of([](Random& random) {
    auto references = references_of_set();
    std::vector<double> scores = noise(references.size(), random);
    const auto of_source = noise(2 * kSources, random);
    for (size_t row = 0; row < scores.size(); ++row) {
      scores[row] += of_source[row / kPicturesOfSource];
    }
    return examined_for_test(std::move(references), clean_and_equalised(scores, scores));
  });
  EXPECT_LE(tally.shown, kSets / 100);
}

TEST(SimulatedSets, APerfectDetectorShowsOneInNinetyFiveOfAHundredAtLeast) {
  const Tally tally = tally_of([](Random& random) {
    auto references = references_of_set();
    std::vector<double> scores;
    for (const Reference& reference : references) {
      scores.push_back(random.unit() + (reference.truth == Proposition::generated ? 2 : 0));
    }
    return examined_for_test(std::move(references), clean_and_equalised(scores, scores));
  });
  EXPECT_GE(tally.shown, kSets * 95 / 100);
  EXPECT_EQ(tally.good, kSets);
}

TEST(SimulatedSets, ADetectorThatReadsTheSizeOfTheFileIsFlaggedAndShowsNone) {
  const Tally tally = tally_of([](Random& random) {
    auto references = references_of_set();
    std::vector<double> clean;
    std::vector<uint64_t> sizes;
    for (const Reference& reference : references) {
      const double size = random.unit() + (reference.truth == Proposition::generated ? 2 : 0);
      clean.push_back(size);
      sizes.push_back(static_cast<uint64_t>(1e6 / (1 + size)));
    }
    const auto equalised = noise(references.size(), random);
    auto examined = examined_for_test(std::move(references), clean_and_equalised(clean, equalised));
    for (size_t row = 0; row < sizes.size(); ++row) examined.facts[row].file_bytes = sizes[row];
    return examined;
  });
  EXPECT_LE(tally.shown, kSets / 100);
  EXPECT_EQ(tally.flagged, kSets);
  EXPECT_EQ(tally.worthless, kSets) << "the equalised condition stands first";
}

}  // namespace
}  // namespace safelight::study
