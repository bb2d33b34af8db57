#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/picture_size.h"
#include "safelight/provenance/marks/prompt.h"
#include "safelight/scan/messages/evidence_message.h"

namespace safelight::scan {

/// What a file's metadata declare of its origin, and one "damaged_metadata" where part of them
/// could not be read. `metadata` is what read_metadata() gave for `file`.
std::vector<Finding> metadata_findings(std::span<const std::byte> file,
                                       const metadata::Metadata& metadata,
                                       const std::optional<marks::PictureSize>& picture);

/// The prompts whose digests those findings give.
std::vector<PromptText> metadata_prompts(std::span<const std::byte> file,
                                         const metadata::Metadata& metadata);

/// A prompt as it travels to whoever asked to see it.
PromptText to_message(const marks::Prompt& prompt);

}  // namespace safelight::scan
