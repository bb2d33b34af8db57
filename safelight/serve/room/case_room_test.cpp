#include "safelight/serve/room/case_room.h"

#include <gmock/gmock.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using casefile::ActKind;
using ::testing::HasSubstr;
using testing::kMinuteNs;
using testing::kSecondNs;

const std::string kFrom = "192.0.2.7";
const Reviewer kAna{"ana", "Ana", kFrom};
const Reviewer kLead{"lead", "Lena", kFrom};

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

/// Notes what it is asked for.
class NotedPictures final : public Pictures {
 public:
  Result<ShownPicture> show(const ItemId& /*item*/, RenditionStyle style,
                            uint32_t max_side) override {
    if (error) return *error;
    asked.emplace_back(style, max_side);
    return ShownPicture{"picture", "image/webp"};
  }
  std::optional<Error> error;
  std::vector<std::pair<RenditionStyle, uint32_t>> asked;
};

class CaseRoomTest : public ::testing::Test {
 protected:
  static constexpr size_t kItems = 3;

  CaseRoomTest() {
    auto writer = casefile::Writer::create(case_, casefile::random_case_id(), {}, clock_, log_);
    const auto source = writer.add_source({casefile::SourceKind::folder, "/evidence", "f", 1});
    casefile::Batch batch;
    for (size_t i = 0; i < kItems; ++i) {
      casefile::Item item;
      item.origin = {source, {{StepKind::directory_entry, 0, 0, std::to_string(i) + ".jpg"}}};
      item.id = {sha256_of(encode(item.origin))};
      items_.push_back(item.id);
      batch.items.push_back(item);
    }
    writer.commit(batch);
    open();
  }

  void open() {
    room_.reset();
    auto pictures = std::make_unique<NotedPictures>();
    pictures_ = pictures.get();
    room_ = std::make_unique<CaseRoom>("case", case_, std::move(pictures), exposure_, random_,
                                       clock_, log_);
    room_->audience().join(stream_, "watcher");
  }

  /// A decision of one person, who has seen all acts up to `seen`.
  auto decide(const std::string& person, size_t item, const std::string& category,
              uint64_t seen = 0, const std::string& id = "") {
    ActRequest request;
    request.items = {items_[item]};
    request.value = category;
    request.seen = seen;
    request.id = id;
    return room_->act(request, {person, person, kFrom});
  }
  uint64_t done(const std::variant<DoneAct, std::vector<ActConflict>, ActRefusal>& outcome) {
    return std::get<DoneAct>(outcome).act;
  }
  std::string category_of(size_t item) {
    const auto decision = room_->queue().decision(items_[item]);
    return decision.decided() == nullptr ? "" : decision.decided()->category;
  }
  std::vector<casefile::Exposure> exposures() {
    std::vector<casefile::Exposure> out;
    const auto held = room_->readers().hold();
    held.acts().for_each_exposure([&](const auto& one) { out.push_back(one); });
    return out;
  }

  testing::TestFolder folder_;
  const std::filesystem::path case_ = folder_.path() / "case";
  testing::SetClock clock_;
  testing::SeededRandom random_;
  NoLog log_;
  ExposureBook exposure_;
  std::vector<ItemId> items_;
  std::shared_ptr<EventStream> stream_ = std::make_shared<EventStream>();
  std::unique_ptr<CaseRoom> room_;
  NotedPictures* pictures_ = nullptr;
};

TEST_F(CaseRoomTest, ADecisionIsInTheCaseAndIsHeard) {
  EXPECT_EQ(done(decide("ana", 0, "4")), 1u);
  EXPECT_EQ(category_of(0), "4");
  const std::string heard = stream_->take().bytes;
  EXPECT_THAT(heard, HasSubstr(R"("by":"ana")"));
  EXPECT_THAT(heard, HasSubstr(to_hex(items_[0].value)));
  EXPECT_THAT(heard, HasSubstr(R"("category":"4")"));
  open();
  EXPECT_EQ(category_of(0), "4");
  EXPECT_FALSE(casefile::verify_case(case_, {}).mismatch);
}

TEST_F(CaseRoomTest, WhoDidNotSeeAnothersDecisionIsToldAndNothingIsOverwritten) {
  const uint64_t first = done(decide("ana", 0, "4"));
  const auto outcome = decide("ben", 0, "5");
  const auto* conflicts = std::get_if<std::vector<ActConflict>>(&outcome);
  ASSERT_NE(conflicts, nullptr);
  ASSERT_EQ(conflicts->size(), 1u);
  EXPECT_EQ(conflicts->front().opinion.person, "ana");
  EXPECT_EQ(category_of(0), "4");
  EXPECT_EQ(done(decide("ben", 0, "4")), first + 1) << "the same is no conflict";
  EXPECT_EQ(done(decide("ben", 0, "5", first)), first + 2);
  EXPECT_TRUE(room_->queue().decision(items_[0]).is_conflict);
}

TEST_F(CaseRoomTest, ARequestThatIsSentAgainIsDoneOnce) {
  EXPECT_EQ(done(decide("ana", 0, "4", 0, "x")), 1u);
  EXPECT_EQ(done(decide("ana", 0, "4", 0, "x")), 1u);
  EXPECT_EQ(done(decide("ben", 1, "4", 0, "x")), 2u) << "ids are each person's own";
  EXPECT_EQ(room_->undo(kAna, "y")->act, 1u);
  EXPECT_EQ(room_->undo(kAna, "y")->act, 1u);
  EXPECT_EQ(room_->undo(kAna), std::nullopt);
  EXPECT_EQ(room_->redo(kAna, "z")->value, "4");
  EXPECT_EQ(room_->queue().last_act(), 4u);
}

TEST_F(CaseRoomTest, RefusesWhatIsNotThere) {
  ActRequest request;
  EXPECT_EQ(std::get<ActRefusal>(room_->act(request, kAna)), ActRefusal::no_items);
  request.items = {ItemId()};
  request.value = "4";
  EXPECT_EQ(std::get<ActRefusal>(room_->act(request, kAna)), ActRefusal::unknown_item);
  EXPECT_EQ(std::get<ActRefusal>(decide("ana", 0, "none")), ActRefusal::unknown_category);
  request.kind = ActKind::note;
  request.items = {items_[0]};
  EXPECT_EQ(std::get<ActRefusal>(room_->act(request, kAna)), ActRefusal::nothing_to_say);
  EXPECT_EQ(room_->queue().last_act(), 0u);
}

TEST_F(CaseRoomTest, WhoLooksAsTheSecondHearsNothingOfTheFirstDecision) {
  ReviewPolicy policy = room_->rules().policy;
  policy.second_look = true;
  room_->set_policy(policy, kLead);
  EXPECT_THAT(stream_->take().bytes, HasSubstr("event: queue"));
  decide("ana", 0, "5");
  const std::string heard = stream_->take().bytes;
  EXPECT_THAT(heard, HasSubstr(R"("category":null)"));
  EXPECT_THAT(heard, HasSubstr(R"("more":true)"));
}

TEST_F(CaseRoomTest, RulesAreKeptInTheCase) {
  Scheme scheme{"Two", {{"a", "1", "One", "", "red", true, false}}};
  room_->set_scheme(scheme, kLead);
  EXPECT_THAT(stream_->take().bytes, HasSubstr("event: queue"));
  open();
  EXPECT_EQ(room_->rules().scheme, scheme);
}

TEST_F(CaseRoomTest, ARevealIsOnRecordBeforeItsPictureLeaves) {
  const auto key = room_->grant(items_[0], kAna, "original", "for court");
  EXPECT_TRUE(exposures().empty());
  ASSERT_TRUE(room_->reveal(key, "ana"));
  EXPECT_EQ(pictures_->asked.back(), std::pair(RenditionStyle::colour, kMaxRenditionSide));
  ASSERT_EQ(exposures().size(), 1u);
  EXPECT_EQ(exposures()[0].reason, "for court");
  EXPECT_EQ(exposures()[0].shown_ms, 0u);
  clock_.advance(3 * kSecondNs);
  EXPECT_TRUE(room_->end_reveal(key, "ana", 2'500));
  ASSERT_EQ(exposures().size(), 1u);
  EXPECT_EQ(exposures()[0].shown_ms, 2'500u);
  EXPECT_EQ(exposure_.today("ana", clock_.now_ns()).shown_ms, 2'500u);
  EXPECT_FALSE(room_->end_reveal(key, "ana", 1));
}

TEST_F(CaseRoomTest, APictureThatCannotBeMadeWasNotShown) {
  pictures_->error = Error{ErrorCode::changed, "item.digest"};
  const auto key = room_->grant(items_[0], kAna, "grey", "");
  EXPECT_EQ(room_->reveal(key, "ana").error().rule, "item.digest");
  EXPECT_EQ(room_->reveal(key, "ana").error().rule, "reveal.none");
  EXPECT_TRUE(exposures().empty());
  EXPECT_EQ(exposure_.today("ana", clock_.now_ns()).reveals, 0u);
}

TEST_F(CaseRoomTest, ARevealOfWhichNothingIsHeardCountsInFull) {
  const auto key = room_->grant(items_[0], kAna, "grey", "");
  ASSERT_TRUE(room_->reveal(key, "ana"));
  clock_.advance(kMinuteNs);
  room_->tick();
  ASSERT_EQ(exposures().size(), 1u);
  EXPECT_EQ(exposures()[0].shown_ms, room_->rules().policy.reveal_max_seconds * 1'000);
}

TEST_F(CaseRoomTest, WhatWasShownBeforeCountsWhenTheCaseIsOpenedAgain) {
  ASSERT_TRUE(room_->reveal(room_->grant(items_[0], kAna, "grey", ""), "ana"));
  clock_.advance(2 * kSecondNs);
  room_->close();
  room_.reset();
  ExposureBook book;
  CaseRoom again("case", case_, std::make_unique<NotedPictures>(), book, random_, clock_, log_);
  EXPECT_EQ(book.today("ana", clock_.now_ns()).reveals, 1u);
  EXPECT_EQ(book.today("ana", clock_.now_ns()).shown_ms, 2'000u);
}

TEST_F(CaseRoomTest, NobodyElseReviewsTheCaseMeanwhile) {
  ExposureBook book;
  EXPECT_THROW(
      CaseRoom("case", case_, std::make_unique<NotedPictures>(), book, random_, clock_, log_),
      Fault);
}

TEST_F(CaseRoomTest, TakesUpWhatAScanWrites) {
  {
    auto writer = casefile::Writer::open(case_, clock_, log_);
    casefile::Item item;
    item.origin = {"S1", {{StepKind::directory_entry, 0, 0, "new.jpg"}}};
    item.id = {sha256_of(encode(item.origin))};
    casefile::Batch batch;
    batch.items.push_back(item);
    writer.commit(batch);
  }
  EXPECT_EQ(room_->queue().items(), kItems);
  room_->tick();
  EXPECT_EQ(room_->queue().items(), kItems + 1);
  EXPECT_THAT(stream_->take().bytes, HasSubstr("event: queue"));
  room_->tick();
  EXPECT_EQ(stream_->take().bytes, "");
}

}  // namespace
}  // namespace safelight::serve
