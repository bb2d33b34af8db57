#pragma once

#include <functional>
#include <string_view>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"
#include "safelight/serve/api/route_table.h"

namespace safelight::serve {

/// The answer of JSON that `write` writes.
Response json_answer(const std::function<void(JsonWriter&)>& write, Status status = Status::ok);

/// A problem that says more than its code: `write` adds members of its own.
Response problem_with(Status status, StaticText code, StaticText detail,
                      const std::function<void(JsonWriter&)>& write);

/// The body as an object. Errors: malformed, "request.json".
Result<JsonObject> body_of(const Call& call);

/// A member that is text, or null.
void write_or_null(JsonWriter& json, std::string_view name, std::string_view text);

/// Whether somebody of that login may review that case at all.
bool is_let_in(const ServedCase& served, std::string_view login);
/// The case that a path names, if it is served and the caller may review it.
ServedCase* find_case(const Call& call);
Response no_such_case();

/// Who calls, as the server's log names it.
Actor actor_of(const Call& call);
/// The same, as a case does.
Reviewer reviewer_of(const Call& call);

/// The name by which a person is shown; the login of one who is not known any more.
std::string name_of(Services& services, std::string_view login);

}  // namespace safelight::serve
