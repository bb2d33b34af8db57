#pragma once

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>

#include "safelight/synthesis/detectors/detector.h"

/// Detectors of a worker that tests run, of its tests' pictures alone.
namespace safelight::synthesis {

/// Scores the mean of all samples.
class MeanDetector final : public Detector {
 public:
  [[nodiscard]] const DetectorIdentity& identity() const override { return identity_; }
  [[nodiscard]] Assessment assess(const DetectorInput& input) override {
    const auto& samples = input.picture.samples;
    const double mean =
        std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
    const PictureShape& shape = input.picture.shape;
    return {.score = mean,
            .not_assessable = {},
            .stratum = stratum_of(shape, input.encoding),
            .cues = {{"width", static_cast<double>(shape.width)},
                     {"quality", static_cast<double>(input.encoding.jpeg_quality.value_or(-1))}}};
  }

 private:
  DetectorIdentity identity_{"mean", {}, {}};
};

/// What a MoodyDetector does with a picture, by its first sample.
enum class Mood : uint8_t { refuse = 10, abort = 20, hang = 30, nan = 40, nothing = 50, fail = 60 };

/// A detector that goes wrong as models may.
class MoodyDetector final : public Detector {
 public:
  [[nodiscard]] const DetectorIdentity& identity() const override { return identity_; }
  [[nodiscard]] Assessment assess(const DetectorInput& input) override {
    Assessment out;
    switch (static_cast<Mood>(input.picture.samples[0])) {
      case Mood::refuse:
        out.not_assessable = "a drawing";
        break;
      case Mood::abort:
        std::abort();
      case Mood::hang:
        for (volatile bool forever = true; forever;) {
        }
        break;
      case Mood::nan:
        out.score = std::numeric_limits<double>::quiet_NaN();
        out.cues = {{"infinite", std::numeric_limits<double>::infinity()}, {"one", 1}};
        break;
      case Mood::nothing:
        break;
      case Mood::fail:
        throw std::runtime_error("a model's own");
      default:
        out.score = 1;
    }
    return out;
  }

 private:
  DetectorIdentity identity_{"moody", {}, {}};
};

}  // namespace safelight::synthesis
