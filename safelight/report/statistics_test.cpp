#include "safelight/report/statistics.h"

#include <gtest/gtest.h>

#include "safelight/report/internal/origin_sample.h"

namespace safelight::report {
namespace {

using sample::Case;
using sample::OriginCase;

size_t at(Grade grade) { return reader_order(grade); }

TEST_F(OriginCase, FilesAreCountedByTheStrongestEvidenceOfEachSide) {
  const Statistics statistics = count_statistics(*reader_);
  EXPECT_EQ(statistics.all, (FileCounts{9, 8}));
  EXPECT_EQ(statistics.by_camera.at(at(Grade::declared)), (FileCounts{2, 2}));
  EXPECT_EQ(statistics.by_camera.at(at(Grade::fact)), (FileCounts{7, 6}));
  EXPECT_EQ(statistics.by_synthesis.at(at(Grade::verified)), (FileCounts{1, 1}));
  EXPECT_EQ(statistics.by_synthesis.at(at(Grade::declared)), (FileCounts{3, 2}))
      << "a copy is a file and no distinct one";
  EXPECT_EQ(statistics.by_synthesis.at(at(Grade::contradicted)), FileCounts{});
  EXPECT_EQ(statistics.by_scope,
            (std::array<FileCounts, 3>{FileCounts{1, 1}, FileCounts{5, 4}, FileCounts{3, 3}}));
  EXPECT_EQ(statistics.by_month,
            (std::map<std::string, FileCounts>{{kUnknownMonth, FileCounts{9, 8}}}));
}

TEST_F(Case, FilesAreCountedByTheMonthInWhichTheyWereWritten) {
  const Statistics statistics = count_statistics(*reader_);
  EXPECT_EQ(statistics.all, (FileCounts{sample::kItems, 2}));
  EXPECT_EQ(statistics.by_month,
            (std::map<std::string, FileCounts>{{"2023-11", {1, 1}}, {kUnknownMonth, {3, 1}}}));
}

TEST_F(OriginCase, TheTableNamesNothingOfTheCase) {
  for (const uint64_t suppress_under : {uint64_t{1}, kSuppressUnder}) {
    const std::string csv = to_csv(count_statistics(*reader_), suppress_under);
    for (const char* word :
         {"camera.jpg", "Canon", "00000000-0000", "/evidence", "S1", "infotext"}) {
      EXPECT_EQ(csv.find(word), std::string::npos) << word;
    }
  }
}

TEST(Statistics, OfTwoCasesTogetherAreTheSums) {
  Statistics one;
  one.all = {3, 2};
  one.by_camera.at(0) = {3, 2};
  one.by_month["2026-01"] = {3, 2};
  Statistics other;
  other.all = {5, 5};
  other.by_camera.at(0) = {4, 4};
  other.by_scope.at(2) = {5, 5};
  other.by_synthesis.at(1) = {1, 1};
  other.by_month = {{"2026-01", {1, 1}}, {"2026-02", {4, 4}}};
  one += other;
  EXPECT_EQ(one.all, (FileCounts{8, 7}));
  EXPECT_EQ(one.by_camera.at(0), (FileCounts{7, 6}));
  EXPECT_EQ(one.by_scope.at(2), (FileCounts{5, 5}));
  EXPECT_EQ(one.by_synthesis.at(1), (FileCounts{1, 1}));
  EXPECT_EQ(one.by_month,
            (std::map<std::string, FileCounts>{{"2026-01", {4, 3}}, {"2026-02", {4, 4}}}));
}

TEST(Statistics, AreALineForEachCount) {
  Statistics statistics;
  statistics.all = {120, 100};
  statistics.by_scope = {FileCounts{20, 20}, FileCounts{100, 80}, FileCounts{}};
  statistics.by_camera.at(at(Grade::declared)) = {117, 97};
  statistics.by_camera.at(at(Grade::fact)) = {3, 3};
  statistics.by_synthesis.at(at(Grade::fact)) = {120, 100};
  statistics.by_month = {{"2026-01", {4, 4}}, {"2026-02", {50, 40}}, {"2026-03", {66, 56}}};
  EXPECT_EQ(to_csv(statistics, 10),
            "measure,group,value,count\r\n"
            "format,version,,1\r\n"
            "format,suppress_under,,10\r\n"
            "files,all,,120\r\n"
            "distinct_files,all,,100\r\n"
            "files,searched,none,20\r\n"
            "files,searched,metadata,100\r\n"
            "files,searched,pixels,0\r\n"
            "distinct_files,searched,none,20\r\n"
            "distinct_files,searched,metadata,80\r\n"
            "distinct_files,searched,pixels,0\r\n"
            "files,camera_evidence,contradicted,0\r\n"
            "files,camera_evidence,verified-trusted,0\r\n"
            "files,camera_evidence,verified,0\r\n"
            "files,camera_evidence,watermark,0\r\n"
            "files,camera_evidence,declared,>=10\r\n"
            "files,camera_evidence,weak,0\r\n"
            "files,camera_evidence,none,<10\r\n"
            "distinct_files,camera_evidence,contradicted,0\r\n"
            "distinct_files,camera_evidence,verified-trusted,0\r\n"
            "distinct_files,camera_evidence,verified,0\r\n"
            "distinct_files,camera_evidence,watermark,0\r\n"
            "distinct_files,camera_evidence,declared,>=10\r\n"
            "distinct_files,camera_evidence,weak,0\r\n"
            "distinct_files,camera_evidence,none,<10\r\n"
            "files,synthesis_evidence,contradicted,0\r\n"
            "files,synthesis_evidence,verified-trusted,0\r\n"
            "files,synthesis_evidence,verified,0\r\n"
            "files,synthesis_evidence,watermark,0\r\n"
            "files,synthesis_evidence,declared,0\r\n"
            "files,synthesis_evidence,weak,0\r\n"
            "files,synthesis_evidence,none,120\r\n"
            "distinct_files,synthesis_evidence,contradicted,0\r\n"
            "distinct_files,synthesis_evidence,verified-trusted,0\r\n"
            "distinct_files,synthesis_evidence,verified,0\r\n"
            "distinct_files,synthesis_evidence,watermark,0\r\n"
            "distinct_files,synthesis_evidence,declared,0\r\n"
            "distinct_files,synthesis_evidence,weak,0\r\n"
            "distinct_files,synthesis_evidence,none,100\r\n"
            "files,month,2026-01,<10\r\n"
            "files,month,2026-02,>=10\r\n"
            "files,month,2026-03,66\r\n"
            "distinct_files,month,2026-01,<10\r\n"
            "distinct_files,month,2026-02,>=10\r\n"
            "distinct_files,month,2026-03,56\r\n");
}

TEST(Statistics, AGroupThatCannotBeToldIsWithheld) {
  Statistics statistics;
  statistics.all = {11, 11};
  statistics.by_month = {{"2026-01", {1, 1}}, {"2026-02", {10, 10}}};
  const std::string csv = to_csv(statistics, 10);
  EXPECT_NE(csv.find("files,month,,withheld\r\n"), std::string::npos);
  EXPECT_EQ(csv.find("2026"), std::string::npos);
}

}  // namespace
}  // namespace safelight::report
