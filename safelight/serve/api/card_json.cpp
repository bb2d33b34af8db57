#include "safelight/serve/api/card_json.h"

#include <algorithm>

#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"

namespace safelight::serve {

Result<ItemId> item_from_text(std::string_view text) {
  const auto digest = parse_hex<Sha256>(text);
  if (!digest) return Error{ErrorCode::malformed, "item.id"};
  return ItemId{*digest};
}

bool shows_decision(const CardFacts& card, std::string_view person) {
  const auto& opinions = card.decision.opinions;
  return card.second_look != SecondLook::wanted ||
         std::any_of(opinions.begin(), opinions.end(),
                     [&](const Opinion& one) { return one.person == person; });
}

std::optional<CardFacts> named_card(const Call& call) {
  const auto item = item_from_text(call.request.parameter("item"));
  return item ? call.served->room->queue().card(*item) : std::nullopt;
}

Response no_such_item() {
  return Response::problem(Status::not_found, "no-such-item",
                           "There is no such item in this case.");
}

std::string text_of(const casefile::Timestamp& time) {
  std::string text = utc_text(time.ns);
  if (time.zone == casefile::TimeZoneKnowledge::local_unknown) text.pop_back();
  return text;
}

const std::string& CardWriter::name_of(const std::string& login) const {
  const auto [found, is_new] = names_.try_emplace(login);
  if (is_new) found->second = serve::name_of(call_.services, login);
  return found->second;
}

void CardWriter::write(JsonWriter& json, const CardFacts& card) const {
  json.begin_object().field("item", to_hex(card.item.value)).field("rank", card.rank);
  json.field("class", card.rank_class).field("members", card.members).field("type", card.type);
  json.key("width");
  card.width == 0 ? json.null() : json.number(card.width);
  json.key("height");
  card.height == 0 ? json.null() : json.number(card.height);
  json.field("size", card.size_bytes);
  write_or_null(json, "modified", card.modified ? text_of(*card.modified) : "");
  json.key("name");
  call_.caller.may(Permission::see_path) ? json.string(card.name) : json.null();
  json.key("list");
  if (card.lists.empty() || !call_.caller.may(Permission::see_list)) {
    json.null();
  } else {
    json.begin_array();
    for (const ListedAs& listed : card.lists) {
      json.begin_object().field("name", listed.list).field("category", listed.category);
      json.end_object();
    }
    json.end_array();
  }
  json.key("grades").begin_array();
  for (const Grade grade : card.grades) json.string(to_text(grade));
  json.end_array().key("known").boolean(card.is_known);
  json.field("coverage", to_text(card.coverage)).key("decision");
  const Opinion* decided = card.decision.decided();
  if (decided == nullptr || decided->category.empty() ||
      !shows_decision(card, call_.caller.login())) {
    json.null();
  } else {
    json.begin_object().field("category", decided->category);
    json.field("by", name_of(decided->person)).field("at", utc_text(decided->time_ns));
    json.key("settled").boolean(card.decision.is_settled).end_object();
  }
  json.key("flags").begin_array();
  for (const std::string& flag : card.decision.flags) json.string(flag);
  json.end_array().field("notes", card.decision.notes);
  json.key("passed").boolean(card.decision.is_passed_on);
  json.key("conflict").boolean(card.decision.is_conflict).key("second_look");
  switch (card.second_look) {
    case SecondLook::not_asked:
      json.null();
      break;
    case SecondLook::wanted:
      json.string("wanted");
      break;
    case SecondLook::done:
      json.string("done");
      break;
  }
  json.end_object();
}

}  // namespace safelight::serve
