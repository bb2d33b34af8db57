#pragma once

#include <optional>
#include <string>
#include <vector>

#include "safelight/hash/digests.h"
#include "safelight/picture/picture.h"
#include "safelight/synthesis/detectors/stratum.h"

/// What every detector of generated pictures gives, whoever made it. The propositions that its
/// score is held against are fixed: H1, a camera took the picture, perhaps recompressed or resized
/// since; H2, a model generated all of it. Edits, face swaps, image-to-image and photographs of
/// screens are neither.
namespace safelight::synthesis {

/// A picture as a detector sees it.
struct DetectorInput {
  const Picture& picture;  ///< All of it, 1 or 3 channels.
  Encoding encoding;
};

/// One thing measured in a picture, for a human to read.
struct Cue {
  std::string name;
  double value = 0;
  friend bool operator==(const Cue&, const Cue&) = default;
};

/// What a detector says of one picture. A score is no probability and no likelihood ratio: what it
/// is worth is a calibration's to say.
struct Assessment {
  /// Finite; a larger one speaks for H2. Nothing where the picture is not assessable.
  std::optional<double> score;
  std::string not_assessable;  ///< Why there is no score, in plain words; else empty.
  Stratum stratum;
  std::vector<Cue> cues;
  friend bool operator==(const Assessment&, const Assessment&) = default;
};

/// What a calibration must have been made for, so that it holds for another score.
struct DetectorIdentity {
  std::string name;
  Sha256 model;          ///< Of the bytes of the model: coefficients or weights.
  Sha256 preprocessing;  ///< Of what is done to a picture before the model sees it, written down.
  friend bool operator==(const DetectorIdentity&, const DetectorIdentity&) = default;

  /// Whether both give the same scores, whatever they are called.
  [[nodiscard]] bool scores_as(const DetectorIdentity& other) const {
    return model == other.model && preprocessing == other.preprocessing;
  }
};

/// Used by one thread at a time.
class Detector {
 public:
  virtual ~Detector() = default;
  [[nodiscard]] virtual const DetectorIdentity& identity() const = 0;
  /// Depends on the input alone.
  [[nodiscard]] virtual Assessment assess(const DetectorInput& input) = 0;
};

}  // namespace safelight::synthesis
