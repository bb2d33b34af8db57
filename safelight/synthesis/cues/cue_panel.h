#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/picture/picture.h"
#include "safelight/synthesis/detectors/detector.h"

namespace safelight::synthesis {

/// A cue of the panel.
struct CueDefinition {
  std::string_view name;     ///< In files: lower case, digits, '_' and one '.'.
  std::string_view meaning;  ///< In plain words, for a human to read.
};

/// All cues of a panel, in their order.
std::span<const CueDefinition> cue_definitions();

/// How cues are measured, written down, with a version. A change of any value of any panel changes
/// this text, and whatever was fitted or calibrated for the former is refused by its digest.
std::string cue_panel_description();

/// What the pixels of a picture show that cameras and generators may differ in, or why nothing can
/// be said. Sources and expectations: README.md of this folder.
struct CuePanel {
  std::vector<Cue> cues;       ///< Those of cue_definitions(), each finite; or none.
  std::string not_assessable;  ///< Why there are none, in plain words; else empty.
};

/// The shorter side that a picture must have.
inline constexpr uint32_t kMinCueSide = 256;

/// The panel of a picture of shape `whole`. `middle` is the picture cut to
/// traces::pixels_looked_at(whole), so that nobody need keep more. Not assessable: a shape that
/// `middle` does not fit; grey pictures; a shorter side under kMinCueSide; pictures so large or so
/// long that too little of the middle is left at the equalised size; flat ones; drawings and
/// screenshots, which are told by few different colours or by many equal neighbours. Values are
/// rounded to 9 significant digits and depend on the pixels alone, not on processor or threads.
CuePanel cue_panel(const Picture& middle, const PictureShape& whole);

/// The panel of a picture that is there as a whole.
CuePanel cue_panel(const Picture& whole);

}  // namespace safelight::synthesis
