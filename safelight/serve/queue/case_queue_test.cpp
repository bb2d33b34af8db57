#include "safelight/serve/queue/case_queue.h"

#include <atomic>
#include <gmock/gmock.h>
#include <thread>

#include "safelight/serve/queue/queue_for_test.h"

namespace safelight::serve {
namespace {

using casefile::Act;
using casefile::ActKind;
using ::testing::ElementsAre;
using testing::filter_of;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::queue_of;
using testing::test_id;
using testing::TestCase;
using testing::TestItem;
using ::testing::UnorderedElementsAre;

constexpr int64_t kDayNs = 86'400'000'000'000;

std::vector<ItemId> ids_of(const QueuePage& page) {
  std::vector<ItemId> out;
  for (const CardFacts& card : page.cards) out.push_back(card.item);
  return out;
}

std::vector<ItemId> all(const CaseQueue& queue, const QueueFilter& filter) {
  return ids_of(queue.page(filter, 0, kMaxPageCards));
}

/// A leader (0) with two that it stands for (1 and 2), alone ones of several classes behind.
class Queue : public ::testing::Test {
 protected:
  Queue() {
    case_.add({.path = "a/lead.jpg", .rank_class = "review", .key = "k"});
    case_.add({.path = "a/low.jpg", .rank_class = "review", .key = "b", .shown_with = 0});
    case_.add({.path = "b/first.png",
               .source = "S2",
               .rank_class = "review",
               .key = "a",
               .shown_with = 0,
               .type = "png"});
    case_.add({.path = "b/open.jpg", .key = "z"});
    case_.add({.path = "b/early.jpg", .key = std::string("\x01", 1)});
    case_.add({.path = "system/icon.ico", .rank_class = "ordinary", .type = "ico"});
    case_.add({.path = "a/known.jpg", .rank_class = "known"});
    case_.add({.path = "a/new.jpg", .rank_class = ""});
  }

  TestCase case_;
};

TEST_F(Queue, IsInTheOrderOfReviewOneCardAGroup) {
  const auto queue = queue_of(case_);
  const QueuePage page = queue->page(filter_of({{"known", "shown"}}), 0, 100);
  EXPECT_THAT(ids_of(page),
              ElementsAre(test_id(0), test_id(4), test_id(3), test_id(7), test_id(6), test_id(5)));
  EXPECT_EQ(page.total, 6u);
  EXPECT_EQ(page.items_total, 8u);
  EXPECT_EQ(page.cards[0].members, 3u);
  EXPECT_EQ(page.cards[1].rank, 4u);
  EXPECT_THAT(queue->members(test_id(1)), ElementsAre(test_id(0), test_id(2), test_id(1)));
  EXPECT_THAT(queue->members(test_id(99)), IsEmpty());
}

TEST_F(Queue, LeavesOutWhatIsSetAsideUnlessItIsAskedFor) {
  const auto queue = queue_of(case_);
  EXPECT_THAT(all(*queue, {}), ElementsAre(test_id(0), test_id(4), test_id(3), test_id(7)));
  EXPECT_TRUE(queue->card(test_id(6))->is_known);
  EXPECT_FALSE(queue->card(test_id(5))->is_known);
}

TEST_F(Queue, SaysOfACardWhatTheCaseSays) {
  case_.items[2].lists = {{"charts", "7", Disposition::review}};
  case_.items[2].grades = 1U << 2 | 1U << 6;
  case_.items[2].modified_ns = 5;
  case_.items[2].modified_zone = casefile::TimeZoneKnowledge::local_unknown;
  case_.items[2].size_bytes = std::nullopt;
  const auto queue = queue_of(case_);
  const auto card = queue->card(test_id(2));
  ASSERT_TRUE(card);
  EXPECT_EQ(card->leader, test_id(0));
  EXPECT_EQ(card->rank, 2u);
  EXPECT_EQ(card->members, 3u);
  EXPECT_EQ(card->rank_class, "review");
  EXPECT_EQ(card->type, "png");
  EXPECT_EQ(card->width, 640u);
  EXPECT_EQ(card->height, 480u);
  EXPECT_FALSE(card->size_bytes);
  EXPECT_EQ(card->modified, (casefile::Timestamp{5, casefile::TimeZoneKnowledge::local_unknown}));
  EXPECT_EQ(card->source, "S2");
  EXPECT_EQ(card->folder + card->name, "b/first.png");
  EXPECT_EQ(card->name, "first.png");
  EXPECT_EQ(card->lists, case_.items[2].lists);
  EXPECT_THAT(card->grades, ElementsAre(Grade::contradicted, Grade::declared));
  EXPECT_EQ(queue->card(test_id(7))->rank_class, "unranked");
  EXPECT_FALSE(queue->card(test_id(99)));
}

TEST_F(Queue, ShowsACardWhereAnyItemOfItsGroupFits) {
  const auto queue = queue_of(case_);
  const QueuePage page = queue->page(filter_of({{"source", "S2"}}), 0, 10);
  EXPECT_THAT(ids_of(page), ElementsAre(test_id(0)));
  EXPECT_EQ(page.items_total, 1u);
  EXPECT_EQ(queue->place(filter_of({{"source", "S2"}}), test_id(1)), 0u);
  EXPECT_EQ(queue->place({}, test_id(3)), 2u);
  EXPECT_FALSE(queue->place({}, test_id(5)));
  EXPECT_FALSE(queue->place({}, test_id(99)));
}

TEST_F(Queue, GivesPagesFromAnyPlace) {
  const auto queue = queue_of(case_);
  const auto page = queue->page({}, 1, 2);
  EXPECT_EQ(page.from, 1u);
  EXPECT_THAT(ids_of(page), ElementsAre(test_id(4), test_id(3)));
  EXPECT_THAT(ids_of(queue->page({}, 3, UINT64_MAX)), ElementsAre(test_id(7)));
  EXPECT_THAT(ids_of(queue->page({}, UINT64_MAX, 5)), IsEmpty());
  EXPECT_EQ(queue->page({}, UINT64_MAX, 5).total, 4u);
}

TEST_F(Queue, MovesWithActsAndSaysSo) {
  const auto queue = queue_of(case_);
  const QueueFilter open = filter_of({{"state", "open"}});
  const uint64_t before = queue->version();
  EXPECT_EQ(queue->page(open, 0, 10).total, 4u);
  EXPECT_THAT(queue->apply(case_.decide("ada", "1", {test_id(3)})), ElementsAre(test_id(3)));
  const QueuePage page = queue->page(open, 0, 10);
  EXPECT_THAT(ids_of(page), ElementsAre(test_id(0), test_id(4), test_id(7)));
  EXPECT_GT(page.version, before);
  EXPECT_EQ(page.version, queue->version());
  EXPECT_EQ(queue->page({}, 0, 10).version, page.version) << "of lists that did not move too";
  EXPECT_EQ(queue->decision(test_id(3)).decided()->person, "ada");
  EXPECT_EQ(queue->undoable("ada"), 1u);

  const auto& undo = case_.act({ActKind::undo, "ada", "", "", 1}, {});
  EXPECT_THAT(queue->apply(undo), ElementsAre(test_id(3)));
  EXPECT_EQ(queue->page(open, 0, 10).total, 4u);
  EXPECT_EQ(queue->redoable("ada"), 1u);
  const uint64_t after = queue->version();
  queue->apply(undo);
  EXPECT_EQ(queue->version(), after) << "taken before";
  EXPECT_EQ(queue->last_act(), 2u);
}

TEST_F(Queue, KeepsACardOpenWhileOneOfItsGroupIs) {
  const auto queue = queue_of(case_);
  queue->apply(case_.decide("ada", "1", {test_id(0)}));
  EXPECT_TRUE(queue->place(filter_of({{"state", "open"}}), test_id(0)));
  EXPECT_TRUE(queue->place(filter_of({{"state", "decided"}}), test_id(0)));
  queue->apply(case_.decide("ada", "1", queue->members(test_id(0))));
  EXPECT_FALSE(queue->place(filter_of({{"state", "open"}}), test_id(0)));
}

TEST_F(Queue, FindsWhatPeopleSaidAlsoOfActsFromBefore) {
  case_.decide("ada", "1", {test_id(3)});
  case_.act({ActKind::flag, "ada", "urgent", "", {}}, {test_id(4)});
  case_.act({ActKind::pass_on, "ada", "bo", "", {}}, {test_id(7)});
  case_.decide("bo", "2", {test_id(3)});
  const auto queue = queue_of(case_);
  EXPECT_THAT(all(*queue, filter_of({{"state", "flagged"}})), ElementsAre(test_id(4)));
  EXPECT_THAT(all(*queue, filter_of({{"state", "passed"}})), ElementsAre(test_id(7)));
  EXPECT_THAT(all(*queue, filter_of({{"state", "conflict"}})), ElementsAre(test_id(3)));
  EXPECT_THAT(all(*queue, filter_of({{"category", "2"}})), ElementsAre(test_id(3)));
  EXPECT_THAT(all(*queue, filter_of({{"category", "1"}})), IsEmpty());
  EXPECT_THAT(all(*queue, filter_of({{"state", "flagged"}, {"state", "passed"}})),
              ElementsAre(test_id(4), test_id(7)));
  EXPECT_THAT(all(*queue, filter_of({{"state", "of another version"}})), IsEmpty());
}

TEST_F(Queue, MeasuresDecisionsByTheRulesThatHold) {
  const auto queue = queue_of(case_);
  const QueueFilter wanted = filter_of({{"state", "second_look"}});
  ReviewRules rules = queue->rules();
  for (Category& category : rules.scheme.categories) category.second_look = false;
  rules.policy.second_look = false;
  queue->use_rules(rules);
  const std::string code = rules.scheme.categories[0].code;
  queue->apply(case_.decide("ada", code, {test_id(3)}));
  EXPECT_THAT(all(*queue, wanted), IsEmpty());
  const uint64_t before = queue->version();
  rules.policy.second_look = true;
  queue->use_rules(rules);
  EXPECT_GT(queue->version(), before);
  EXPECT_THAT(all(*queue, wanted), ElementsAre(test_id(3)));
  EXPECT_EQ(queue->card(test_id(3))->second_look, SecondLook::wanted);
  queue->apply(case_.decide("bo", code, {test_id(3)}));
  EXPECT_THAT(all(*queue, wanted), IsEmpty());
  EXPECT_EQ(queue->card(test_id(3))->second_look, SecondLook::done);
}

TEST_F(Queue, CountsCardsOfEachFacetAsIfNothingOfItWereAskedFor) {
  const auto queue = queue_of(case_);
  const QueueCounts counts = queue->counts(filter_of({{"type", "png"}, {"state", "open"}}));
  EXPECT_THAT(counts[Facet::type], UnorderedElementsAre(Pair("jpeg", 4), Pair("png", 1)));
  EXPECT_THAT(counts[Facet::source], UnorderedElementsAre(Pair("S2", 1)));
  EXPECT_THAT(counts[Facet::rank_class], UnorderedElementsAre(Pair("review", 1)));
  EXPECT_THAT(counts[Facet::state], UnorderedElementsAre(Pair("open", 1)));
  EXPECT_EQ(counts.version, queue->version());
  queue->apply(case_.decide("ada", "1", {test_id(2)}));
  EXPECT_THAT(queue->counts(filter_of({{"type", "png"}, {"state", "open"}}))[Facet::state],
              UnorderedElementsAre(Pair("decided", 1), Pair("second_look", 1)));
  EXPECT_THAT(queue->counts({})[Facet::category], UnorderedElementsAre(Pair("1", 1)));
}

TEST_F(Queue, CallsFoldersByMarksThatStay) {
  const auto queue = queue_of(case_);
  const QueueCounts counts = queue->counts({});
  ASSERT_EQ(counts.folders.size(), 3u);
  std::map<std::string, uint64_t> named;
  for (const auto& [mark, cards] : counts[Facet::folder]) {
    EXPECT_EQ(queue->folder_name(mark), counts.folders.at(mark));
    named[counts.folders.at(mark)] = cards;
  }
  EXPECT_THAT(named, UnorderedElementsAre(Pair("S1: a", 2), Pair("S1: b", 2), Pair("S2: b", 1)));
  EXPECT_EQ(queue_of(case_)->counts({}).folders, counts.folders);
  for (const auto& [mark, name] : counts.folders) {
    if (name == "S2: b") {
      EXPECT_THAT(all(*queue, filter_of({{"folder", mark}})), ElementsAre(test_id(0)));
    }
  }
  EXPECT_FALSE(queue->folder_name("S2: b"));
  EXPECT_THAT(all(*queue, filter_of({{"folder", "nowhere"}})), IsEmpty());
}

TEST_F(Queue, CountsTheFoldersOfMostCardsAndThoseAskedFor) {
  for (size_t i = 0; i < 2 * kMaxFolderCounts; ++i) {
    const std::string path = "many/" + std::to_string(i) + "/";
    case_.add({.path = path + "a.jpg"});
    if (i % 2 == 1) case_.add({.path = path + "b.jpg"});
  }
  const auto queue = queue_of(case_);
  const QueueCounts counts = queue->counts({});
  EXPECT_EQ(counts[Facet::folder].size(), kMaxFolderCounts);
  EXPECT_THAT(counts[Facet::folder], ::testing::Each(Pair(::testing::_, ::testing::Ge(2u))));
}

TEST_F(Queue, FindsTextsInPathsAndTheBeginningsOfIds) {
  const auto queue = queue_of(case_);
  const auto found = [&](std::string_view text) {
    const std::string mark = queue->keep_search(text);
    return all(*queue, filter_of({{"search", mark}}));
  };
  EXPECT_THAT(found("EARLY"), ElementsAre(test_id(4)));
  EXPECT_THAT(found("B/"), ElementsAre(test_id(0), test_id(4), test_id(3)));
  EXPECT_THAT(found("a/Lead.jpg"), ElementsAre(test_id(0)));
  EXPECT_THAT(found("b/lead.jpg"), IsEmpty());
  EXPECT_THAT(found("/fir"), ElementsAre(test_id(0)));
  EXPECT_THAT(found("a/n"), ElementsAre(test_id(7)));
  const std::string id = to_hex(test_id(3).value);
  EXPECT_THAT(found(id), ElementsAre(test_id(3)));
  EXPECT_THAT(found(id.substr(0, 9)), ElementsAre(test_id(3)));
  EXPECT_THAT(found(id.substr(0, 7)), IsEmpty()) << "too short to mean an id";
  EXPECT_EQ(queue->keep_search("Lead"), queue->keep_search("lEAD"));
  EXPECT_THAT(all(*queue, filter_of({{"search", "0123456789abcdef"}})), IsEmpty());
}

TEST_F(Queue, ForgetsTheTextsThatWereLongestUnused) {
  const auto queue = queue_of(case_);
  const std::string first = queue->keep_search("lead");
  const std::string second = queue->keep_search("low");
  EXPECT_EQ(all(*queue, filter_of({{"search", first}})).size(), 1u);
  for (size_t i = 1; i < 1000; ++i) queue->keep_search("text " + std::to_string(i));
  EXPECT_EQ(all(*queue, filter_of({{"search", first}, {"known", "shown"}})).size(), 1u);
  EXPECT_THAT(all(*queue, filter_of({{"search", second}, {"known", "shown"}})), IsEmpty());
}

TEST_F(Queue, TakesSizesAndDaysInclusively) {
  case_.items[3].size_bytes = 999;
  case_.items[4].size_bytes = std::nullopt;
  case_.items[3].modified_ns = 10 * kDayNs;
  case_.items[4].modified_ns = 11 * kDayNs - 1;
  case_.items[7].modified_ns = 11 * kDayNs;
  const auto queue = queue_of(case_);
  EXPECT_THAT(all(*queue, filter_of({{"size_max", "999"}})), ElementsAre(test_id(3)));
  EXPECT_THAT(all(*queue, filter_of({{"size_min", "1000"}})), ElementsAre(test_id(0), test_id(7)));
  EXPECT_THAT(all(*queue, filter_of({{"after", "1970-01-11"}, {"before", "1970-01-11"}})),
              ElementsAre(test_id(4), test_id(3)));
  EXPECT_THAT(all(*queue, filter_of({{"after", "1970-01-12"}})), ElementsAre(test_id(7)));
}

TEST_F(Queue, AnItemWhoseLeaderIsNoneStandsForItself) {
  case_.items[1].shown_with = 77;
  case_.items[2].shown_with = 4;
  case_.items[4].shown_with = 3;
  const auto queue = queue_of(case_);
  EXPECT_THAT(all(*queue, {}),
              ElementsAre(test_id(2), test_id(1), test_id(0), test_id(3), test_id(7)));
}

TEST_F(Queue, IsChartedInItems) {
  case_.items[0].lists = {{"charts", "1", Disposition::review}, {"other", "2", Disposition::known}};
  case_.items[1].lists = {{"charts", "1", Disposition::review}};
  case_.items[0].grades = 1U << 1 | 1U << 4;
  case_.items[0].modified_ns = 45 * kDayNs;
  case_.items[1].modified_ns = -1;
  case_.items[2].modified_ns = -20 * kDayNs;
  const auto queue = queue_of(case_);
  queue->apply(case_.decide("ada", "1", {test_id(0), test_id(1), test_id(3)}));
  queue->apply(case_.decide("bo", "1", {test_id(1)}));
  const QueueCharts charts = queue->charts();
  EXPECT_THAT(charts.by_class,
              UnorderedElementsAre(Pair("review", 3), Pair("unmatched", 2), Pair("ordinary", 1),
                                   Pair("known", 1), Pair("unranked", 1)));
  EXPECT_THAT(charts.by_type,
              UnorderedElementsAre(Pair("jpeg", 6), Pair("png", 1), Pair("ico", 1)));
  EXPECT_THAT(charts.by_grade, UnorderedElementsAre(Pair("none", 7), Pair("verified", 1)));
  EXPECT_THAT(charts.by_list,
              UnorderedElementsAre(Pair(Pair("charts", "1"), 2), Pair(Pair("other", "2"), 1)));
  EXPECT_THAT(charts.by_month, ElementsAre(Pair("1969-12", 2), Pair("1970-02", 1)));
  EXPECT_THAT(charts.decided_by_day, ElementsAre(Pair("1970-01-01", 3)));
  EXPECT_EQ(charts.left, 3u) << "the group has an item that is open";
  EXPECT_EQ(charts.version, queue->version());
}

TEST_F(Queue, IsReadAgainWhereTheCaseChanged) {
  const auto queue = queue_of(case_);
  queue->apply(case_.decide("ada", "1", {test_id(3)}));
  EXPECT_FALSE(queue->reload()) << "acts alone";
  const uint64_t before = queue->version();
  const size_t added = case_.add({.path = "c/more.jpg", .rank_class = "resembles_known"});
  const auto& late = case_.decide("bo", "1", {test_id(added)});
  EXPECT_TRUE(queue->reload());
  EXPECT_GT(queue->version(), before);
  EXPECT_LE(queue->version(), case_.version) << "so that it rises over restarts";
  EXPECT_EQ(queue->last_act(), 2u) << "with what nobody had applied yet";
  const QueuePage page = queue->page({}, 0, 10);
  EXPECT_EQ(page.cards.front().item, test_id(added));
  EXPECT_EQ(page.cards.front().decision.decided()->person, "bo");
  EXPECT_THAT(all(*queue, filter_of({{"state", "decided"}})),
              ElementsAre(test_id(added), test_id(3)));
  EXPECT_THAT(queue->apply(late), ElementsAre(test_id(added)));
  EXPECT_FALSE(queue->reload());
}

TEST_F(Queue, OfNothingIsEmpty) {
  const TestCase nothing;
  const auto queue = queue_of(nothing);
  EXPECT_EQ(queue->page({}, 0, 10).total, 0u);
  EXPECT_TRUE(queue->counts({})[Facet::type].empty());
  EXPECT_EQ(queue->charts().left, 0u);
  EXPECT_FALSE(queue->card(test_id(0)));
}

TEST_F(Queue, AnswersManyWhileOneChangesIt) {
  const auto queue = queue_of(case_);
  std::vector<casefile::StoredAct> acts;
  for (int i = 0; i < 200; ++i)
    acts.push_back(case_.decide("ada", i % 2 == 0 ? "1" : "", {test_id(3)}));
  case_.add({.path = "c/more.jpg"});
  std::atomic<bool> is_done = false;
  const auto ask = [&] {
    const QueueFilter open = filter_of({{"state", "open"}});
    uint64_t last = 0;
    while (!is_done) {
      const QueuePage page = queue->page(open, 0, 10);
      EXPECT_GE(page.version, last);
      EXPECT_EQ(page.total, page.cards.size());
      EXPECT_LE(queue->counts(open)[Facet::state].at("open"), 5u);
      last = page.version;
    }
  };
  std::thread first(ask);
  std::thread second(ask);
  std::thread loader([&] { EXPECT_TRUE(queue->reload()); });
  for (const casefile::StoredAct& act : acts) queue->apply(act);
  loader.join();
  is_done = true;
  first.join();
  second.join();
  EXPECT_EQ(queue->last_act(), 200u);
  EXPECT_EQ(queue->page(filter_of({{"state", "open"}}), 0, 10).total, 5u);
}

}  // namespace
}  // namespace safelight::serve
