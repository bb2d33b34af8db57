#include "safelight/serve/originals/originals_routes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <stop_token>
#include <system_error>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/base/time_text.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/originals/originals_manifest.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxItems = 1'000;
constexpr size_t kItemDigits = 2 * Sha256::kSize;
constexpr size_t kMaxCaseBytes = 64;

/// What two persons agree on.
struct OriginalsWanted {
  std::string case_name;
  std::vector<ItemId> items;
  std::string reason;
};

std::string to_json(const OriginalsWanted& wanted) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("case", wanted.case_name).key("items").begin_array();
  for (const ItemId& item : wanted.items) json.string(to_hex(item.value));
  json.end_array().field("reason", wanted.reason).end_object();
  return out;
}

/// Reads `items` and `reason` of an object: each item once.
OriginalsWanted wanted_of(JsonObject& object, std::string case_name) {
  OriginalsWanted out;
  out.case_name = std::move(case_name);
  std::set<ItemId> seen;
  for (const std::string& text : object.texts("items", kMaxItems, kItemDigits)) {
    const auto digits = parse_hex<Sha256>(text);
    if (!digits || !seen.insert({*digits}).second) {
      object.fail();
      break;
    }
    out.items.push_back({*digits});
  }
  if (out.items.empty()) object.fail();
  out.reason = reason_of(object);
  return out;
}

/// Reads what to_json() wrote. Errors: malformed.
Result<OriginalsWanted> wanted_from_json(std::string_view text) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(text, "approval.parameters"));
  OriginalsWanted out = wanted_of(object, object.text("case", kMaxCaseBytes));
  SAFELIGHT_CHECK(object.finish());
  return out;
}

Response ask_originals(Call& call, const OriginalsServices& services) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const OriginalsWanted wanted = wanted_of(*body, call.served->room->name());
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  if (services.exports.empty()) {
    return Response::problem(Status::conflict, "no-exports",
                             "This server has no folder for originals: whoever runs it names one "
                             "in its configuration.");
  }
  for (const ItemId& item : wanted.items) {
    if (call.served->room->queue().holds(item)) continue;
    return Response::problem(Status::not_found, "no-such-item",
                             "One of these items is not in the case.");
  }
  return ask_approval(call, ActKind::export_originals, to_json(wanted),
                      {{"case", wanted.case_name},
                       {"items", std::to_string(wanted.items.size())},
                       {"reason", wanted.reason}});
}

/// The case that an act is about, if it is served and that person is let in.
const ServedCase* case_for(const Services& services, std::string_view login,
                           std::string_view name) {
  const auto found = services.cases.find(name);
  const bool may = found != services.cases.end() && is_let_in(found->second, login);
  return may ? &found->second : nullptr;
}

bool concerns(const Services& services, const std::string& login, std::string_view what) {
  const auto wanted = wanted_from_json(what);
  return wanted && case_for(services, login, wanted->case_name) != nullptr;
}

/// "2026-17-approval-3-": how the names of an act's folders begin, which a time follows.
std::string folder_prefix(const OriginalsWanted& wanted, const Act& act) {
  return wanted.case_name + "-approval-" + std::to_string(act.id.value) + "-";
}

/// "2026-17-approval-3-20261130T120000Z": one of its own.
std::string folder_name(const OriginalsWanted& wanted, const Act& act, int64_t now_ns) {
  std::string time = utc_text(now_ns);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return folder_prefix(wanted, act) + time;
}

/// Names the folder of an act that was not carried out to its end, where it made one.
audit::Details left_behind(const Act& act, const std::filesystem::path& exports) {
  const auto wanted = wanted_from_json(act.parameters);
  if (!wanted) return {};
  const std::string prefix = folder_prefix(*wanted, act);
  std::error_code failed;  // Then there are none.
  for (std::filesystem::directory_iterator at(exports, failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename().string();
    // Another case may have a name that begins so.
    if (!name.starts_with(prefix) || name.find('-', prefix.size()) != std::string::npos) continue;
    return {{name.ends_with(ExportFolder::kUnfinished) ? "unfinished" : "folder", name}};
  }
  return {};
}

/// Writes the originals of one act.
class Export {
 public:
  Export(Services& server, const AgreedAct& agreed, const OriginalsServices& services,
         CaseRoom& room, std::filesystem::path folder)
      : server_(server),
        services_(services),
        room_(room),
        from_(agreed.from),
        stop_(agreed.stop),
        folder_(std::move(folder)) {
    manifest_.approval = agreed.act.id.value;
    manifest_.asked_by = agreed.asked_by;
    manifest_.approved_by = agreed.approved_by;
  }

  /// Gives what is to be said of it; nothing where it was stopped. Throws Fault where the case or
  /// the folder cannot be written to.
  std::optional<audit::Details> run(const OriginalsWanted& wanted) {
    manifest_.reason = wanted.reason;
    const auto held = room_.readers().hold();
    manifest_.case_id = held.reader().description().case_id;
    manifest_.info = held.reader().description().info;
    for (const ItemId& item : wanted.items) {
      write(held.reader(), item);
      if (stop_.stop_requested()) return std::nullopt;
    }
    manifest_.written_ns = server_.clock.now_ns();
    manifest_.tool_version = server_.version;
    manifest_.head = room_.head();
    const std::string text = signed_text(kSignedManifest, to_json(manifest_), server_.signing_key);
    folder_.write_manifest(text);
    audit::Details said = {{"exported", std::to_string(manifest_.originals.size())},
                           {"folder", folder_.path().filename().string()},
                           {"manifest", to_hex(sha256_of(std::as_bytes(std::span(text))))},
                           {"missing", std::to_string(manifest_.missing.size())}};
    note("originals.written", said);
    folder_.finish();
    return said;
  }

 private:
  /// One item; whatever becomes of it, the others are written, unless all is to stop.
  void write(const casefile::Reader& reader, const ItemId& id) {
    const auto stored = reader.find_item(id);
    if (!stored) return miss(id, "", {ErrorCode::not_found, "item.none"});
    const std::string path = escape_name(display_path(stored->item.origin));
    auto opened = open(reader, stored->item);
    if (!opened) return miss(id, path, opened.error());
    auto written = copy(id, *opened);
    if (!written && stop_.stop_requested()) return;
    if (!written) return miss(id, path, written.error());
    manifest_.originals.push_back({id, path, *written});
  }

  Result<scan::OpenedItem> open(const casefile::Reader& reader, const casefile::Item& item) {
    try {
      auto lease = services_.examiners.lease(room_.directory().string());
      return scan::open_item(lease.examiner(), reader, item,
                             services_.open_upload(room_.directory()));
    } catch (const Fault& fault) {
      server_.log.log(Severity::error, fault.what());
      return Error{ErrorCode::unreadable, "original.not-opened"};
    }
  }

  Result<ExportedOriginal> copy(const ItemId& id, const scan::OpenedItem& opened) {
    bool is_on_record = true;
    try {
      const auto on_record = [&](const ExportedOriginal& original) {
        is_on_record = false;
        note("original.export", {{"item", to_hex(id.value)}, {"sha256", to_hex(original.sha256)}});
        is_on_record = true;
      };
      return folder_.write(opened, on_record, stop_);
    } catch (const Fault& fault) {
      // Where the case takes no record nothing may leave it.
      if (!is_on_record) throw;
      server_.log.log(Severity::error, fault.what());
      return Error{ErrorCode::unreadable, "original.not-written"};
    }
  }

  void miss(const ItemId& id, const std::string& path, const Error& error) {
    note("original.missing", {{"item", to_hex(id.value)}, {"rule", std::string(error.rule)}});
    manifest_.missing.push_back({id, path, error});
  }

  /// In the case's own log, with who it was.
  void note(std::string_view kind, audit::Details details) {
    details.emplace_back("approval", std::to_string(manifest_.approval));
    details.emplace_back("approved_by", manifest_.approved_by);
    details.emplace_back("from", from_);
    details.emplace_back("person", manifest_.asked_by);
    details.emplace_back("reason", manifest_.reason);
    room_.note(kind, details);
  }

  Services& server_;
  const OriginalsServices& services_;
  CaseRoom& room_;
  const std::string from_;
  const std::stop_token stop_;
  ExportFolder folder_;
  OriginalsManifest manifest_;
};

ActResult carry_out(Services& server, const AgreedAct& agreed, const OriginalsServices& services) {
  const auto wanted = wanted_from_json(agreed.act.parameters);
  const ServedCase* served =
      wanted ? case_for(server, agreed.approved_by, wanted->case_name) : nullptr;
  if (served == nullptr) {
    return {{}, NotDone{Status::conflict, "no-such-case", "The case is not served any more."}};
  }
  if (!is_let_in(*served, agreed.asked_by)) {
    return {{},
            NotDone{Status::forbidden, "not-permitted",
                    "Who asked is not let in to the case any more."}};
  }
  if (services.exports.empty()) {
    return {{}, NotDone{Status::conflict, "no-exports", "There is no folder for originals."}};
  }
  const auto folder = services.exports / folder_name(*wanted, agreed.act, server.clock.now_ns());
  auto said = Export(server, agreed, services, *served->room, folder).run(*wanted);
  if (!said) return {{}, interrupted("The server ended before all was written.")};
  said->emplace_back("case", wanted->case_name);
  return {*std::move(said), std::nullopt};
}

constexpr std::string_view kSchemas = R"json(
  "OriginalsRequest": {
    "type": "object",
    "properties": {
      "items": {
        "type": "array",
        "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "minItems": 1,
        "maxItems": 1000,
        "uniqueItems": true
      },
      "reason": {"type": "string", "minLength": 1, "maxLength": 2000}
    },
    "required": ["items", "reason"],
    "additionalProperties": false
  })json";

}  // namespace

void add_originals_routes(RouteTable& table, Approvals& approvals, OriginalsServices& services) {
  table.describe(kSchemas);
  table.add({Method::post,
             "/v1/cases/{case}/originals",
             Access::to(Permission::export_originals),
             "askOriginals",
             "Ask that originals are written to a folder on the server; another person has to "
             "approve",
             "OriginalsRequest",
             "Approval",
             [&services](Call& call) { return ask_originals(call, services); },
             ApiRoute::Load::long_body,
             {},
             Status::created});
  approvals.add(ActKind::export_originals,
                {[&services](Services& server, const AgreedAct& agreed) {
                   return carry_out(server, agreed, services);
                 },
                 concerns, ActDoer::Takes::long_time,
                 [&services](const Act& act) { return left_behind(act, services.exports); }});
}

}  // namespace safelight::serve
