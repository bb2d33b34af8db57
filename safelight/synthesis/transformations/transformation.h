#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/picture/picture.h"
#include "safelight/synthesis/detectors/stratum.h"

namespace safelight::synthesis {

/// A picture after ordinary processing, and how it was then stored.
struct Transformed {
  Picture picture;  ///< No pixels where the processing does not apply.
  Encoding encoding;
  /// Why the processing does not apply to this picture, such as one that is smaller than what would
  /// be cut out of it, in plain words; else empty.
  std::string not_applicable;
};

/// One step of a transformation. Errors: as apply().
using TransformationStep =
    std::function<Result<Transformed>(const Picture&, const Encoding&, const Limits&)>;

/// Something that happens to pictures on their ordinary way from a camera or a generator to a disk.
struct Transformation {
  std::string name;         ///< Of lower-case letters, digits and underscores. It never changes.
  std::string description;  ///< In plain words.
  std::vector<TransformationStep> steps;  ///< In order; none for "clean".
};

/// Every transformation of the sweep, "clean" first, the same in every run.
std::span<const Transformation> all_transformations();

/// nullptr for a name that none has.
const Transformation* find_transformation(std::string_view name);

/// What the transformation makes of a picture of 1 or 3 channels: the same on every machine. What
/// it stores with loss it encodes, and decodes as any file; what it does not store with loss counts
/// as stored without. Errors: limit_exceeded by max_pixels or max_decode_memory_bytes.
Result<Transformed> apply(const Transformation& transformation, const Picture& picture,
                          const Encoding& encoding, const Limits& limits);

}  // namespace safelight::synthesis
