#pragma once

#include "safelight/picture/picture.h"

namespace safelight::renditions_internal {

/// Dark lines on light, in one channel, of the same size: a difference of Gaussians, relative to
/// the light around it so that a dark picture has lines too, through the soft threshold of XDoG;
/// the darkest line of the channels, so that colours of one lightness have an edge between them.
/// Tone is left out: what has no edge is white. Source: Winnemoeller, Kyprianidis, Olsen, "XDoG: An
/// eXtended difference-of-Gaussians compendium including advanced image stylization", Computers &
/// Graphics 36(6), 2012.
Picture line_drawing(const Picture& picture);

}  // namespace safelight::renditions_internal
