#include "safelight/serve/held_api/activity_route.h"

#include <algorithm>

#include "safelight/serve/api/answers.h"

namespace safelight::serve {
namespace {

Response get_activity(Call& call, const KeyActivity& activity) {
  const auto keys = call.services.keys.all();
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("keys").begin_array();
    for (const KeyCounts& counts : activity.counts()) {
      // Keys are never deleted.
      const auto key = std::ranges::find(keys, ApiKeyId{counts.key}, &ApiKey::id);
      json.begin_object().field("id", counts.key).field("name", key->name);
      json.field("tenant", key->tenant).field("accepted", counts.accepted);
      json.field("held", counts.held).field("near_queries", counts.near_queries);
      json.field("refused_types", counts.refused_types).field("over_rate", counts.over_rate);
      json.field("looked_up", counts.looked_up).field("told", counts.told).end_object();
    }
    json.end_array().end_object();
  });
}

constexpr std::string_view kSchemas = R"json(
  "KeyActivity": {
    "type": "object",
    "properties": {
      "keys": {
        "type": "array",
        "description": "Of each key that was used since the server began.",
        "items": {
          "type": "object",
          "properties": {
            "id": {"type": "integer", "minimum": 0},
            "name": {"type": "string"},
            "tenant": {"type": "string"},
            "accepted": {"type": "integer", "minimum": 0, "description": "Uploads."},
            "held": {"type": "integer", "minimum": 0, "description": "Uploads."},
            "near_queries": {
              "type": "integer",
              "minimum": 0,
              "description": "Of those that were held: because too many were near each other."
            },
            "refused_types": {"type": "integer", "minimum": 0, "description": "Uploads that are no picture."},
            "over_rate": {"type": "integer", "minimum": 0, "description": "Requests that were refused."},
            "looked_up": {"type": "integer", "minimum": 0, "description": "Digests and fingerprints."},
            "told": {
              "type": "integer",
              "minimum": 0,
              "description": "Hits of which list and entry were told."
            }
          },
          "required": [
            "id", "name", "tenant", "accepted", "held", "near_queries", "refused_types", "over_rate",
            "looked_up", "told"
          ]
        }
      }
    },
    "required": ["keys"]
  })json";

}  // namespace

void add_activity_route(RouteTable& table, const KeyActivity& activity) {
  table.describe(kSchemas);
  table.add({Method::get, "/v1/screening/activity", Access::to(Permission::hold), "getKeyActivity",
             "What programs asked, by key and in numbers", "", "KeyActivity",
             [&activity](Call& call) { return get_activity(call, activity); }});
}

}  // namespace safelight::serve
