#include "safelight/serve/api/answers.h"

#include <algorithm>

namespace safelight::serve {

Response json_answer(const std::function<void(JsonWriter&)>& write, Status status) {
  std::string out;
  JsonWriter json(out);
  write(json);
  return Response::json(status, std::move(out));
}

Response problem_with(Status status, StaticText code, StaticText detail,
                      const std::function<void(JsonWriter&)>& write) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("type", "about:blank").field("title", to_text(status));
  json.field("status", static_cast<uint16_t>(status)).field("code", code.text());
  json.field("detail", detail.text());
  write(json);
  json.end_object();
  return Response::bytes(status, "application/problem+json", std::move(out));
}

Result<JsonObject> body_of(const Call& call) {
  return JsonObject::parse(call.request.body.text(), "request.json");
}

void write_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty()) {
    json.null();
  } else {
    json.string(text);
  }
}

bool is_let_in(const ServedCase& served, std::string_view login) {
  const auto& people = served.people;
  return people.empty() || std::find(people.begin(), people.end(), login) != people.end();
}

ServedCase* find_case(const Call& call) {
  const auto found = call.services.cases.find(call.request.parameter("case"));
  if (found == call.services.cases.end()) return nullptr;
  return is_let_in(found->second, call.caller.login()) ? &found->second : nullptr;
}

Response no_such_case() {
  return Response::problem(Status::not_found, "no-such-case", "There is no such case here.");
}

Actor actor_of(const Call& call) { return {call.caller.login(), call.request.peer.address}; }

Reviewer reviewer_of(const Call& call) {
  const Person& person = call.caller.person();
  return {person.login, person.display_name, call.request.peer.address};
}

std::string name_of(Services& services, std::string_view login) {
  const auto person = services.people.find(login);
  return person ? person->display_name : std::string(login);
}

}  // namespace safelight::serve
