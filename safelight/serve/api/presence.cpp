#include "safelight/serve/api/presence.h"

#include "safelight/base/json_writer.h"
#include "safelight/serve/api/answers.h"

namespace safelight::serve {

void tell_presence(Services& services, CaseRoom& room) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("people").begin_array();
  for (const Audience::Present& one : room.audience().present()) {
    json.begin_object().field("name", name_of(services, one.person)).key("item");
    one.item ? json.string(to_hex(one.item->value)) : json.null();
    json.end_object();
  }
  json.end_array().end_object();
  room.audience().tell({.name = "presence", .data = text});
}

}  // namespace safelight::serve
