#pragma once

#include "safelight/picture/picture.h"
#include "safelight/traces/trace.h"

namespace safelight::traces {

/// Whether the pixels were interpolated from a raster of other spacing (scaled, mostly up): the
/// variance of interpolated samples repeats along rows and columns. The statistic is the highest
/// peak in the spectrum of the mean second difference, of columns or of rows, over the median
/// around it; frequencies of the 8x8 grid of JPEG and of 2x2 colour filters are left out, so
/// scaling by those factors is not seen. Sources: Gallagher 2005; Mahdian and Saic 2008.
Trace resampling(const Picture& pixels);

}  // namespace safelight::traces
