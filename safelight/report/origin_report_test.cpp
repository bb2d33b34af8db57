#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "safelight/report/internal/origin_overview.h"
#include "safelight/report/internal/origin_sample.h"
#include "safelight/report/report.h"

namespace safelight::report {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class OriginReport : public sample::OriginCase {
 protected:
  json written_json() {
    write_json(input(), file_);
    return json::parse(sample::read_file(file_));
  }
  std::string written_html() {
    write_html(input(), file_);
    return sample::read_file(file_);
  }
  json html_data() {
    const std::string html = written_html();
    const size_t begin = html.find("id=\"data\">") + 10;
    return json::parse(html.substr(begin, html.find("</script>", begin) - begin));
  }
  json item_of(const std::string& path) {
    const json report = written_json();
    for (const json& item : report["items"]) {
      if (item["path"] == path) return item;
    }
    return {};
  }
  /// The four fields from origin_scope on, of the item's line, joined by "|".
  std::string csv_of(const std::string& path) {
    write_csv(input(), file_);
    const std::string text = sample::read_file(file_);
    const size_t at = text.find("," + path + ",");
    std::string line = text.substr(at, text.find("\r\n", at) - at);
    for (int field = 0; field < 11; ++field) line.resize(line.rfind(','));
    size_t begin = line.size();
    for (int field = 0; field < 4; ++field) begin = line.rfind(',', begin - 1);
    std::string out = line.substr(begin + 1);
    std::replace(out.begin(), out.end(), ',', '|');
    return out;
  }
};

TEST_F(OriginReport, CsvTellsScopeGradesAndTheStrongestEvidenceOfEach) {
  EXPECT_EQ(csv_of("camera.jpg"), "pixels|declared|declared: camera_metadata|");
  EXPECT_EQ(csv_of("both.jpg"),
            "metadata|verified; declared|declared: camera_metadata|verified: c2pa_source_type");
  EXPECT_EQ(csv_of("first.png"), "metadata|declared||declared: generator_mark");
  EXPECT_EQ(csv_of("forged.jpg"), "pixels|contradicted||");
  EXPECT_EQ(csv_of("plain.jpg"), "metadata|||");
  EXPECT_EQ(csv_of("other.bin"), "none|||");
}

TEST_F(OriginReport, JsonTellsTheSame) {
  const json both = item_of("both.jpg");
  EXPECT_EQ(both["origin_scope"], "metadata");
  EXPECT_EQ(both["origin_grades"], json({"verified", "declared"}));
  EXPECT_EQ(both["camera_evidence"], json({{"grade", "declared"}, {"kind", "camera_metadata"}}));
  EXPECT_EQ(both["synthesis_evidence"]["grade"], "verified");
  const json plain = item_of("plain.jpg");
  EXPECT_EQ(plain["origin_grades"], json::array());
  EXPECT_FALSE(plain.contains("camera_evidence"));
  EXPECT_FALSE(plain.contains("synthesis_evidence"));
}

TEST_F(OriginReport, JsonPutsEvidenceBeforeFactsAndLosesNoRepeatedField) {
  const json camera = item_of("camera.jpg")["findings"];
  EXPECT_EQ(camera[0]["kind"], "camera_metadata");
  EXPECT_EQ(camera[0]["offset"], 12);
  EXPECT_EQ(camera[1]["kind"], "jpeg_structure");
  const json fields = item_of("both.jpg")["findings"][0]["fields"];
  EXPECT_EQ(fields, json::parse(R"([["source_type","compositeWithTrainedAlgorithmicMedia"],
                                    ["list","a"],["list","b"]])"));
}

TEST_F(OriginReport, TheReasonSaysWhatTheEvidenceHasToDoWithThePlace) {
  const json camera = item_of("camera.jpg");
  EXPECT_THAT(camera["reason"], HasSubstr("EXIF declares \"Canon EOS 5D\" (declared: anybody can"));
  const json first = item_of("first.png");
  EXPECT_THAT(first["reason"], HasSubstr("Evidence of synthesis (declared) does not lower it"));
  EXPECT_LT(camera["rank"], first["rank"]);
  EXPECT_LT(item_of("both.jpg")["rank"], 3);
}

TEST_F(OriginReport, JsonCountsItemsByGradeScopeAndSide) {
  const json report = written_json();
  EXPECT_EQ(report["origin"]["items_by_grade"]["declared"], 5);
  EXPECT_EQ(report["origin"]["items_by_grade"]["verified"], 1);
  EXPECT_EQ(report["origin"]["items_by_grade"]["contradicted"], 1);
  EXPECT_EQ(report["origin"]["items_by_grade"]["weak"], 0);
  EXPECT_EQ(report["origin"]["items_by_scope"],
            json({{"none", 1}, {"metadata", 5}, {"pixels", 3}}));
  EXPECT_EQ(report["origin"]["camera"], 2);
  EXPECT_EQ(report["origin"]["synthesis"], 4);
  EXPECT_EQ(report["origin"]["both"], 1);
  EXPECT_EQ(report["origin"]["nothing_found"], 2);
  EXPECT_EQ(report["grades"].size(), kOriginGrades.size());
}

TEST_F(OriginReport, ListsValuesThatDifferentFilesShareAndNotThoseOfOneFileAlone) {
  const json shared = written_json()["shared_values"];
  ASSERT_EQ(shared["values"].size(), 3u);
  EXPECT_EQ(shared["values"][0]["kind"], "lora");
  EXPECT_EQ(shared["values"][0]["value"], "one");
  EXPECT_EQ(shared["values"][1]["value"], "two");
  EXPECT_EQ(shared["values"][2]["kind"], "model");
  for (const json& one : shared["values"]) {
    EXPECT_EQ(one["contents"], 2);
    EXPECT_EQ(one["items"], 3);
    EXPECT_EQ(one["first_ranks"].size(), 3u);
  }
  EXPECT_EQ(shared["left_out"], 0);
  EXPECT_EQ(shared["not_compared"], 0);
}

TEST_F(OriginReport, HtmlShowsGradesWithTheirMeaningWithoutItsScript) {
  const std::string html = written_html();
  for (const Grade grade : kOriginGrades) {
    EXPECT_THAT(html, HasSubstr("<span class=\"tag " + std::string(to_text(grade)) + "\">"));
    EXPECT_THAT(html, HasSubstr(std::string(meaning_of(grade)) + "</td>"));
  }
  EXPECT_THAT(html, HasSubstr("data-show=\"grade\" data-value=\"declared\">5<"));
  EXPECT_THAT(html, HasSubstr("data-show=\"origin\" data-value=\"camera\">2<"));
  EXPECT_THAT(html, HasSubstr("data-show=\"origin\" data-value=\"synthesis\">4<"));
  EXPECT_THAT(html, HasSubstr("in metadata, not in the pixels (--deep): 5; not looked for: 1."));
}

TEST_F(OriginReport, HtmlNamesThePlacesOfWhatSharesAValueAndTakesNoneForMarkup) {
  const std::string html = written_html();
  EXPECT_THAT(html, HasSubstr("<td class=\"mono\">m &lt;1&gt;\\xe2\\x80\\xae</td>"));
  EXPECT_THAT(html, HasSubstr("data-value=\"m &lt;1&gt;\\xe2\\x80\\xae\" data-kind=\"model\">3<"));
  EXPECT_THAT(html, testing::ContainsRegex("No\\. [0-9], [0-9], [0-9]<"));
}

TEST_F(OriginReport, TextsOfTheFileReorderNoPageAndMoveNoTerminal) {
  const std::string html = written_html();
  EXPECT_THAT(html, Not(HasSubstr("\xe2\x80\xae")));
  const json values = html_data()["tables"]["values"];
  EXPECT_THAT(values, testing::Contains("m <1>\\xe2\\x80\\xae"));
  write_csv(input(), file_);
  const std::string csv = sample::read_file(file_);
  EXPECT_THAT(csv, Not(HasSubstr("\x1b")));
  EXPECT_THAT(csv, HasSubstr("\\x1b[1mX"));
}

TEST_F(OriginReport, HtmlRowsHoldWhatTheScriptShows) {
  const json data = html_data();
  const json& tables = data["tables"];
  EXPECT_EQ(tables["grade_order"].size(), kOriginGrades.size());
  EXPECT_EQ(tables["search_words"][0][0], "Origin not looked for.");
  size_t seen = 0;
  for (const json& row : data["items"]) {
    if (row[1] == "both.jpg") {
      ++seen;
      const json& finding = row[16][0];
      EXPECT_EQ(tables["findings"][finding[0].get<size_t>()], "c2pa_source_type");
      EXPECT_EQ(tables["grades"][finding[1].get<size_t>()], "verified");
      EXPECT_EQ(tables["statements"][finding[2].get<size_t>()],
                "The Content Credentials declare the picture.");
      ASSERT_EQ(finding[6].size(), 6u);
      EXPECT_EQ(tables["names"][finding[6][4].get<size_t>()], "list");
      EXPECT_EQ(tables["values"][finding[6][5].get<size_t>()], "b");
      EXPECT_EQ(row[26][0], 1);
      EXPECT_EQ(tables["grades"][row[26][1].get<size_t>()], "declared");
      EXPECT_EQ(tables["grades"][row[26][2].get<size_t>()], "verified");
      const auto reason = [&](size_t at) {
        return tables["reasons"][row[24][at].get<size_t>()].get<std::string>();
      };
      ASSERT_EQ(row[24].size(), 3u);
      EXPECT_THAT(reason(0), Not(HasSubstr("Evidence")));
      EXPECT_THAT(reason(1), testing::StartsWith("Evidence of a camera: "));
      EXPECT_THAT(reason(2), testing::StartsWith("Evidence of synthesis "));
    }
    if (row[1] == "plain.jpg") {
      ++seen;
      EXPECT_EQ(row[26], json({1, 0, 0}));
    }
    if (row[1] == "other.bin") {
      ++seen;
      EXPECT_EQ(row[26], 0);
    }
  }
  EXPECT_EQ(seen, 3u);
}

TEST_F(OriginReport, NoFormatEverCallsAPictureAnOriginal) {
  for (const auto write : {&write_csv, &write_json}) {
    write(input(), file_);
    EXPECT_THAT(sample::read_file(file_), Not(HasSubstr("camera original")));
  }
  EXPECT_THAT(written_html(), Not(HasSubstr("camera original")));
}

TEST_F(OriginReport, SharedValuesKeepToTheirBoundsAndSayWhatIsLeftOut) {
  const RankIndex ranks(review_);
  const auto found = [&](const SharedLimits& limits) {
    SharedValueFinder finder(limits);
    reader_->for_each_item([&](const casefile::StoredItem& stored) { finder.add(stored); });
    return finder.finish(*reader_, ranks);
  };
  const SharedValues one = found({.max_values = 1, .max_ranks = 2});
  ASSERT_EQ(one.values.size(), 1u);
  EXPECT_EQ(one.left_out, 2u);
  EXPECT_EQ(one.values[0].ranks.size(), 2u);
  const SharedValues all = found({});
  EXPECT_THAT(all.values[0].ranks,
              ElementsAre(one.values[0].ranks[0], one.values[0].ranks[1], testing::Gt(0u)));
  // Three items carry four values each.
  EXPECT_EQ(found({.max_compared = 5}).not_compared, 7u);
  EXPECT_EQ(found({.max_compared = 12}).not_compared, 0u);
}

TEST_F(OriginReport, EquallySharedValuesAreKeptByTheSameRuleWhateverTheBound) {
  const RankIndex ranks(review_);
  const auto found = [&](size_t max_values) {
    SharedValueFinder finder({.max_values = max_values});
    reader_->for_each_item([&](const casefile::StoredItem& stored) { finder.add(stored); });
    return finder.finish(*reader_, ranks).values;
  };
  const auto all = found(500);
  for (const SharedValue& one : found(2)) EXPECT_THAT(all, testing::Contains(one));
  EXPECT_EQ(found(0).size(), 0u);
}

}  // namespace
}  // namespace safelight::report
