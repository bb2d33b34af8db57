#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {

RouteTable review_routes() {
  RouteTable table;
  add_session_routes(table);
  add_me_routes(table);
  add_own_account_routes(table);
  add_interlude_routes(table);
  add_case_routes(table);
  add_queue_routes(table);
  add_item_routes(table);
  add_act_routes(table);
  add_reveal_routes(table);
  add_event_routes(table);
  add_exposure_routes(table);
  add_report_routes(table);
  add_audit_routes(table);
  add_people_routes(table);
  add_key_routes(table);
  return table;
}

}  // namespace safelight::serve
