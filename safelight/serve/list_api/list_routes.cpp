#include "safelight/serve/list_api/list_routes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "safelight/serve/api/answers.h"
#include "safelight/serve/http/static_text.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxWordBytes = 32;
constexpr size_t kMaxNameBytes = 64;
constexpr std::string_view kFileType = "application/octet-stream";
/// From its upload on a file waits so long for somebody to ask for a change with it.
constexpr int64_t kUnaskedNs = int64_t{3'600} * 1'000'000'000;
constexpr StaticText kListScreens =
    "Uploads are compared with this list. Whoever runs the server takes it out of the "
    "configuration first.";

/// What two persons agree on: what is to be done with which list, and with which bytes.
struct ListChange {
  std::string list;
  ListChangeKind kind = ListChangeKind::drop;
  std::string reason;
  std::string sixty_four_hex = "ask";  ///< As `list add` takes it.
  std::optional<StagedFile> file;      ///< Of all but a drop.
};

std::string to_json(const ListChange& change) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("list", change.list).field("change", to_text(change.kind));
  json.field("reason", change.reason);
  if (change.file) {
    json.field("digits", change.sixty_four_hex).field("file", change.file->id);
    json.field("bytes", change.file->bytes).field("sha256", to_hex(change.file->sha256));
  }
  json.end_object();
  return out;
}

/// Reads what to_json() wrote. Errors: malformed.
Result<ListChange> change_from_json(std::string_view text) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(text, "approval.parameters"));
  ListChange out;
  out.list = object.text("list", kMaxNameBytes);
  const auto kind = list_change_kind_from_text(object.text("change", kMaxWordBytes));
  out.reason = object.text("reason", kMaxReasonBytes);
  if (kind && *kind != ListChangeKind::drop) {
    out.sixty_four_hex = object.text("digits", kMaxWordBytes);
    StagedFile& file = out.file.emplace();
    file.id = object.text("file", kMaxWordBytes);
    file.bytes = object.number("bytes", kMaxFileBytes);
    const auto sha256 = parse_hex<Sha256>(object.text("sha256", 2 * Sha256::kSize));
    if (sha256) file.sha256 = *sha256;
    if (!sha256) object.fail();
  }
  SAFELIGHT_CHECK(object.finish());
  if (!kind) return kind.error();
  out.kind = *kind;
  return out;
}

audit::Details said_of(const ListChange& change) {
  audit::Details out = {{"list", change.list}, {"change", std::string(to_text(change.kind))}};
  if (change.file) out.emplace_back("sha256", to_hex(change.file->sha256));
  return out;
}

bool is_there(const ListServices& services, const std::string& list) {
  const auto names = services.open_store().names();
  return std::ranges::binary_search(names, list);
}

bool screens(const ListServices& services, const std::string& list) {
  return std::ranges::find(services.screening, list) != services.screening.end();
}

Response get_lists(ListServices& services) {
  const auto lists = services.catalogue.read(services.open_store());
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("lists").begin_array();
    for (const ListFacts& list : lists) {
      json.begin_object().field("list", list.name).field("entries", list.entries);
      json.field("digests", list.digests).field("fingerprints", list.fingerprints);
      if (!list.changed.empty()) json.field("changed", list.changed);
      if (!list.problem.empty()) json.field("problem", list.problem);
      json.key("screening").boolean(screens(services, list.name)).end_object();
    }
    json.end_array().end_object();
  });
}

Response post_file(Call& call, StagedFiles& staged) {
  tend_staged_files(staged, call.services.approvals);
  const auto kept = staged.keep(call.request.body.bytes());
  if (!kept && kept.error().code == ErrorCode::limit_exceeded) {
    return Response::problem(Status::too_many_requests, "too-many-files",
                             "Too many files wait for a change of a list.");
  }
  if (!kept) return Response::problem(kept.error());
  call.services.record.add(
      "list_file.stage", actor_of(call),
      {{"bytes", std::to_string(kept->bytes)}, {"sha256", to_hex(kept->sha256)}});
  return json_answer(
      [&](JsonWriter& json) {
        json.begin_object().field("file", kept->id).field("bytes", kept->bytes);
        json.field("sha256", to_hex(kept->sha256)).end_object();
      },
      Status::created);
}

Response ask_change(Call& call, ListServices& services) {
  ListChange change;
  change.list = call.request.parameter("list");
  if (const auto named = check_list_name(change.list); !named) {
    return Response::problem(named.error());
  }
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const auto kind = list_change_kind_from_text(body->text("change", kMaxWordBytes));
  if (!kind) body->fail();
  change.reason = reason_of(*body);
  if (body->has("digits")) change.sixty_four_hex = body->text("digits", kMaxWordBytes);
  if (!sixty_four_hex_from_text(change.sixty_four_hex)) body->fail();
  const bool takes_file = kind && *kind != ListChangeKind::drop;
  if (body->has("file") != takes_file) body->fail();
  const std::string file = takes_file ? body->text("file", kMaxWordBytes) : "";
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  change.kind = *kind;

  if (change.kind != ListChangeKind::add && !is_there(services, change.list)) {
    return Response::problem(Status::not_found, "no-such-list", "There is no list of this name.");
  }
  if (change.kind == ListChangeKind::drop && screens(services, change.list)) {
    return Response::problem(Status::conflict, "list-screens", kListScreens);
  }
  if (takes_file) {
    const auto staged = services.staged.find(file);
    if (!staged && staged.error().code == ErrorCode::not_found) {
      return Response::problem(Status::not_found, "no-such-file",
                               "There is no such file here any more: upload it again.");
    }
    if (!staged) return Response::problem(staged.error());
    change.file = *staged;
  }
  audit::Details said = said_of(change);
  said.emplace_back("reason", change.reason);
  return ask_approval(call, ActKind::list_change, to_json(change), std::move(said));
}

NotDone not_done(const ListProgramAnswer& answer) {
  if (answer.rule.empty()) {
    return {
        Status::bad_gateway, "list-not-changed",
        "What changes lists has failed. Look whether the list is as it was; the server's operator "
        "can see why."};
  }
  std::string detail = "The change was refused, and the list is as it was.";
  if (answer.offset_bytes) {
    detail += " The place is byte " + std::to_string(*answer.offset_bytes) + " of the file.";
  }
  return {Status::conflict, answer.rule, std::move(detail)};
}

ActResult carry_out(const TwoPersonActs& acts, const AgreedAct& agreed, ListServices& services) {
  const auto change = change_from_json(agreed.act.parameters);
  if (!change) {
    return {{}, NotDone{Status::conflict, std::string(change.error().rule), "It says nothing."}};
  }
  ActResult out{said_of(*change), std::nullopt};
  // The server may have been started anew since this was asked for.
  if (change->kind == ListChangeKind::drop && screens(services, change->list)) {
    out.not_done = NotDone{Status::conflict, "list-screens", std::string(kListScreens.text())};
    return out;
  }
  std::optional<FileSource> file;
  if (change->file) {
    auto opened = services.staged.open(change->file->id, change->file->sha256);
    if (!opened) {
      out.not_done = NotDone{Status::conflict, std::string(opened.error().rule),
                             "The file is not there as it was uploaded. Nothing was changed."};
      return out;
    }
    file = std::move(*opened);
  }
  const ProgramEnd end =
      services.run_program(list_arguments(change->kind, change->list, change->sixty_four_hex),
                           file ? file->descriptor() : -1);
  const ListProgramAnswer answer = list_answer(end);
  if (!answer.is_done) {
    out.not_done = not_done(answer);
    return out;
  }
  out.said.insert(out.said.end(), answer.counts.begin(), answer.counts.end());
  // Whoever has asked for another change with it can still have that.
  if (change->file) {
    const auto open = acts.open();
    const bool is_wanted = std::ranges::any_of(open, [&](const Act& act) {
      return act.parameters.find(change->file->id) != std::string::npos;
    });
    if (!is_wanted) services.staged.remove(change->file->id);
  }
  return out;
}

constexpr std::string_view kSchemas = R"json(
  "Lists": {
    "type": "object",
    "properties": {
      "lists": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "list": {"type": "string"},
            "entries": {"type": "integer", "minimum": 0},
            "digests": {"type": "integer", "minimum": 0},
            "fingerprints": {"type": "integer", "minimum": 0},
            "changed": {"type": "string", "format": "date-time"},
            "problem": {"type": "string", "description": "Of a list that cannot be opened: the rule."},
            "screening": {"type": "boolean", "description": "Whether uploads are compared with it."}
          },
          "required": ["list", "entries", "digests", "fingerprints", "screening"]
        }
      }
    },
    "required": ["lists"]
  },
  "StagedFile": {
    "type": "object",
    "properties": {
      "file": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
      "bytes": {"type": "integer", "minimum": 1},
      "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    },
    "required": ["file", "bytes", "sha256"]
  },
  "ListChange": {
    "type": "object",
    "properties": {
      "change": {
        "type": "string",
        "enum": ["add", "remove", "drop"],
        "description": "To add to a list that is not there builds it."
      },
      "file": {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "Of all but a drop."},
      "reason": {"type": "string", "minLength": 1, "maxLength": 2000},
      "digits": {
        "type": "string",
        "enum": ["ask", "sha256", "pdq"],
        "description": "What 64 hexadecimal digits are where the file does not tell; ask: it is refused."
      }
    },
    "required": ["change", "reason"],
    "additionalProperties": false
  })json";

}  // namespace

void add_list_routes(RouteTable& table, Approvals& approvals, ListServices& services) {
  constexpr auto kLists = Access::to(Permission::manage_lists);
  table.describe(kSchemas);
  table.add({Method::get, "/v1/lists", kLists, "getLists", "Which lists there are", "", "Lists",
             [&services](Call&) { return get_lists(services); }, ApiRoute::Load::heavy});
  table.add({Method::post,
             "/v1/lists/files",
             kLists,
             "postListFile",
             "Upload a file for a change of a list",
             kFileType,
             "StagedFile",
             [&services](Call& call) { return post_file(call, services.staged); },
             ApiRoute::Load::file,
             {},
             Status::created});
  table.add({Method::post,
             "/v1/lists/{list}/changes",
             kLists,
             "askListChange",
             "Ask that a list is changed; another person has to approve",
             "ListChange",
             "Approval",
             [&services](Call& call) { return ask_change(call, services); },
             ApiRoute::Load::heavy,
             {},
             Status::created});
  approvals.add(ActKind::list_change, {[&services](Services& server, const AgreedAct& agreed) {
                  return carry_out(server.approvals, agreed, services);
                }});
}

void tend_staged_files(StagedFiles& staged, const TwoPersonActs& acts) {
  const auto open = acts.open();
  staged.remove_old(kUnaskedNs, [&](std::string_view id) {
    return std::ranges::any_of(
        open, [&](const Act& act) { return act.parameters.find(id) != std::string::npos; });
  });
}

}  // namespace safelight::serve
