#include "safelight/casefile/act.h"

#include <array>
#include <gmock/gmock.h>
#include <stdexcept>
#include <thread>

#include "safelight/base/fault.h"
#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/act_writer.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"
#include "safelight/database/connection.h"

namespace safelight::casefile {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ItemId item(uint64_t number) { return sample::item(number, 0).id; }

class Acts : public testing::Test {
 protected:
  Acts() { sample::make_case(directory_, 20); }

  ActWriter writer() { return ActWriter::open(directory_, clock_, log_); }
  [[nodiscard]] ActReader reader() const { return ActReader::open(directory_); }
  [[nodiscard]] std::vector<StoredAct> acts(uint64_t after = 0) const {
    std::vector<StoredAct> out;
    reader().for_each_act(after, [&](const StoredAct& act) { out.push_back(act); });
    return out;
  }
  void expect_verifies() const {
    const Verification verification = verify_case(directory_, {});
    EXPECT_FALSE(verification.mismatch) << verification.mismatch->what;
  }

  const sample::Folder folder_;
  const std::filesystem::path directory_ = folder_ / "case";
  const sample::TickingClock clock_;
  sample::KeepingLog log_;
};

TEST_F(Acts, AreReadAsTheyWereWritten) {
  ActWriter out = writer();
  const Act category = {ActKind::category, "ada", "1", "", {}};
  const Act note = {ActKind::note, "bo", "", "look at the background\n\"\xc3\xa9\"", {}};
  const Act undo = {ActKind::undo, "ada", "", "", 1};
  EXPECT_EQ(out.act(category, std::array{item(3), item(5)}), 1u);
  EXPECT_EQ(out.act(note, std::array{item(5)}), 2u);
  EXPECT_EQ(out.act(undo, {}), 3u);
  const auto all = acts();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].act, category);
  EXPECT_THAT(all[0].items, ElementsAre(item(3), item(5)));
  EXPECT_LT(all[0].time_ns, all[1].time_ns);
  EXPECT_EQ(all[1].act, note);
  EXPECT_EQ(all[2].act, undo);
  EXPECT_EQ(acts(2), std::vector{all[2]});
  EXPECT_EQ(reader().find_act(2), all[1]);
  EXPECT_EQ(reader().find_act(4), std::nullopt);
  EXPECT_EQ(reader().acts_of(item(5)), all);
  EXPECT_EQ(reader().acts_of(item(3)), (std::vector{all[0], all[2]})) << "with what undid it";
  EXPECT_THAT(reader().acts_of(item(4)), IsEmpty());
  expect_verifies();
}

TEST_F(Acts, AnExposureIsRecordedAgainWhenItIsOver) {
  ActWriter out = writer();
  const Exposure begun = {item(2), "ada", "grey", 5'000'000'000, 0, "check"};
  const Exposure other = {item(2), "bo", "grey", 5'000'000'000, 0, ""};
  out.expose(begun);
  out.expose(other);
  Exposure over = begun;
  over.shown_ms = 1200;
  out.expose(over);
  std::vector<Exposure> all;
  reader().for_each_exposure([&](const Exposure& exposure) { all.push_back(exposure); });
  EXPECT_EQ(all, (std::vector{other, over}));
  EXPECT_EQ(reader().exposures_of(item(2)), (std::vector{other, over}));
  expect_verifies();
}

TEST_F(Acts, ExposuresAndSettingsAreKept) {
  ActWriter out = writer();
  const Exposure first = {item(2), "ada", "grey", 5'000'000'000, 1200, ""};
  const Exposure second = {item(3), "bo", "colour", 6'000'000'000, 800, "asked by the court"};
  out.expose(first);
  out.expose(second);
  std::vector<Exposure> all;
  reader().for_each_exposure([&](const Exposure& exposure) { all.push_back(exposure); });
  EXPECT_EQ(all, (std::vector{first, second}));
  EXPECT_EQ(reader().exposures_of(item(3)), std::vector{second});

  EXPECT_FALSE(reader().setting("scheme"));
  out.set("scheme", R"({"a":1})", "ada");
  out.set("scheme", R"({"a":2})", "bo");
  out.set("policy", "{}", "bo");
  const auto scheme = reader().setting("scheme");
  ASSERT_TRUE(scheme);
  EXPECT_EQ(scheme->value, R"({"a":2})");
  EXPECT_EQ(scheme->person, "bo");
  expect_verifies();
}

TEST_F(Acts, EachIsOnRecordWithWhoDidItAndFromWhere) {
  ActWriter out = writer();
  out.act({ActKind::flag, "ada", "urgent", "", {}}, std::array{item(3)}, "192.0.2.7");
  out.set("policy", "{}", "ada", "192.0.2.8");
  out.expose({item(2), "bo", "grey", 0, 1200, ""}, "192.0.2.9");
  out.note("report.written", {{"format", "csv"}});
  std::vector<std::string> kinds;
  std::string exposed;
  std::string bodies;
  Reader::open(directory_).for_each_record([&](const audit::Record& record) {
    kinds.push_back(record.kind);
    bodies += record.body;
    if (record.kind == "review.exposed") exposed = record.body;
  });
  ASSERT_GE(kinds.size(), 4u);
  EXPECT_THAT(std::vector(kinds.end() - 4, kinds.end()),
              ElementsAre("review.flag", "review.setting", "review.exposed", "report.written"));
  EXPECT_NE(bodies.find(R"("from":"192.0.2.7")"), std::string::npos);
  EXPECT_NE(bodies.find(R"("from":"192.0.2.8")"), std::string::npos);
  for (const std::string& part :
       {to_hex(item(2).value), std::string("\"bo\""), std::string("\"grey\""),
        std::string("\"1200\""), std::string("\"192.0.2.9\"")}) {
    EXPECT_NE(exposed.find(part), std::string::npos) << part;
  }
}

TEST_F(Acts, WhatRefersToNothingLeavesNoTrace) {
  ActWriter out = writer();
  const auto head = out.head();
  const ItemId stranger = item(12345);
  EXPECT_THROW(out.act({ActKind::flag, "ada", "x", "", {}}, std::array{item(1), stranger}),
               std::invalid_argument);
  EXPECT_THROW(out.act({ActKind::undo, "ada", "", "", 1}, {}), std::invalid_argument);
  EXPECT_THROW(out.act({ActKind::undo, "ada", "", "", 0}, {}), std::invalid_argument);
  EXPECT_THROW(out.expose({stranger, "ada", "grey", 0, 1, ""}), std::invalid_argument);
  EXPECT_EQ(out.head(), head);
  EXPECT_EQ(out.act({ActKind::flag, "ada", "x", "", {}}, std::array{item(1)}), 1u);
  expect_verifies();
}

TEST_F(Acts, ACaseIsReviewedWhileARunWritesToIt) {
  Writer run = Writer::open(directory_, clock_, log_);
  ActWriter out = writer();
  EXPECT_THROW(writer(), Fault) << "one reviews at a time";
  EXPECT_THROW(Writer::open(directory_, clock_, log_), Fault);
  for (uint64_t i = 0; i < 5; ++i) {
    run.commit(sample::batch(20 + 2 * i, 2));
    out.act({ActKind::category, "ada", "2", "", {}}, std::array{item(20 + 2 * i)});
    run.note("x", {});
  }
  EXPECT_EQ(acts().size(), 5u);
  EXPECT_EQ(Reader::open(directory_).summary().items.items, 30u);
  EXPECT_EQ(Reader::open(directory_).head(), run.head());
  expect_verifies();
}

TEST_F(Acts, TwoThreadsThatWriteSideBySideLoseNothing) {
  Writer run = Writer::open(directory_, clock_, log_);
  ActWriter out = writer();
  constexpr uint64_t kTimes = 40;
  std::thread scanning([&] {
    for (uint64_t i = 0; i < kTimes; ++i) run.commit(sample::batch(20 + i, 1));
  });
  for (uint64_t i = 0; i < kTimes; ++i) {
    out.act({ActKind::category, "ada", "2", "", {}}, std::array{item(i % 20)});
  }
  scanning.join();
  EXPECT_EQ(acts().size(), kTimes);
  EXPECT_EQ(Reader::open(directory_).summary().items.items, 20 + kTimes);
  expect_verifies();
}

TEST_F(Acts, ARecordOfAnotherThatDoesNotFitStopsTheWriter) {
  ActWriter out = writer();
  {
    Writer run = Writer::open(directory_, clock_, log_);
    run.note("x", {});
    database::Connection connection = database::Connection::open(
        "case", (directory_ / "case.db").string(), database::Connection::Access::write);
    connection.execute(
        "UPDATE audit SET record = zeroblob(40) WHERE sequence = (SELECT max(sequence) FROM "
        "audit)");
  }
  EXPECT_THROW(out.act({ActKind::flag, "ada", "x", "", {}}, std::array{item(1)}), Fault);
  EXPECT_THAT(acts(), IsEmpty());
}

TEST(ActKindText, IsReadBack) {
  for (int i = 0; i <= static_cast<int>(ActKind::settle); ++i) {
    const auto kind = static_cast<ActKind>(i);
    EXPECT_EQ(act_kind_from_text(to_text(kind)), kind);
  }
  EXPECT_FALSE(act_kind_from_text("other"));
}

}  // namespace
}  // namespace safelight::casefile
