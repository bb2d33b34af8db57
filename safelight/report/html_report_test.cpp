#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "safelight/base/base64.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/report/internal/sample_report.h"
#include "safelight/report/internal/text.h"
#include "safelight/report/report.h"

namespace safelight::report {
namespace {

using testing::HasSubstr;
using testing::Not;

class HtmlReport : public sample::Case {
 protected:
  std::string written(uint64_t max_items = kMaxHtmlItems) {
    write_html({*reader_, *acts_, review_, 1'700'000'000'000'000'000, "0.1.0"}, file_, max_items);
    return sample::read_file(file_);
  }
};

/// What stands between `begin` and the next `end`.
std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  const size_t start = from + begin.size();
  return text.substr(start, text.find(end, start) - start);
}

nlohmann::json data_of(const std::string& html) {
  return nlohmann::json::parse(between(html, "id=\"data\">", "</script>"));
}

std::string hash_of(const std::string& text) {
  return "sha256-" + base64(sha256_of(std::as_bytes(std::span(text))).bytes, Padding::keep);
}

TEST_F(HtmlReport, NamesItsOwnScriptAndStyleByHashAndAllowsNothingElse) {
  const std::string html = written();
  const std::string policy = between(html, "Content-Security-Policy\" content=\"", "\">");
  EXPECT_EQ(policy, "default-src 'none'; style-src '" +
                        hash_of(between(html, "<style>", "</style>")) + "'; script-src '" +
                        hash_of(between(html, "<script>", "</script>")) +
                        "'; base-uri 'none'; form-action 'none'");
}

TEST_F(HtmlReport, AsksForNothingFromOutsideAndHoldsNoPicture) {
  const std::string html = written();
  for (const std::string_view attribute : {"src=\"", "href=\""}) {
    for (size_t at = 0; (at = html.find(attribute, at)) != std::string::npos; ++at) {
      EXPECT_EQ(html[at + attribute.size()], '#') << html.substr(at, 60);
    }
  }
  EXPECT_THAT(html, Not(HasSubstr("http:")));
  EXPECT_THAT(html, Not(HasSubstr("https:")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, Not(HasSubstr(" style=")));
}

TEST_F(HtmlReport, NoTextOfTheCaseIsTakenForMarkup) {
  const std::string html = written();
  EXPECT_THAT(html, HasSubstr("&lt;Examiner&gt;"));
  EXPECT_THAT(html, HasSubstr("&lt;/script&gt;&lt;b&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<b>\"")));
  EXPECT_THAT(html, Not(HasSubstr("alert(1)</script>")));
  // One block of data and one script, and no more.
  size_t ends = 0;
  for (size_t at = 0; (at = html.find("</script", at)) != std::string::npos; ++at) ++ends;
  EXPECT_EQ(ends, 2u);
  const auto data = data_of(html);
  ASSERT_EQ(data["items"].size(), sample::kItems);
  size_t found = 0;
  for (const auto& row : data["items"]) found += row[1] == sample::kAlike;
  EXPECT_EQ(found, 1u);
  EXPECT_THAT(data["tables"]["statements"],
              testing::Contains("It says </script><script>alert(1)</script>."));
}

TEST_F(HtmlReport, RowsHaveTheValuesThatTheScriptNames) {
  const std::string html = written();
  const auto data = data_of(html);
  const std::string names = between(html, "const ID = 0", ";");
  EXPECT_THAT(names, HasSubstr("REVIEW = 27"));
  for (const auto& row : data["items"]) {
    ASSERT_EQ(row.size(), 28u);
    if (row[1] != sample::kPlain) continue;
    EXPECT_EQ(data["tables"]["formats"][row[5].get<size_t>()], "jpeg");
    EXPECT_EQ(row[7], 100);
    EXPECT_EQ(row[10], base64(std::vector<uint8_t>(32, 0x11), Padding::drop));
    EXPECT_EQ(row[13][0][1], 90);
    EXPECT_EQ(row[14][0], "u---l");
    EXPECT_EQ(row[14][1], 1'700'000'000'250);
    EXPECT_EQ(data["tables"]["lists"][row[17][0][0].get<size_t>()], "charts");
    EXPECT_EQ(row[17][0][2], 3);
    EXPECT_EQ(row[18].size(), 2u);
    EXPECT_EQ(row[18][1][0], 2);
    EXPECT_EQ(row[22], 1);
    EXPECT_EQ(data["tables"]["classes"][row[23].get<size_t>()], "resembles_known");
    ASSERT_EQ(row[24].size(), 1u);
    EXPECT_THAT(data["tables"]["reasons"][row[24][0].get<size_t>()], HasSubstr("12 bits"));
    EXPECT_EQ(row[25], 0);
  }
  ASSERT_EQ(data["groups"].size(), 2u);
  EXPECT_EQ(data["groups"][0][1], 0);
  EXPECT_EQ(data["groups"][0][2], 2);
  EXPECT_EQ(data["groups"][0][3], 9);
  EXPECT_EQ(data["groups"][1][1], 1);
}

TEST_F(HtmlReport, CountsTheClassesOfTheOrderAndWhatIsLeftToLookAt) {
  for (const uint32_t rank : {3u, 4u}) {
    review_.places[sample::at_rank(review_, rank)].rank_class = triage::RankClass::not_examined;
  }
  review_.places[sample::at_rank(review_, 4)].shown_with = sample::at_rank(review_, 3);
  const std::string html = written();
  EXPECT_THAT(html, HasSubstr("data-show=\"class\" data-value=\"resembles_known\">1<"));
  EXPECT_THAT(html, HasSubstr("data-show=\"class\" data-value=\"not_examined\">2<"));
  EXPECT_THAT(html, HasSubstr("data-value=\"not_examined\" data-leads=\"1\">1<"));
  for (const auto& row : data_of(html)["items"]) EXPECT_EQ(row[25], row[22] == 4 ? 3 : 0);
}

TEST_F(HtmlReport, SaysHowManyFilesAHumanNeedNotOpenAndWhy) {
  std::string html = written();
  EXPECT_THAT(html, HasSubstr("A human need not open <b>0</b> of 4 files; <b>4</b> are left to "
                              "review."));
  review_.places[sample::at_rank(review_, 4)].rank_class = triage::RankClass::ordinary;
  review_.places[sample::at_rank(review_, 3)].rank_class = triage::RankClass::known;
  review_.places[sample::at_rank(review_, 2)].shown_with = sample::at_rank(review_, 1);
  html = written();
  EXPECT_THAT(html, HasSubstr("need not open <b>3</b> of 4 files; <b>1</b> is left to review."));
  EXPECT_THAT(html, HasSubstr("(same group)</td><td class=\"n\">1<"));
  EXPECT_THAT(html, HasSubstr("not in the sample that is checked</td><td class=\"n\">1<"));
  EXPECT_THAT(html, HasSubstr("by SHA-1 or SHA-256</td><td class=\"n\">1<"));
  EXPECT_THAT(html, HasSubstr("<tr><td>S1 .</td><td class=\"n\">1</td>"));
}

TEST_F(HtmlReport, SaysInWordsWhatWasExaminedAndWhyNot) {
  const std::string html = written();
  EXPECT_THAT(html, HasSubstr("<b>3</b> examined in full, <b>0</b> in part, <b>1</b> not."));
  EXPECT_THAT(html, HasSubstr("Compared with 2 lists of 30 entries."));
  EXPECT_THAT(html,
              HasSubstr("<rect class=\"full\" x=\"0\" y=\"0\" height=\"10\" width=\"10000\"/>"
                        "<rect class=\"none\" x=\"7500\" y=\"0\" height=\"10\" width=\"2500\"/>"));
  EXPECT_THAT(html, HasSubstr("The medium or the system would not give the bytes."));
}

TEST_F(HtmlReport, ALargeCaseShowsWhatMattersFirstAndSaysWhatIsLeftOut) {
  std::string html = written(2);
  EXPECT_THAT(html, HasSubstr("2 items are left out below"));
  auto items = data_of(html)["items"];
  ASSERT_EQ(items.size(), 2u);
  std::vector<std::string> paths;
  for (const auto& row : items) paths.push_back(row[1]);
  EXPECT_THAT(paths, testing::UnorderedElementsAre(sample::kPlain, sample::kAlike));
  html = written(3);
  EXPECT_EQ(data_of(html)["items"].size(), 3u);
  EXPECT_THAT(html, HasSubstr("1 item is left out below"));
  EXPECT_THAT(written(4), Not(HasSubstr("left out below")));
}

TEST_F(HtmlReport, NoIdStandsTwiceAndEachThatTheScriptAsksForIsThere) {
  const std::string html = written();
  const std::string markup = html.substr(0, html.find("<script"));
  std::set<std::string> ids;
  for (size_t at = 0; (at = markup.find(" id=\"", at)) != std::string::npos; ++at) {
    const std::string id = between(markup.substr(at), " id=\"", "\"");
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
  const std::string script = between(html, "<script>", "</script>");
  size_t asked = 0;
  for (size_t at = 0; (at = script.find("$('", at)) != std::string::npos; ++at) {
    const std::string id = between(script.substr(at), "$('", "'");
    EXPECT_TRUE(ids.contains(id)) << id;
    ++asked;
  }
  EXPECT_GT(asked, 20u);
}

TEST_F(HtmlReport, NeverCallsAnythingClean) {
  EXPECT_THAT(written(), Not(testing::AnyOf(HasSubstr("clean"), HasSubstr("Clean"))));
}

}  // namespace
}  // namespace safelight::report
