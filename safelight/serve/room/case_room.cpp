#include "safelight/serve/room/case_room.h"

#include <algorithm>
#include <utility>

#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

constexpr size_t kAnswersKept = 1'000;
/// Items that an event names; a page reads the queue anew where there are more.
constexpr size_t kItemsTold = 100;
constexpr uint32_t kCoveredPixels = kCoveredSide;
constexpr uint32_t kRevealedPixels = 1'024;

bool says_something(const ActRequest& request) {
  switch (request.kind) {
    case casefile::ActKind::flag:
    case casefile::ActKind::unflag:
      return !request.value.empty();
    case casefile::ActKind::note:
      return !request.text.empty();
    default:
      return true;
  }
}

bool is_category(casefile::ActKind kind) {
  return kind == casefile::ActKind::category || kind == casefile::ActKind::settle;
}

}  // namespace

CaseRoom::CaseRoom(std::string name, std::filesystem::path directory,
                   std::unique_ptr<Pictures> pictures, ExposureBook& exposure, RandomSource& random,
                   const Clock& clock, LogSink& log)
    : name_(std::move(name)),
      directory_(std::move(directory)),
      pictures_(std::move(pictures)),
      exposure_(exposure),
      clock_(clock),
      log_(log),
      writer_(casefile::ActWriter::open(directory_, clock, log)),
      queue_(CaseQueue::open(directory_)),
      readers_(directory_),
      reveals_(random) {
  const auto held = readers_.hold();
  held.acts().for_each_exposure([&](const casefile::Exposure& exposure_of) {
    exposure_.began(exposure_of.person, category_of(exposure_of.item), exposure_of.began_ns);
    exposure_.shown(exposure_of.person, exposure_of.began_ns, exposure_of.shown_ms);
  });
}

CaseRoom::~CaseRoom() = default;

std::string CaseRoom::category_of(const ItemId& item) const {
  const auto decision = queue_->decision(item);
  return decision.decided() == nullptr || decision.decided()->category.empty()
             ? "undecided"
             : decision.decided()->category;
}

ReviewRules CaseRoom::rules() const { return queue_->rules(); }

void CaseRoom::set_scheme(const Scheme& scheme, const Reviewer& by) {
  const std::lock_guard lock(mutex_);
  writer_.set(kSchemeSetting, to_json(scheme), by.login, by.address);
  queue_->use_rules({scheme, queue_->rules().policy});
  tell_queue();
}

void CaseRoom::set_policy(const ReviewPolicy& policy, const Reviewer& by) {
  const std::lock_guard lock(mutex_);
  writer_.set(kPolicySetting, to_json(policy), by.login, by.address);
  queue_->use_rules({queue_->rules().scheme, policy});
  tell_queue();
}

casefile::StoredAct CaseRoom::record(casefile::Act act, std::vector<ItemId> items,
                                     const Reviewer& by) {
  casefile::StoredAct stored;
  stored.number = writer_.act(act, items, by.address);
  stored.time_ns = clock_.now_ns();
  stored.act = std::move(act);
  stored.items = std::move(items);
  queue_->apply(stored);
  return stored;
}

template <class Answer>
const Answer* CaseRoom::answered(const std::string& person, const std::string& id) const {
  for (const Answered& one : answered_) {
    if (!id.empty() && one.id == id && one.person == person)
      return std::get_if<Answer>(&one.answer);
  }
  return nullptr;
}

void CaseRoom::keep_answer(const std::string& person, const std::string& id,
                           std::variant<DoneAct, TurnedAct> answer) {
  if (id.empty()) return;
  answered_.push_back({person, id, std::move(answer)});
  if (answered_.size() > kAnswersKept) answered_.pop_front();
}

std::variant<DoneAct, std::vector<ActConflict>, ActRefusal> CaseRoom::act(const ActRequest& request,
                                                                          const Reviewer& by) {
  if (request.items.empty()) return ActRefusal::no_items;
  if (!says_something(request)) return ActRefusal::nothing_to_say;
  const std::lock_guard lock(mutex_);
  if (const auto* done = answered<DoneAct>(by.login, request.id)) return *done;
  if (is_category(request.kind) && !request.value.empty() &&
      queue_->rules().scheme.find(request.value) == nullptr) {
    return ActRefusal::unknown_category;
  }

  std::vector<ItemId> items;
  for (const ItemId& item : request.items) {
    if (!queue_->holds(item)) return ActRefusal::unknown_item;
    if (request.reach == ActReach::items) {
      items.push_back(item);
    } else {
      const auto members = queue_->members(item);
      items.insert(items.end(), members.begin(), members.end());
    }
    if (items.size() > kMaxActItems) return ActRefusal::too_many_items;
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());

  if (request.kind == casefile::ActKind::category) {
    std::vector<ActConflict> conflicts;
    for (const ItemId& item : items) {
      for (const Opinion& opinion : queue_->decision(item).opinions) {
        const bool is_news = opinion.person != by.login && opinion.act > request.seen;
        if (is_news && opinion.category != request.value) conflicts.push_back({item, opinion});
      }
    }
    if (!conflicts.empty()) return conflicts;
  }

  const auto stored = record({request.kind, by.login, request.value, request.text, std::nullopt},
                             std::move(items), by);
  const DoneAct done{stored.number, stored.items.size(), queue_->version()};
  keep_answer(by.login, request.id, done);
  tell(stored, stored.items, by.shown_name, stored.act.value);
  return done;
}

std::optional<TurnedAct> CaseRoom::turn(casefile::ActKind kind, const Reviewer& by,
                                        const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto* turned = answered<TurnedAct>(by.login, id)) return *turned;
  const auto of =
      kind == casefile::ActKind::undo ? queue_->undoable(by.login) : queue_->redoable(by.login);
  if (!of) return std::nullopt;
  const auto held = readers_.hold();
  const auto turned = held.acts().find_act(*of);
  if (!turned) return std::nullopt;
  const auto stored = record({kind, by.login, "", "", *of}, {}, by);
  tell(stored, turned->items, by.shown_name, "");
  TurnedAct out{*of, turned->act.kind, turned->act.value, turned->items};
  keep_answer(by.login, id, out);
  return out;
}

std::optional<TurnedAct> CaseRoom::undo(const Reviewer& by, const std::string& id) {
  return turn(casefile::ActKind::undo, by, id);
}

std::optional<TurnedAct> CaseRoom::redo(const Reviewer& by, const std::string& id) {
  return turn(casefile::ActKind::redo, by, id);
}

Result<ShownPicture> CaseRoom::covered(const ItemId& item, RenditionStyle style) {
  return pictures_->show(item, style, kCoveredPixels);
}

std::string CaseRoom::grant(const ItemId& item, const Reviewer& by, const std::string& rendition,
                            const std::string& reason) {
  const uint32_t max_ms = rules().policy.reveal_max_seconds * 1'000;
  auto granted =
      reveals_.grant({by.login, by.address, item, rendition, reason, clock_.now_ns(), 0}, max_ms);
  if (granted.ended) finish(*granted.ended);
  return granted.key;
}

Result<ShownPicture> CaseRoom::reveal(std::string_view key, const std::string& person) {
  const auto reveal = reveals_.begin(key, person, clock_.now_ns());
  if (!reveal) return Error{ErrorCode::not_found, "reveal.none"};
  const bool is_grey = reveal->rendition == "grey";
  auto picture =
      pictures_->show(reveal->item, is_grey ? RenditionStyle::grey : RenditionStyle::colour,
                      reveal->rendition == "original" ? kMaxRenditionSide : kRevealedPixels);
  if (!picture) {
    reveals_.forget(key);
    return picture;
  }
  {
    const std::lock_guard lock(mutex_);
    writer_.expose({reveal->item, person, reveal->rendition, reveal->began_ns, 0, reveal->reason},
                   reveal->from);
  }
  exposure_.began(person, category_of(reveal->item), reveal->began_ns);
  return picture;
}

bool CaseRoom::end_reveal(std::string_view key, const std::string& person, uint64_t shown_ms) {
  const auto ended = reveals_.end(key, person, shown_ms, clock_.now_ns());
  if (ended) finish(*ended);
  return ended.has_value();
}

void CaseRoom::finish(const EndedReveal& ended) {
  const Reveal& reveal = ended.reveal;
  exposure_.shown(reveal.person, reveal.began_ns, ended.shown_ms);
  const std::lock_guard lock(mutex_);
  writer_.expose({reveal.item, reveal.person, reveal.rendition, reveal.began_ns, ended.shown_ms,
                  reveal.reason},
                 reveal.from);
}

void CaseRoom::note(std::string_view kind,
                    const std::vector<std::pair<std::string, std::string>>& details) {
  const std::lock_guard lock(mutex_);
  writer_.note(kind, details);
}

void CaseRoom::tell(const casefile::StoredAct& stored, const std::vector<ItemId>& items,
                    std::string_view shown_name, std::string_view value) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("act", stored.number).field("kind", to_text(stored.act.kind));
  json.field("by", shown_name).key("items").begin_array();
  for (size_t i = 0; i < std::min(items.size(), kItemsTold); ++i) {
    json.string(to_hex(items[i].value));
  }
  // Whoever is to look as the second hears nothing of the first decision: pages ask for their
  // cards.
  const ReviewRules rules = queue_->rules();
  const Category* category = rules.scheme.find(value);
  const bool is_withheld =
      is_category(stored.act.kind) &&
      (rules.policy.second_look || (category != nullptr && category->second_look));
  json.end_array().key("more").boolean(is_withheld || items.size() > kItemsTold).key("category");
  if (is_category(stored.act.kind) && !value.empty() && !is_withheld) {
    json.string(value);
  } else {
    json.null();
  }
  json.field("version", queue_->version()).end_object();
  audience_.tell({.name = "act", .data = text, .id = stored.number});
}

void CaseRoom::tell_queue() {
  std::string text;
  JsonWriter(text).begin_object().field("version", queue_->version()).end_object();
  audience_.tell({.name = "queue", .data = text});
}

audit::TreeHead CaseRoom::head() const {
  const std::lock_guard lock(mutex_);
  return writer_.head();
}

void CaseRoom::tick() {
  for (const EndedReveal& ended : reveals_.expire(clock_.now_ns())) finish(ended);
  if (queue_->reload()) tell_queue();
}

void CaseRoom::close() {
  for (const EndedReveal& ended : reveals_.end_all(clock_.now_ns())) finish(ended);
  audience_.close();
}

}  // namespace safelight::serve
