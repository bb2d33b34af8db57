#pragma once

#include "safelight/serve/api/route_table.h"
#include "safelight/serve/screening/key_activity.h"

namespace safelight::serve {

/// Adds the route by which a lead sees what was asked with each key, in numbers: one whose uploads
/// are near each other again and again may be looking for what is accepted. `activity` outlives the
/// server.
void add_activity_route(RouteTable& table, const KeyActivity& activity);

}  // namespace safelight::serve
