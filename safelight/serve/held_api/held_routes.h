#pragma once

#include <string>

#include "safelight/serve/api/route_table.h"
#include "safelight/serve/held/held_store.h"

namespace safelight::serve {

/// Adds the routes by which people look after held uploads: what is held, legal holds, and purging,
/// which two persons agree on, with what is said of them. `store` outlives the table.
void add_held_routes(RouteTable& table, HeldStore& store);

}  // namespace safelight::serve
