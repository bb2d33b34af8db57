#include "safelight/report/report.h"

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/writer.h"
#include "safelight/report/internal/sample_report.h"
#include "safelight/report/internal/text.h"

namespace safelight::report {
namespace {

using testing::HasSubstr;

class ReportTest : public sample::Case {
 protected:
  ReportInput input() { return {*reader_, *acts_, review_, 1'700'000'000'500'000'000, "0.1.0"}; }
};

/// The fields of RFC 4180 text, by line.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> lines(1, {""});
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    std::string& field = lines.back().back();
    if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field += '"';
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == ',') {
      lines.back().emplace_back();
    } else if (!quoted && text.compare(i, 2, "\r\n") == 0) {
      lines.push_back({""});
      ++i;
    } else {
      field += text[i];
    }
  }
  lines.pop_back();
  return lines;
}

/// The field of the item at `path` in `column`.
std::string value_of(const std::vector<std::vector<std::string>>& lines, const std::string& path,
                     std::string_view column) {
  const auto at =
      static_cast<size_t>(std::find(lines[0].begin(), lines[0].end(), column) - lines[0].begin());
  for (const auto& line : lines) {
    if (line[2] == path) return line.at(at);
  }
  return "no such item";
}

TEST_F(ReportTest, CsvHasALineForEachItemAndTheDocumentedColumns) {
  write_csv(input(), file_);
  const auto lines = parse_csv(sample::read_file(file_));
  ASSERT_EQ(lines.size(), 1 + sample::kItems);
  const std::string documented = sample::read_file("docs/formats/report_csv.md");
  for (const std::string& column : lines[0]) {
    EXPECT_THAT(documented, HasSubstr("| `" + column + "` |"));
  }
  for (const auto& line : lines) ASSERT_EQ(line.size(), lines[0].size());
}

TEST_F(ReportTest, CsvShowsWhatTheCaseHolds) {
  write_csv(input(), file_);
  const auto lines = parse_csv(sample::read_file(file_));
  const auto value = [&](const std::string& path, std::string_view column) {
    return value_of(lines, path, column);
  };
  const std::string plain = sample::kPlain;
  EXPECT_EQ(value(plain, "disposition"), "known");
  EXPECT_EQ(value(plain, "hits"),
            "charts: 1 (known) by pdq at 12 bits, rotate90, entry '=1+1; other: no category "
            "(ordinary) by md5, entry 5");
  EXPECT_EQ(value(plain, "hit_count"), "2");
  EXPECT_EQ(value(plain, "modified"), "2023-11-14T22:13:20.25Z");
  EXPECT_EQ(value(plain, "in_container"), "2001-09-09T01:46:40");
  EXPECT_EQ(value(plain, "sha256"), std::string(64, '1'));
  EXPECT_EQ(value(plain, "pdq_reference"), std::string(63, '0') + "7");
  EXPECT_EQ(value(plain, "pdq_reference_quality"), "90");
  EXPECT_EQ(value(plain, "pdq_full"), std::string(62, '0') + "71");
  EXPECT_EQ(value(plain, "near_group"), "1");
  EXPECT_EQ(value(plain, "near_group_full"), "2");
  EXPECT_EQ(std::stoi(value(plain, "near_distance_bits")) +
                std::stoi(value(sample::kAlike, "near_distance_bits")),
            9);
  EXPECT_EQ(std::stoi(value(plain, "near_full_distance_bits")) +
                std::stoi(value(sample::kAlike, "near_full_distance_bits")),
            1);
  const std::string unread = "un\\xffread.png";
  EXPECT_EQ(value(unread, "coverage"), "none");
  EXPECT_EQ(value(unread, "error_code"), "unreadable");
  EXPECT_EQ(value(unread, "error_offset"), "4096");
  EXPECT_EQ(value(unread, "error_offset_exact"), "yes");
  EXPECT_EQ(value(unread, "disposition"), "");
  EXPECT_EQ(value(unread, "near_group"), "");
  EXPECT_EQ(value(unread, "near_distance_bits"), "");
}

TEST_F(ReportTest, CsvAndJsonSayWhereEachItemStandsInTheOrderOfReview) {
  write_csv(input(), file_);
  const auto lines = parse_csv(sample::read_file(file_));
  write_json(input(), file_);
  const auto json = nlohmann::json::parse(sample::read_file(file_));
  const std::map<std::string, std::pair<std::string, std::string>> wanted = {
      {sample::kPlain, {"1", "resembles_known"}},
      {sample::kAlike, {"2", "beside_known"}},
      {"un\\xffread.png", {"3", "beside_known"}},
      {"=cmd|'/c calc'!A0", {"4", "unmatched"}}};
  for (const auto& item : json["items"]) {
    const std::string path = item["path"];
    const std::string in_csv = path[0] == '=' ? "'" + path : path;
    EXPECT_EQ(std::to_string(item["rank"].get<int>()), wanted.at(path).first);
    EXPECT_EQ(item["rank_class"], wanted.at(path).second);
    EXPECT_EQ(value_of(lines, in_csv, "rank"), wanted.at(path).first);
    EXPECT_EQ(value_of(lines, in_csv, "rank_class"), wanted.at(path).second);
    EXPECT_EQ(value_of(lines, in_csv, "reason"), item["reason"]);
    EXPECT_FALSE(item.contains("shown_with"));
  }
  EXPECT_EQ(value_of(lines, sample::kPlain, "reason"),
            "Looks like known material in list \"charts\" by fingerprint at a distance of 12 bits. "
            "It is not that very file.");
  EXPECT_EQ(value_of(lines, sample::kAlike, "reason"),
            "Looks like item " + value_of(lines, sample::kPlain, "item_id") +
                ", which matches a list. In one folder with 1 item that has a hit. Examined; no "
                "list says anything of it.");
  EXPECT_EQ(value_of(lines, sample::kAlike, "reason_codes"),
            "looks_like_hit; same_folder; no_match");
  for (const auto& item : json["items"]) {
    if (item["path"] != "un\\xffread.png") continue;
    EXPECT_EQ(
        item["reasons"],
        nlohmann::json::parse(R"([{"code":"same_folder","items":"1"},{"code":"not_examined"}])"));
  }
}

TEST_F(ReportTest, CsvAndJsonNameTheItemThatStandsForAnother) {
  const ItemId lead = review_.items[sample::at_rank(review_, 3)];
  review_.places[sample::at_rank(review_, 4)].shown_with = sample::at_rank(review_, 3);
  write_csv(input(), file_);
  EXPECT_EQ(value_of(parse_csv(sample::read_file(file_)), "'=cmd|'/c calc'!A0", "shown_with"),
            to_hex(lead.value));
  write_json(input(), file_);
  for (const auto& item : nlohmann::json::parse(sample::read_file(file_))["items"]) {
    if (item["rank"] != 4) continue;
    EXPECT_EQ(item["shown_with"], to_hex(lead.value));
  }
}

TEST_F(ReportTest, FoldersAreCountedInALineEach) {
  write_folders(input(), file_);
  const auto lines = parse_csv(sample::read_file(file_));
  ASSERT_GE(lines.size(), 4u);
  EXPECT_EQ(lines[0][0], "source");
  EXPECT_EQ(lines[0][7], "to_review");
  EXPECT_EQ(lines[1][1], "(all)");
  EXPECT_EQ(lines[1][2], "4");
  EXPECT_EQ(lines[2][0], "S1");
  for (size_t column = 2; column < lines[0].size(); ++column) {
    uint64_t sum = 0;
    for (size_t line = 3; line < lines.size(); ++line) sum += std::stoull(lines[line][column]);
    EXPECT_EQ(std::to_string(sum), lines[1][column]) << lines[0][column];
  }
}

TEST_F(ReportTest, JsonHoldsTheCountsAndTheOptionsOfTheOrder) {
  write_json(input(), file_);
  const auto json = nlohmann::json::parse(sample::read_file(file_));
  EXPECT_EQ(json["counts"]["all"]["items"], 4);
  EXPECT_EQ(json["counts"]["all"]["need_not_be_opened"], 0);
  EXPECT_EQ(json["counts"]["near_groups"], 2);
  EXPECT_EQ(json["counts"]["by_source"][0]["source"], "S1");
  EXPECT_EQ(json["counts"]["by_folder"].size(), 2u);
  EXPECT_EQ(json["triage"]["sample"], 20);
  EXPECT_EQ(json["groups"][0]["centre"], json["groups"][0]["members"][0]["item_id"]);
}

TEST_F(ReportTest, AnItemThatTheReviewDoesNotKnowIsRefused) {
  review_.items.pop_back();
  for (const auto write : {&write_csv, &write_json}) {
    EXPECT_THROW(write(input(), file_), std::invalid_argument);
  }
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(ReportTest, CsvNeverBeginsAFieldAsAFormulaDoes) {
  write_csv(input(), file_);
  const std::string text = sample::read_file(file_);
  for (const auto& line : parse_csv(text)) {
    for (const std::string& field : line) {
      EXPECT_EQ(field.find_first_of("=+-@\t\r"),
                field.empty() ? std::string::npos : field.find_first_of("=+-@\t\r", 1))
          << field;
    }
  }
  EXPECT_THAT(text, HasSubstr(",'=cmd|'/c calc'!A0"));
}

TEST_F(ReportTest, JsonIsOneObjectThatHoldsEverything) {
  write_json(input(), file_);
  const auto json = nlohmann::json::parse(sample::read_file(file_));
  EXPECT_EQ(json["format"], "safelight-report");
  EXPECT_EQ(json["written"], "2023-11-14T22:13:20.5Z");
  EXPECT_EQ(json["case"]["exhibit"], "</script><b>");
  EXPECT_EQ(json["case"]["audit_head"], audit::to_text(reader_->head()));
  EXPECT_EQ(json["items"].size(), sample::kItems);
  EXPECT_EQ(json["summary"]["all"]["items"], sample::kItems);
  EXPECT_EQ(json["summary"]["by_disposition"]["known"], 1);
  EXPECT_EQ(json["groups"][0]["kind"], "near");
  EXPECT_EQ(json["groups"][0]["mode"], "reference");
  EXPECT_EQ(json["groups"][0]["members"][1]["distance_bits"], 9);
  EXPECT_EQ(json["groups"][1]["mode"], "full");
  EXPECT_EQ(json["sources"][0]["given_path"], "/evidence/\\xff");
  for (const auto& item : json["items"]) {
    if (item["path"] != sample::kPlain) continue;
    EXPECT_EQ(item["near_group"], 1);
    EXPECT_EQ(item["near_group_full"], 2);
    EXPECT_EQ(item["hits"][0]["distance_bits"], 12);
    EXPECT_EQ(item["findings"][0]["fields"][0][1], "a\\xfeb");
    EXPECT_EQ(item["times"]["modified"], "2023-11-14T22:13:20.25Z");
    return;
  }
  FAIL() << "the item is missing";
}

TEST_F(ReportTest, ReportsAreForTheOwnerOnlyAndReplaceWhatStoodThere) {
  const mode_t before = umask(0);
  std::ofstream(file_) << "what stood here";
  for (const auto write : {&write_csv, &write_json}) {
    write(input(), file_);
    struct stat status {};
    ASSERT_EQ(stat(file_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(sample::read_file(file_).find("what stood here"), std::string::npos);
  }
  umask(before);
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(file_.parent_path())) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1u) << "nothing temporary is left";
}

TEST_F(ReportTest, APlaceThatCannotBeWrittenToIsAFault) {
  EXPECT_THROW(write_csv(input(), folder_ / "absent" / "report.csv"), Fault);
}

TEST(Times, AreShownAsFarAsTheyAreKnown) {
  using casefile::TimeZoneKnowledge;
  EXPECT_EQ(iso_time({0, TimeZoneKnowledge::utc}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso_time({-1, TimeZoneKnowledge::utc}), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(iso_time({951'782'400'000'000'000, TimeZoneKnowledge::local_unknown}),
            "2000-02-29T00:00:00");
}

TEST(DescribeHit, SaysItsRecordAndWhetherTheVictimIsIdentified) {
  Hit hit{.list = "charts", .entry_id = "7", .category = "1"};
  EXPECT_EQ(describe(hit), "charts: 1 (review) by md5, entry 7");
  hit.source_record = 12;
  hit.victim_identified = Stated::no;
  EXPECT_EQ(describe(hit), "charts: 1 (review) by md5, entry 7, record 12, victim not identified");
  hit.victim_identified = Stated::yes;
  EXPECT_THAT(describe(hit), HasSubstr("12, victim identified"));
}

TEST(CsvField, IsQuotedWhereRfc4180AsksForIt) {
  EXPECT_EQ(csv_field("a b"), "a b");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(csv_field("a\nb"), "\"a\nb\"");
  EXPECT_EQ(csv_field("-1"), "'-1");
  EXPECT_EQ(csv_field("@a,b"), "\"'@a,b\"");
  EXPECT_EQ(csv_field(""), "");
}

TEST(Numbers, AreReadable) {
  EXPECT_EQ(readable_bytes(999), "999 B");
  EXPECT_EQ(readable_bytes(1500), "1.5 kB");
  EXPECT_EQ(readable_bytes(999'999), "1.0 MB");
  EXPECT_EQ(readable_bytes(123'456'789), "123 MB");
}

}  // namespace
}  // namespace safelight::report
