#include <algorithm>
#include <array>

#include "safelight/base/number_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/card_json.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr uint64_t kMaxPage = 500;
constexpr uint64_t kUsualPage = 200;
constexpr size_t kMaxSearchBytes = 256;

using Times = QueryParameter::Times;
constexpr std::string_view kText = R"({"type":"string","minLength":1,"maxLength":200})";
constexpr std::string_view kNumber = R"({"type":"integer","minimum":0})";
constexpr std::string_view kDay = R"({"type":"string","format":"date"})";
constexpr std::string_view kState =
    R"({"type":"string","enum":["open","decided","flagged","passed","conflict","second_look"]})";

/// What all that read the queue take: the filter, of which an item has to fit in each part.
constexpr std::array kFilter = {
    QueryParameter{"state", "How far people are with it", kState, Times::any},
    QueryParameter{"class", "Why it stands where it does", kText, Times::any},
    QueryParameter{"list", "A list that says something of it", kText, Times::any},
    QueryParameter{"category", "The code of what it counts as", kText, Times::any},
    QueryParameter{"grade", "The strongest of its evidence of origin, or none", kText, Times::any},
    QueryParameter{"type", "Of its content", kText, Times::any},
    QueryParameter{"source", "Where it is from", kText, Times::any},
    QueryParameter{"folder", "The mark of its folder", kText, Times::any},
    QueryParameter{"search", "A mark of words to look for: keepSearch", kText},
    QueryParameter{"size_min", "In bytes", kNumber},
    QueryParameter{"size_max", "In bytes", kNumber},
    QueryParameter{"after", "The first day of its time of modification", kDay},
    QueryParameter{"before", "The last day of its time of modification", kDay},
    QueryParameter{"known", "Whether what is set aside is there, too",
                   R"({"type":"string","enum":["hidden","shown"],"default":"hidden"})"},
};

template <size_t kMore>
constexpr auto filter_and(const std::array<QueryParameter, kMore>& more) {
  std::array<QueryParameter, kFilter.size() + kMore> out;
  std::copy(kFilter.begin(), kFilter.end(), std::copy(more.begin(), more.end(), out.begin()));
  return out;
}
constexpr auto kQueueQuery = filter_and(
    std::array{QueryParameter{"from", "The place of the first card, counted from 0", kNumber},
               QueryParameter{"count", "How many cards",
                              R"({"type":"integer","minimum":0,"maximum":500,"default":200})"}});
constexpr auto kPlaceQuery = filter_and(std::array{QueryParameter{
    "item", "Whose card", R"({"type":"string","pattern":"^[0-9a-f]{64}$"})", Times::once}});

/// What a query asks for, its own parameters taken out; what is left is the filter.
struct QueueQuery {
  QueueFilter filter;
  uint64_t from = 0;
  uint64_t count = kUsualPage;
  std::optional<ItemId> item;
};

Result<QueueQuery> read_query(const Request& request) {
  QueueQuery out;
  for (const NamedText& part : request.query.entries()) {
    if (part.name == "from" || part.name == "count") {
      const auto number = whole_number<uint64_t>(part.value);
      if (!number) return Error{ErrorCode::malformed, "queue.number"};
      (part.name == "from" ? out.from : out.count) = *number;
    } else if (part.name == "item") {
      SAFELIGHT_TRY(out.item, item_from_text(part.value));
    } else {
      // A further value of a part is "state.2", "state.3" ...: no name comes twice in a query.
      const std::string_view name = part.name;
      SAFELIGHT_CHECK(out.filter.add(name.substr(0, name.find('.')), part.value));
    }
  }
  out.count = std::min(out.count, kMaxPage);
  return out;
}

Response get_queue(Call& call) {
  const auto query = read_query(call.request);
  if (!query) return Response::problem(query.error());
  const QueuePage page = call.served->room->queue().page(query->filter, query->from, query->count);
  const CardWriter cards(call);
  return json_answer([&](JsonWriter& json) {
    json.begin_object().field("version", page.version).field("total", page.total);
    json.field("items_total", page.items_total).field("from", page.from);
    json.key("cards").begin_array();
    for (const CardFacts& card : page.cards) cards.write(json, card);
    json.end_array().end_object();
  });
}

Response get_counts(Call& call) {
  const auto query = read_query(call.request);
  if (!query) return Response::problem(query.error());
  const QueueCounts counts = call.served->room->queue().counts(query->filter);
  return json_answer([&](JsonWriter& json) {
    json.begin_object().field("version", counts.version).key("by").begin_object();
    for (size_t i = 0; i < kFacets; ++i) {
      const auto facet = static_cast<Facet>(i);
      json.key(to_text(facet)).begin_object();
      const bool is_hidden = (facet == Facet::list && !call.caller.may(Permission::see_list)) ||
                             (facet == Facet::folder && !call.caller.may(Permission::see_path));
      for (const auto& [value, cards] : counts.by[i]) {
        if (!is_hidden) json.field(value, cards);
      }
      json.end_object();
    }
    json.end_object().key("folders").begin_object();
    for (const auto& [mark, folder] : counts.folders) {
      if (call.caller.may(Permission::see_path)) json.field(mark, folder);
    }
    json.end_object().end_object();
  });
}

Response get_place(Call& call) {
  const auto query = read_query(call.request);
  if (!query) return Response::problem(query.error());
  const auto place =
      query->item ? call.served->room->queue().place(query->filter, *query->item) : std::nullopt;
  if (!place) {
    return Response::problem(Status::not_found, "not-in-queue", "The item has no card here.");
  }
  return json_answer(
      [&](JsonWriter& json) { json.begin_object().field("place", *place).end_object(); });
}

Response keep_search(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string text = body->text("text", kMaxSearchBytes);
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  const std::string mark = call.served->room->queue().keep_search(text);
  return json_answer(
      [&](JsonWriter& json) { json.begin_object().field("search", mark).end_object(); });
}

}  // namespace

void add_queue_routes(RouteTable& table) {
  constexpr auto kReview = Access::to(Permission::review);
  table.add({Method::get, "/v1/cases/{case}/queue", kReview, "getQueue",
             "Cards of the queue, in the order of review", "", "QueuePage", get_queue,
             ApiRoute::Load::light, kQueueQuery});
  table.add({Method::get, "/v1/cases/{case}/queue/counts", kReview, "getCounts",
             "How many cards each value of a filter would leave", "", "QueueCounts", get_counts,
             ApiRoute::Load::light, kFilter});
  table.add({Method::get, "/v1/cases/{case}/queue/place", kReview, "getPlace",
             "Where the card of an item stands", "", "Place", get_place, ApiRoute::Load::light,
             kPlaceQuery});
  table.add({Method::post, "/v1/cases/{case}/searches", Access::to(Permission::see_path),
             "keepSearch", "Keep words to look for, so that they stand in no address", "Search",
             "KeptSearch", keep_search});
}

}  // namespace safelight::serve
