#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/limits.h"
#include "safelight/provenance/marks/picture_size.h"
#include "safelight/provenance/marks/prompt.h"

namespace safelight::marks {

/// What a file's metadata declare about its origin: generators ("generator_mark"), source types
/// ("declared_origin"), cameras ("camera_metadata"), and what in them does not go together. None
/// where there is nothing: that says nothing about the origin. `metadata` is what read_metadata()
/// gave for `file`; `picture`, where it is known, is compared with EXIF. No field holds the text of
/// a prompt, only its digest and length. Kinds and fields: docs/findings.md. Where a limit was
/// reached there is also a "partly_examined". Damage of `metadata` is not repeated here.
std::vector<Finding> findings_of(std::span<const std::byte> file,
                                 const metadata::Metadata& metadata,
                                 const std::optional<PictureSize>& picture,
                                 const MarksLimits& limits);

/// The prompts whose digests those findings give, in the same order.
std::vector<Prompt> prompts_of(std::span<const std::byte> file, const metadata::Metadata& metadata,
                               const MarksLimits& limits);

/// The same for a text that was hidden in the lowest bits of pixels. Its findings have the field
/// "carrier" and no place.
std::vector<Finding> findings_of_hidden_text(std::string_view text, const MarksLimits& limits);
std::vector<Prompt> prompts_of_hidden_text(std::string_view text, const MarksLimits& limits);

}  // namespace safelight::marks
