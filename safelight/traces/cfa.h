#pragma once

#include "safelight/picture/picture.h"
#include "safelight/traces/trace.h"

namespace safelight::traces {

/// Whether green shows the checkerboard of a Bayer sensor, in which every second sample is
/// interpolated: the mean size of a high-pass over the diagonals then repeats every 2 of them. The
/// statistic is the spectrum at one half over the median of the spectrum, or over the peaks that
/// the 8x8 grid of JPEG makes at other multiples of 1/8 where those are higher. Seen at native size
/// and light compression only; resizing removes it, and so do many phones. "Not found" says
/// nothing. Source: Gallagher and Chen 2008.
Trace colour_filter_array(const Picture& pixels);

}  // namespace safelight::traces
