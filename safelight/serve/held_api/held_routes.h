#pragma once

#include "safelight/serve/api/route_table.h"
#include "safelight/serve/approvals/approvals.h"
#include "safelight/serve/held/held_store.h"

namespace safelight::serve {

/// Adds the routes by which people look after held uploads: what is held, legal holds, and purging,
/// which two persons agree on, with what is said of them. `store` outlives the server.
void add_held_routes(RouteTable& table, Approvals& approvals, HeldStore& store);

}  // namespace safelight::serve
