#include "safelight/synthesis/calibration/gate.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace safelight::synthesis {
namespace {

/// "0.91"
std::string two_digits(double value) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::string counted(uint64_t number, std::string_view what) {
  return std::to_string(number) + " " + std::string(what);
}

bool has_enough(const ReferenceCounts& references) {
  return std::min(references.camera.pictures, references.generated.pictures) >=
             kMinStratumPictures &&
         std::min(references.camera.sources, references.generated.sources) >= kMinStratumSources;
}

using Reasons = std::vector<GateReason>;

void check_cost(const Calibration& calibration, Reasons& reasons) {
  if (!calibration.equalised) {
    reasons.push_back({"no_equalised_figure",
                       "It was not measured on references of equal size and compression."});
    return;
  }
  const HeldOutCost& cost = *calibration.equalised;
  // Negated, so that what is not a number does not pass.
  if (!(cost.cllr <= kMaxGateCllr)) {
    reasons.push_back({"cllr_too_high",
                       "On sources that it had not seen its ratios cost " + two_digits(cost.cllr) +
                           " (Cllr), where 1 is what saying nothing costs and " +
                           two_digits(kMaxGateCllr) + " is the most that is allowed."});
  }
  if (!(cost.interval.upper < 1)) {
    reasons.push_back({"interval_touches_one",
                       "The confidence interval of that cost, " + two_digits(cost.interval.lower) +
                           " to " + two_digits(cost.interval.upper) +
                           ", does not exclude that it is no better than saying nothing."});
  }
}

void check_references(const Calibration& calibration, Reasons& reasons) {
  if (calibration.confounded && !calibration.equalised) {
    reasons.push_back({"confounded",
                       "Size, format and metadata alone tell its references apart, and nothing "
                       "shows that it does better than these."});
  }
  const ClassCounts& camera = calibration.references.camera;
  const ClassCounts& generated = calibration.references.generated;
  if (std::min(camera.pictures, generated.pictures) < kMinPictures) {
    reasons.push_back({"too_few_pictures", "It rests on " +
                                               counted(camera.pictures, "camera and ") +
                                               counted(generated.pictures, "generated pictures; ") +
                                               counted(kMinPictures, "of each are needed.")});
  }
  if (std::min(camera.sources, generated.sources) < kMinSources) {
    reasons.push_back({"too_few_sources",
                       "Its camera pictures come from " + counted(camera.sources, "sources, its ") +
                           "generated ones from " + std::to_string(generated.sources) + "; " +
                           counted(kMinSources, "of each are needed.")});
  }
}

void check_date(const Calibration& calibration, const Date& today, Reasons& reasons) {
  if (today < calibration.made) {
    reasons.push_back({"dated_in_future", "It is dated " + to_text(calibration.made) +
                                              ", which is after today, " + to_text(today) + "."});
  }
  if (today >= calibration.expires) {
    reasons.push_back({"expired", "It expired on " + to_text(calibration.expires) + "."});
  }
}

void check_direction(const Calibration& calibration, Reasons& reasons) {
  for (const StratumCalibration& stratum : calibration.strata) {
    // What is fitted to a few pictures may point anywhere; no ratio is shown there at all.
    if (!has_enough(stratum.references)) continue;
    const ScoreDirection direction = stratum.calibration.line.direction();
    if (direction == ScoreDirection::as_declared) continue;
    reasons.push_back(
        {"wrong_direction",
         "In the stratum " + to_text(stratum.stratum) +
             (direction == ScoreDirection::reversed
                  ? " a larger score speaks for a camera, and not, as declared, for a generator."
                  : " the score says nothing.")});
  }
}

}  // namespace

std::vector<GateReason> gate(const Calibration& calibration, const Date& today) {
  Reasons reasons;
  check_cost(calibration, reasons);
  check_references(calibration, reasons);
  check_date(calibration, today, reasons);
  check_direction(calibration, reasons);
  return reasons;
}

std::optional<GateReason> gate_stratum(const Calibration& calibration, const Stratum& stratum) {
  const StratumCalibration* found = calibration.find(stratum);
  if (found == nullptr) {
    return GateReason{"no_such_stratum",
                      "It holds no references like this picture (" + describe(stratum) + ")."};
  }
  if (has_enough(found->references)) return std::nullopt;
  const ClassCounts& camera = found->references.camera;
  const ClassCounts& generated = found->references.generated;
  return GateReason{
      "stratum_too_small",
      "Of references like this picture (" + describe(stratum) + ") it holds " +
          counted(camera.pictures, "of cameras from ") + counted(camera.sources, "sources and ") +
          counted(generated.pictures, "generated ones from ") + std::to_string(generated.sources) +
          "; " + counted(kMinStratumPictures, "from ") +
          counted(kMinStratumSources, "sources are needed of each.")};
}

}  // namespace safelight::synthesis
