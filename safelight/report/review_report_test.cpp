#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "safelight/casefile/act_writer.h"
#include "safelight/report/internal/review_record.h"
#include "safelight/report/internal/sample_report.h"

namespace safelight::report {
namespace {

using casefile::ActKind;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kFormula = "=cmd|'/c calc'!A0";
constexpr const char* kUnread = "un\xffread.png";
constexpr int64_t kSecond = 1'000'000'000;

class Ticking final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return now_ns_ += kSecond; }

 private:
  mutable int64_t now_ns_ = 1'700'000'000 * kSecond;
};

/// The sample case before anybody reviewed it, and what the reports of it say.
class ReviewReport : public sample::Case {
 protected:
  ReportInput input() { return {*reader_, *acts_, review_, 1'700'000'000 * kSecond, "0.1.0"}; }
  json written_json() {
    write_json(input(), file_);
    return json::parse(sample::read_file(file_));
  }
  std::string written_html() {
    write_html(input(), file_);
    return sample::read_file(file_);
  }
  static json data_of(const std::string& html) {
    const size_t begin = html.find("id=\"data\">") + 10;
    return json::parse(html.substr(begin, html.find("</script>", begin) - begin));
  }
  static json item_of(const json& report, const std::string& path) {
    for (const json& item : report["items"]) {
      if (item["path"] == path) return item;
    }
    return {};
  }
  /// The ten columns about the review, of the item whose line holds `part`.
  std::string csv_of(const std::string& part) {
    write_csv(input(), file_);
    const std::string text = sample::read_file(file_);
    const size_t end = text.find("\r\n", text.find(part));
    size_t begin = end;
    for (int column = 0; column < 10; ++column) begin = text.rfind(',', begin - 1);
    return text.substr(begin + 1, end - begin - 1);
  }
};

/// The same, after two persons did something with it.
class Reviewed : public ReviewReport {
 protected:
  Reviewed() {
    auto writer = casefile::ActWriter::open(folder_ / "case", clock_, log_);
    const auto act = [&](ActKind kind, const std::string& person, const std::string& value,
                         const char* path, const std::string& text = "") {
      return writer.act({kind, person, value, text, {}}, std::array{id_of(path)});
    };
    Scheme scheme{"House",
                  {{"1", "1", "First", "", "red", true, true},
                   {"2", "2", "Second <b>", "", "blue", false, false},
                   {"3", "3", "Third", "", "grey", false, false}}};
    writer.set(kSchemeSetting, to_json(scheme), "ada");
    act(ActKind::category, "ada", "1", sample::kPlain);                    // 1
    act(ActKind::category, "bo", "1", sample::kPlain);                     // 2
    act(ActKind::flag, "bo", "urgent", sample::kPlain);                    // 3
    act(ActKind::note, "bo", "", sample::kPlain, "</script>\nsee \"A\"");  // 4
    act(ActKind::category, "ada", "2", sample::kAlike);                    // 5
    act(ActKind::category, "bo", "of old", sample::kAlike);                // 6
    act(ActKind::category, "ada", "2", sample::kAlike);                    // 7
    act(ActKind::pass_on, "ada", "", kUnread);                             // 8
    const uint64_t undone = act(ActKind::note, "ada", "", kUnread, "gone");
    writer.act({ActKind::undo, "ada", "", "", undone}, {});
    const ItemId plain = id_of(sample::kPlain);
    writer.expose({plain, "cleo", "grey", 5 * kSecond, 1'250, ""});
    writer.expose({plain, "bo", "colour", 9 * kSecond, 40'000, ""});
    writer.expose({plain, "bo", "grey", 20 * kSecond, 0, ""});
    acts_ = std::make_unique<casefile::ActReader>(casefile::ActReader::open(folder_ / "case"));
  }

  static ItemId id_of(const std::string& name) { return sample::item(name).id; }

  const Ticking clock_;
  sample::NoLog log_;
};

TEST_F(ReviewReport, ACaseWithoutActsSaysThatItsReviewHasNotBegun) {
  const json report = written_json();
  EXPECT_EQ(report["review"], json({{"state", "not_begun"}}));
  for (const json& item : report["items"]) {
    for (const char* key : {"decision", "flags", "notes", "passed_on", "shown"}) {
      EXPECT_FALSE(item.contains(key)) << key;
    }
  }
  EXPECT_EQ(csv_of(sample::kAlike), "not_begun,,,,,,,,,");
  const std::string html = written_html();
  EXPECT_THAT(html, HasSubstr("Review not begun."));
  EXPECT_THAT(html, Not(HasSubstr(" decided by people")));
  EXPECT_THAT(html, Not(HasSubstr(">Decision</button>")));
  EXPECT_EQ(data_of(html)["tables"]["review_begun"], false);
}

TEST_F(ReviewReport, NorHasThatOfACaseOfAVersionWithoutActs) {
  std::filesystem::create_directory(folder_ / "old");
  std::filesystem::copy_file("testdata/compat/case_v2/case.db", folder_ / "old" / "case.db");
  const ReviewRecord record(casefile::ActReader::open(folder_ / "old"));
  EXPECT_FALSE(record.has_begun());
  EXPECT_EQ(record.of(sample::item(kUnread).id).state, DecisionState::not_begun);
}

TEST_F(ReviewReport, BeingShownSomethingOrSayingSomethingBeginsIt) {
  sample::NoLog log;
  const Ticking clock;
  auto writer = casefile::ActWriter::open(folder_ / "case", clock, log);
  writer.expose({sample::item(kUnread).id, "ada", "grey", kSecond, 100, ""});
  EXPECT_EQ(csv_of("un\\xffread.png"), "undecided,,,,,,0,no,1,0.1");
  EXPECT_EQ(csv_of(sample::kAlike), "undecided,,,,,,0,no,0,0");
  const json review = written_json()["review"];
  EXPECT_EQ(review["scheme"]["name"], default_scheme().name);
  EXPECT_EQ(review["decided"], 0);
  EXPECT_EQ(review["undecided"], 4);
}

TEST_F(Reviewed, JsonTellsWhatEachItemWasDecidedToBeByWhomAndWhen) {
  const json report = written_json();
  const json plain = item_of(report, sample::kPlain);
  EXPECT_EQ(plain["decision"], json::parse(R"({"category":"1","name":"First","by":"bo",
    "at":"2023-11-14T22:13:23Z","agreeing":["ada","bo"],"settled":false,"second_look":"done",
    "conflict":false})"));
  EXPECT_EQ(plain["flags"], json({"urgent"}));
  EXPECT_EQ(plain["notes"].size(), 1u);
  EXPECT_EQ(plain["notes"][0]["text"], "</script>\nsee \"A\"");
  EXPECT_EQ(plain["notes"][0]["by"], "bo");
  EXPECT_FALSE(plain.contains("passed_on"));

  const json alike = item_of(report, sample::kAlike);
  EXPECT_EQ(alike["decision"]["category"], "2");
  EXPECT_EQ(alike["decision"]["agreeing"], json({"ada"}));
  EXPECT_EQ(alike["decision"]["conflict"], true);
  EXPECT_FALSE(alike["decision"].contains("second_look"));
  ASSERT_EQ(alike["decision"]["others"].size(), 1u);
  EXPECT_EQ(alike["decision"]["others"][0]["category"], "of old");
  EXPECT_FALSE(alike["decision"]["others"][0].contains("name"));
  EXPECT_EQ(alike["decision"]["others"][0]["by"], "bo");

  const json unread = item_of(report, "un\\xffread.png");
  EXPECT_TRUE(unread["decision"].is_null());
  EXPECT_EQ(unread["passed_on"], true);
  EXPECT_FALSE(unread.contains("notes")) << "what is undone does not stand";
}

TEST_F(Reviewed, JsonTellsHowOftenAndForHowLongButNeverWhoWasShownAnItem) {
  const json report = written_json();
  EXPECT_EQ(item_of(report, sample::kPlain)["shown"], json::parse(R"({"reveals":3,"seconds":41.25,
    "of_unknown_length":1,"renditions":{"grey":2,"colour":1},"first":"1970-01-01T00:00:05Z",
    "last":"1970-01-01T00:00:20Z","people":2})"));
  EXPECT_TRUE(item_of(report, kFormula)["shown"].is_null());
  for (const std::string& text : {report.dump(), written_html()}) {
    EXPECT_THAT(text, Not(HasSubstr("cleo")));
  }
  EXPECT_THAT(csv_of(sample::kPlain), Not(HasSubstr("cleo")));
}

TEST_F(Reviewed, JsonCountsTheCase) {
  const json review = written_json()["review"];
  EXPECT_EQ(review["state"], "begun");
  EXPECT_EQ(review["acts"], 10);
  EXPECT_EQ(review["scheme"]["name"], "House");
  EXPECT_EQ(review["scheme"]["categories"][1]["name"], "Second <b>");
  EXPECT_EQ(review["decided"], 2);
  EXPECT_EQ(review["undecided"], 2);
  EXPECT_EQ(review["undecided_to_review"], 2);
  EXPECT_EQ(review["conflicts"], 1);
  EXPECT_EQ(review["second_look_done"], 1);
  EXPECT_EQ(review["second_look_wanted"], 0);
  EXPECT_EQ(review["passed_on"], 1);
  EXPECT_EQ(review["with_notes"], 1);
  EXPECT_EQ(review["by_flag"], json({{"urgent", 1}}));
  ASSERT_EQ(review["by_category"].size(), 4u);
  EXPECT_EQ(review["by_category"][0]["items"], 1);
  EXPECT_EQ(review["by_category"][1]["conflicts"], 1);
  EXPECT_EQ(review["by_category"][2]["items"], 0);
  EXPECT_EQ(review["by_category"][3]["category"], "of old");
  EXPECT_EQ(review["by_category"][3]["items"], 0);
  EXPECT_EQ(review["shown"], json::parse(R"({"items":1,"reveals":3,"seconds":41.25,
    "of_unknown_length":1,"people":2,"gallery_floor":"grey"})"));
}

TEST_F(Reviewed, CsvTellsTheSame) {
  EXPECT_EQ(csv_of("\"plain "), "decided,1,First,bo,2023-11-14T22:13:23Z,urgent,1,no,3,41.25");
  EXPECT_EQ(csv_of(sample::kAlike), "conflict,2,Second <b>,ada,2023-11-14T22:13:28Z,,0,yes,0,0");
  EXPECT_EQ(csv_of("un\\xffread.png"), "undecided,,,,,,0,no,0,0");
}

TEST_F(Reviewed, WhatWantsASecondLookIsNotDecidedYet) {
  auto writer = casefile::ActWriter::open(folder_ / "case", clock_, log_);
  writer.act({ActKind::category, "ada", "1", "", {}}, std::array{id_of(kFormula)});
  EXPECT_EQ(csv_of(kFormula), "second_look_wanted,1,First,ada,2023-11-14T22:13:35Z,,0,no,0,0");
  const json report = written_json();
  EXPECT_EQ(item_of(report, kFormula)["decision"]["second_look"], "wanted");
  EXPECT_EQ(report["review"]["second_look_wanted"], 1);
  EXPECT_EQ(report["review"]["by_category"][0]["second_look_wanted"], 1);
}

TEST_F(Reviewed, WhatIsSettledIsSaidToBe) {
  auto writer = casefile::ActWriter::open(folder_ / "case", clock_, log_);
  writer.act({ActKind::settle, "dee", "3", "", {}}, std::array{id_of(sample::kAlike)});
  const json report = written_json();
  const json decision = item_of(report, sample::kAlike)["decision"];
  EXPECT_EQ(decision["category"], "3");
  EXPECT_EQ(decision["settled"], true);
  EXPECT_EQ(decision["conflict"], false);
  EXPECT_EQ(report["review"]["conflicts"], 0);
  EXPECT_EQ(report["review"]["settled"], 1);
}

TEST_F(Reviewed, HtmlCountsByCategoryAndSaysWhatIsUndecidedAndWhatWasShown) {
  const std::string html = written_html();
  EXPECT_THAT(html, HasSubstr("<b>2</b> of 4 items decided by people; <b>2</b> undecided, of which "
                              "<b>2</b> are left to look at, each itself."));
  EXPECT_THAT(html, HasSubstr("<span class=\"tag c-red\">First</span></td><td>1</td>"));
  EXPECT_THAT(html, HasSubstr("Second &lt;b&gt;"));
  EXPECT_THAT(html, HasSubstr("data-show=\"decision\" data-value=\"undecided\">2<"));
  EXPECT_THAT(html, HasSubstr("data-show=\"decision\" data-value=\"conflict\">1<"));
  EXPECT_THAT(html,
              HasSubstr("<b>1</b> item was opened by <b>2</b> people, 3 times, for 41.3 seconds "
                        "in all; for how long is not known of 1 time."));
  EXPECT_THAT(html, HasSubstr("data-show=\"opened\" data-value=\"no\">3<"));
  EXPECT_THAT(html, HasSubstr("<option value=\"1\">2 Second &lt;b&gt;</option>"));
}

TEST_F(Reviewed, HtmlRowsHoldDecisionNotesAndWhatWasShown) {
  const std::string html = written_html();
  size_t ends = 0;
  for (size_t at = 0; (at = html.find("</script", at)) != std::string::npos; ++at) ++ends;
  EXPECT_EQ(ends, 2u) << "no note is taken for markup";
  const json data = data_of(html);
  const json& tables = data["tables"];
  EXPECT_EQ(tables["review_begun"], true);
  EXPECT_EQ(tables["categories"][0], json({"1", "First", "red"}));
  EXPECT_EQ(tables["categories"][3], json({"of old", "", "grey"}));
  for (const json& row : data["items"]) {
    const json& review = row[27];
    if (row[1] == sample::kPlain) {
      EXPECT_EQ(review[0], 0);
      EXPECT_EQ(tables["persons"][review[1].get<size_t>()], "bo");
      EXPECT_EQ(review[2], 1'700'000'003'000);
      EXPECT_EQ(review[3], 8);
      EXPECT_EQ(tables["persons"][review[4][0][1].get<size_t>()], "ada");
      EXPECT_EQ(tables["flags"][review[5][0].get<size_t>()], "urgent");
      EXPECT_EQ(review[6][0][0], "</script>\nsee \"A\"");
      EXPECT_EQ(review[7], json({3, 41250, 1, 2, 5000, 20000, {2, 1}}));
    } else if (row[1] == sample::kAlike) {
      EXPECT_EQ(review[0], 1);
      EXPECT_EQ(review[3], 1);
      EXPECT_EQ(review[4][0][0], 3);
      EXPECT_EQ(review[7], 0);
    } else if (row[1] == kFormula) {
      EXPECT_EQ(review, 0);
    } else {
      EXPECT_EQ(review[0], -1);
      EXPECT_EQ(review[3], 16);
    }
  }
}

TEST(SecondsText, IsExact) {
  EXPECT_EQ(seconds_text(0), "0");
  EXPECT_EQ(seconds_text(1), "0.001");
  EXPECT_EQ(seconds_text(1'500), "1.5");
  EXPECT_EQ(seconds_text(90'000), "90");
}

}  // namespace
}  // namespace safelight::report
