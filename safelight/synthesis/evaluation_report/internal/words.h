#pragma once

#include <string>
#include <string_view>

#include "safelight/synthesis/evaluation/confound.h"
#include "safelight/synthesis/evaluation/evaluation.h"
#include "safelight/synthesis/evaluation/folds.h"
#include "safelight/synthesis/evaluation/learner.h"

/// What both files say in the same words.
namespace safelight::synthesis {

inline constexpr std::string_view kH1 =
    "A camera took the picture; it may have been recompressed or resized since.";
inline constexpr std::string_view kH2 = "A model generated all of the picture.";
inline constexpr std::string_view kNotCovered =
    "Edited pictures, face swaps, pictures that a model made from another picture and photographs "
    "of screens are neither: no figure here holds for them.";
inline constexpr std::string_view kScope =
    "These figures hold for the generators, cameras and processing in this manifest alone.";

/// What a confound check means for the figures.
[[nodiscard]] std::string meaning_of(const ConfoundCheck& check);

/// The names in the JSON file.
[[nodiscard]] std::string_view to_text(Learning learning);
[[nodiscard]] std::string_view to_text(GroupKind kind);

/// Such as "one source left out at a time".
[[nodiscard]] std::string_view in_words(Split split);
[[nodiscard]] std::string_view in_words(Learning learning);

}  // namespace safelight::synthesis
