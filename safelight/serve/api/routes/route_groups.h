#pragma once

#include "safelight/serve/api/route_table.h"

/// The routes of the API by what they are about.
namespace safelight::serve {

void add_session_routes(RouteTable& table);
void add_me_routes(RouteTable& table);
void add_own_account_routes(RouteTable& table);
void add_audit_routes(RouteTable& table);
void add_case_routes(RouteTable& table);
void add_queue_routes(RouteTable& table);
void add_item_routes(RouteTable& table);
void add_act_routes(RouteTable& table);
void add_reveal_routes(RouteTable& table);
void add_event_routes(RouteTable& table);
void add_exposure_routes(RouteTable& table);
void add_report_routes(RouteTable& table);
void add_interlude_routes(RouteTable& table);
void add_people_routes(RouteTable& table);
void add_key_routes(RouteTable& table);

}  // namespace safelight::serve
