#pragma once

#include <optional>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/internal/rules/rules.h"
#include "safelight/provenance/marks/picture_size.h"

namespace safelight::marks {

/// What the metadata declare about a camera, and what in them does not go together. EXIF that
/// `marks` claims for a generator declares no camera.
std::vector<Finding> camera_findings(const metadata::Metadata& metadata, const Marks& marks,
                                     const std::optional<PictureSize>& picture);

}  // namespace safelight::marks
