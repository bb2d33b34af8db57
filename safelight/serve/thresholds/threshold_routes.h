#pragma once

#include "safelight/serve/approvals/approvals.h"
#include "safelight/serve/thresholds/thresholds.h"

namespace safelight::serve {

/// Adds the routes by which people see the thresholds of screening, and how two of them change
/// these. `thresholds` outlives the server.
void add_threshold_routes(RouteTable& table, Approvals& approvals, KeptThresholds& thresholds);

}  // namespace safelight::serve
