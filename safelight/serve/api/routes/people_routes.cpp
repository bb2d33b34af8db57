#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxTextBytes = 1'024;

void write_person(JsonWriter& json, const Person& person) {
  json.begin_object().field("id", "p" + std::to_string(person.id.value));
  json.field("login", person.login).field("name", person.display_name);
  json.field("role", to_text(person.role));
  json.field("state", person.state == PersonState::active ? "active" : "disabled");
  json.field("second_factor", person.second_factor == SecondFactor::on ? "on" : "off");
  json.field("created", utc_text(person.created_ns)).end_object();
}

Response list_people(Call& call) {
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("people").begin_array();
    for (const Person& person : call.services.people.all()) write_person(json, person);
    json.end_array().end_object();
  });
}

Response add_person(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string login = body->text("login", kMaxTextBytes);
  const std::string name = body->text("name", kMaxTextBytes);
  const auto role = role_from_text(body->text("role", kMaxTextBytes));
  const SecretText password(body->text("password", kMaxTextBytes));
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  if (!role) return Response::problem(role.error());
  call.services.record.add("person.add", actor_of(call),
                           {{"login", login}, {"role", std::string(to_text(*role))}});
  const auto id = call.services.people.add({login, name, *role}, password.view());
  if (!id) return Response::problem(id.error());
  const auto person = call.services.people.find(*id);
  return json_answer([&](JsonWriter& json) { write_person(json, *person); }, Status::created);
}

/// Each member that is there is changed; a change of role, state or password ends the person's
/// sessions.
Response change_person(Call& call) {
  People& people = call.services.people;
  const auto person = people.find(call.request.parameter("person"));
  if (!person) {
    return Response::problem(Status::not_found, "no-such-person", "Nobody has this login.");
  }
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  std::optional<std::string> name;
  std::optional<std::string> role;
  std::optional<std::string> state;
  std::optional<std::string> second_factor;
  if (body->has("name")) name = body->text("name", kMaxTextBytes);
  if (body->has("role")) role = body->text("role", kMaxTextBytes);
  if (body->has("state")) state = body->text("state", kMaxTextBytes);
  if (body->has("second_factor")) second_factor = body->text("second_factor", kMaxTextBytes);
  const bool has_password = body->has("password");
  const SecretText password(has_password ? body->text("password", kMaxTextBytes) : std::string());
  if (state && *state != "active" && *state != "disabled") body->fail();
  if (second_factor && *second_factor != "off") body->fail();
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  const auto new_role = role ? role_from_text(*role) : Result<Role>(person->role);
  if (!new_role) return Response::problem(new_role.error());

  std::vector<std::pair<std::string, std::string>> details = {{"login", person->login}};
  if (name) details.emplace_back("name", *name);
  if (role) details.emplace_back("role", *role);
  if (state) details.emplace_back("state", *state);
  if (second_factor) details.emplace_back("second_factor", *second_factor);
  if (has_password) details.emplace_back("password", "new");
  call.services.record.add("person.change", actor_of(call), details);
  Result<void> done;
  if (name) done = people.set_display_name(person->id, *name);
  if (done && role) done = people.set_role(person->id, *new_role);
  if (done && state) {
    done = people.set_state(person->id,
                            *state == "active" ? PersonState::active : PersonState::disabled);
  }
  if (done && second_factor) done = people.remove_second_factor(person->id);
  if (done && has_password) done = people.set_password(person->id, password.view());
  if (!done) return Response::problem(done.error());
  return json_answer([&](JsonWriter& json) { write_person(json, *people.find(person->id)); });
}

}  // namespace

void add_people_routes(RouteTable& table) {
  constexpr auto kManage = Access::to(Permission::manage_people);
  table.add({Method::get, "/v1/people", kManage, "listPeople", "Who may log in", "", "People",
             list_people});
  table.add({Method::post,
             "/v1/people",
             kManage,
             "addPerson",
             "Let somebody log in",
             "NewPerson",
             "Person",
             add_person,
             ApiRoute::Load::light,
             {},
             Status::created});
  table.add({Method::patch, "/v1/people/{person}", kManage, "changePerson",
             "Change a person's name, role, state or password", "PersonChange", "Person",
             change_person});
}

}  // namespace safelight::serve
