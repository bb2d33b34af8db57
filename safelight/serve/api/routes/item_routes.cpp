#include <algorithm>
#include <array>

#include "safelight/base/number_text.h"
#include "safelight/base/time_text.h"
#include "safelight/evidence/origin_grades.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/card_json.h"
#include "safelight/serve/api/picture_answer.h"
#include "safelight/serve/api/routes/route_groups.h"
#include "safelight/triage/reasons.h"

namespace safelight::serve {
namespace {

/// Distances are told in steps, so that nobody finds the entry of a list by asking.
constexpr uint32_t kDistanceStepBits = 4;
constexpr size_t kMaxRelated = 200;

constexpr std::array kRenditionQuery = {QueryParameter{
    "style", "How it is covered", R"({"type":"string","enum":["drawing","blur","grey"]})",
    QueryParameter::Times::once}};

constexpr uint32_t in_steps(uint32_t bits) {
  return (bits + kDistanceStepBits / 2) / kDistanceStepBits * kDistanceStepBits;
}

/// Writes all that is known of one item, as its caller may see it.
class ItemWriter {
 public:
  ItemWriter(const Call& call, CaseRoom& room, JsonWriter& json)
      : call_(call), room_(room), json_(json), held_(room.readers().hold()), cards_(call) {}

  void write(const CardFacts& card, const casefile::StoredItem& stored) {
    const casefile::Item& item = stored.item;
    json_.begin_object().field("item", to_hex(item.id.value)).key("card");
    cards_.write(json_, card);
    write_path(item.origin);
    write_times(item.times);
    write_content(stored);
    write_reasons(item.id);
    write_findings(stored);
    write_hits(stored);
    write_related(stored, card);
    write_history(card);
    json_.field("exposures", held_.acts().exposures_of(item.id).size()).end_object();
  }

  [[nodiscard]] const casefile::Reader& reader() const { return held_.reader(); }

 private:
  void write_step(std::string_view kind, std::string_view name, uint64_t offset) {
    json_.begin_object().field("kind", kind).key("name");
    call_.caller.may(Permission::see_path) ? json_.string(escape_name(name)) : json_.null();
    json_.key("offset");
    offset == 0 ? json_.null() : json_.number(offset);
    json_.end_object();
  }

  void write_path(const Origin& origin) {
    json_.key("path").begin_array();
    json_.begin_object().field("kind", "source").field("name", origin.source_id).end_object();
    for (const OriginStep& step : origin.steps) {
      if (step.kind == StepKind::archive_member) {
        write_step("member", step.name, step.offset_bytes);
      } else if (step.kind == StepKind::embedded_picture) {
        write_step("picture", step.name, step.offset_bytes);
      } else {
        const size_t slash = step.name.rfind('/');
        if (slash != std::string::npos) write_step("folder", step.name.substr(0, slash), 0);
        write_step("file", slash == std::string::npos ? step.name : step.name.substr(slash + 1), 0);
      }
    }
    json_.end_array();
  }

  void write_times(const casefile::ItemTimes& times) {
    json_.key("times").begin_object();
    for (const auto& [name, time] : {std::pair{"modified", times.modified},
                                     {"changed", times.changed},
                                     {"accessed", times.accessed},
                                     {"born", times.born},
                                     {"in_container", times.in_container}}) {
      if (time) json_.field(name, text_of(*time));
    }
    json_.end_object();
  }

  void write_content(const casefile::StoredItem& stored) {
    const auto* content = stored.content ? &stored.content->content : nullptr;
    const auto& examination = stored.content ? stored.content->examination : std::nullopt;
    json_.key("digests").begin_object();
    if (content != nullptr && content->md5) json_.field("md5", to_hex(*content->md5));
    if (content != nullptr && content->sha1) json_.field("sha1", to_hex(*content->sha1));
    if (content != nullptr && content->sha256) json_.field("sha256", to_hex(*content->sha256));
    json_.end_object();
    json_.field("format", examination ? examination->format : "unknown");
    json_.field("media_type", examination ? examination->media_type : "");
    json_.key("width");
    examination && examination->width != 0 ? json_.number(examination->width) : json_.null();
    json_.key("height");
    examination && examination->height != 0 ? json_.number(examination->height) : json_.null();
    json_.field("size", stored.item.size_bytes);
    json_.field("coverage", to_text(stored.item.coverage)).key("error");
    const auto& error = stored.item.error ? stored.item.error
                        : examination     ? examination->error
                                          : stored.item.error;
    if (!error) {
      json_.null();
    } else {
      json_.begin_object().field("code", to_text(error->code)).field("rule", error->rule);
      json_.key("offset");
      error->offset_kind == OffsetKind::none ? json_.null() : json_.number(error->offset_bytes);
      json_.end_object();
    }
    json_.key("fingerprints").begin_array();
    if (examination) {
      for (const PdqHashes& hashes : examination->fingerprints) {
        json_.begin_object().field("mode", to_text(hashes.mode));
        json_.field("quality", hashes.quality).end_object();
      }
    }
    json_.end_array();
  }

  /// A reason as the caller may read it: distances in steps, and only its code where its sentence
  /// would say more of a list than the caller may see.
  void write_reason(Reason reason) {
    bool is_whole = true;
    for (auto& [name, value] : reason.data) {
      if (name == "list") is_whole = is_whole && call_.caller.may(Permission::see_list);
      if (name != "bits") continue;
      is_whole = is_whole && call_.caller.may(Permission::see_distance);
      if (const auto bits = whole_number<uint32_t>(value)) value = std::to_string(in_steps(*bits));
    }
    json_.begin_object().field("code", reason.code);
    json_.field("words", is_whole ? triage::sentence_of(reason) : "").end_object();
  }

  void write_reasons(const ItemId& id) {
    json_.key("reasons").begin_array();
    if (const auto review = reader().find_review(id)) {
      for (const Reason& reason : review->reasons) write_reason(reason);
    }
    json_.end_array();
  }

  void write_finding(const Finding& finding) {
    json_.begin_object().field("kind", finding.kind).field("grade", to_text(finding.grade));
    json_.field("grade_words", meaning_of(finding.grade)).field("statement", finding.statement);
    json_.key("fields").begin_array();
    for (const auto& [name, value] : finding.fields) {
      json_.begin_array().string(name).string(value).end_array();
    }
    json_.end_array().key("offset");
    finding.place.offset_kind == OffsetKind::none ? json_.null()
                                                  : json_.number(finding.place.offset_bytes);
    json_.end_object();
  }

  void write_findings(const casefile::StoredItem& stored) {
    static const std::vector<Finding> kNone;
    const auto& of_content = stored.content && stored.content->examination
                                 ? stored.content->examination->findings
                                 : kNone;
    json_.key("findings").begin_array();
    for (const Finding* finding : origin_evidence(stored.item.findings, of_content)) {
      write_finding(*finding);
    }
    for (const Finding* finding : other_findings(stored.item.findings, of_content)) {
      write_finding(*finding);
    }
    json_.end_array();
  }

  void write_hits(const casefile::StoredItem& stored) {
    json_.key("hits").begin_array();
    if (stored.content && call_.caller.may(Permission::see_list)) {
      for (const auto& [hit, version] : stored.content->hits) {
        json_.begin_object().field("list", hit.list).field("version", version);
        json_.field("category", hit.category).field("disposition", to_text(hit.disposition));
        json_.field("kind", to_text(hit.kind)).key("distance");
        hit.kind == MatchKind::pdq&& call_.caller.may(Permission::see_distance)
            ? json_.number(in_steps(hit.distance_bits))
            : json_.null();
        json_.field("entry", hit.entry_id);
        json_.field("victim_identified", to_text(hit.victim_identified)).end_object();
      }
    }
    json_.end_array();
  }

  void write_related(const casefile::StoredItem& stored, const CardFacts& card) {
    const ItemId& own = stored.item.id;
    std::vector<ItemId> copies;
    if (stored.item.content) copies = reader().items_of(*stored.item.content);
    json_.key("copies").begin_array();
    size_t written = 0;
    for (const ItemId& copy : copies) {
      if (copy != own && written++ < kMaxRelated) json_.string(to_hex(copy.value));
    }
    json_.end_array().key("near").begin_array();
    written = 0;
    if (card.members > 1) {
      for (const ItemId& member : room_.queue().members(own)) {
        if (member == own || std::binary_search(copies.begin(), copies.end(), member)) continue;
        if (written++ >= kMaxRelated) break;
        json_.begin_object().field("item", to_hex(member.value)).end_object();
      }
    }
    json_.end_array();
  }

  void write_history(const CardFacts& card) {
    const auto acts = held_.acts().acts_of(card.item);
    const bool shows_all = shows_decision(card, call_.caller.login());
    json_.key("history").begin_array();
    for (const casefile::StoredAct& stored : acts) {
      const casefile::Act& act = stored.act;
      if (act.of_act) continue;
      const bool is_category =
          act.kind == casefile::ActKind::category || act.kind == casefile::ActKind::settle;
      if (is_category && !shows_all && act.person != call_.caller.login()) continue;
      bool stands = true;
      for (const casefile::StoredAct& turn : acts) {
        if (turn.act.of_act == stored.number && turn.act.person == act.person) {
          stands = turn.act.kind == casefile::ActKind::redo;
        }
      }
      json_.begin_object().field("act", stored.number).field("kind", to_text(act.kind));
      json_.field("by", cards_.name_of(act.person)).field("at", utc_text(stored.time_ns));
      write_or_null(json_, "category", is_category ? act.value : "");
      const bool is_passed_on = act.kind == casefile::ActKind::pass_on;
      write_or_null(json_, "flag", is_category || is_passed_on ? "" : act.value);
      write_or_null(json_, "to", is_passed_on ? act.value : "");
      write_or_null(json_, "text", act.text);
      json_.key("undone").boolean(!stands).end_object();
    }
    json_.end_array();
  }

  const Call& call_;
  CaseRoom& room_;
  JsonWriter& json_;
  const ReaderPool::Held held_;
  const CardWriter cards_;
};

Response get_item(Call& call) {
  const auto card = named_card(call);
  if (!card) return no_such_item();
  std::string out;
  JsonWriter json(out);
  ItemWriter writer(call, *call.served->room, json);
  auto stored = writer.reader().find_item(card->item);
  if (!stored) return no_such_item();
  call.served->room->note("item.read", {{"from", call.request.peer.address},
                                        {"item", to_hex(card->item.value)},
                                        {"person", call.caller.login()}});
  if (stored->item.content) stored->content = writer.reader().find_content(*stored->item.content);
  writer.write(*card, *stored);
  return Response::json(Status::ok, std::move(out));
}

Response get_rendition(Call& call) {
  CaseRoom& room = *call.served->room;
  const auto card = named_card(call);
  if (!card) return no_such_item();
  const auto cover = cover_from_text(call.request.query.find("style").value_or(""));
  const auto style = cover ? style_of(*cover) : std::nullopt;
  if (!style) {
    return Response::problem(Status::bad_request, "rendition.style",
                             "A covered picture is a drawing, blur or grey.");
  }
  if (effective(room.rules().policy.floor, *cover) != *cover) {
    return Response::problem(Status::forbidden, "covered-more",
                             "The policy of this case has items covered more than that.");
  }
  if (card->is_known) {
    return Response::problem(Status::forbidden, "known-not-shown",
                             "Known material is shown only when it is asked for with a reason.");
  }
  const auto picture = room.covered(card->item, *style);
  if (!picture) return picture_problem(picture.error());
  return Response::bytes(Status::ok, picture->media_type, picture->bytes);
}

}  // namespace

void add_item_routes(RouteTable& table) {
  constexpr auto kReview = Access::to(Permission::review);
  table.add({Method::get, "/v1/cases/{case}/items/{item}", kReview, "getItem",
             "All that is known of an item", "", "Item", get_item});
  table.add({Method::get, "/v1/cases/{case}/items/{item}/rendition", kReview, "getRendition",
             "An item, small and covered", "", "image/webp", get_rendition, ApiRoute::Load::picture,
             kRenditionQuery});
}

}  // namespace safelight::serve
