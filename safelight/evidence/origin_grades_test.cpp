#include "safelight/evidence/origin_grades.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace safelight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Finding finding_of(std::string kind, Grade grade) { return {std::move(kind), grade, "", {}, {}}; }

std::vector<std::string> kinds_of(const std::vector<const Finding*>& findings) {
  std::vector<std::string> kinds;
  for (const Finding* finding : findings) kinds.push_back(finding->kind);
  return kinds;
}

TEST(OriginGrades, IsEveryGradeButFact) {
  EXPECT_FALSE(is_origin_evidence(Grade::fact));
  for (const Grade grade : kOriginGrades) EXPECT_TRUE(is_origin_evidence(grade));
  std::set<Grade> all(kOriginGrades.begin(), kOriginGrades.end());
  all.insert(Grade::fact);
  EXPECT_EQ(all.size(), static_cast<size_t>(Grade::contradicted) + 1);
  EXPECT_EQ(all.size(), kGrades);
}

TEST(OriginGrades, GoesFromWhatDoesNotFitToTheWeakest) {
  EXPECT_THAT(kOriginGrades,
              ElementsAre(Grade::contradicted, Grade::verified_trusted, Grade::verified,
                          Grade::watermark, Grade::declared, Grade::weak));
  EXPECT_EQ(reader_order(Grade::contradicted), 0u);
  EXPECT_LT(reader_order(Grade::weak), reader_order(Grade::fact));
}

TEST(OriginGrades, IsSortedByGradeAndApartFromFacts) {
  const std::vector<Finding> of_item = {finding_of("type_mismatch", Grade::fact)};
  const std::vector<Finding> of_content = {
      finding_of("resampled", Grade::weak), finding_of("c2pa_manifest", Grade::contradicted),
      finding_of("camera_metadata", Grade::declared), finding_of("jpeg_structure", Grade::fact),
      finding_of("declared_origin", Grade::declared)};
  const auto evidence = origin_evidence(of_item, of_content);
  EXPECT_THAT(kinds_of(evidence),
              ElementsAre("c2pa_manifest", "camera_metadata", "declared_origin", "resampled"));
  EXPECT_THAT(kinds_of(other_findings(of_item, of_content)),
              ElementsAre("type_mismatch", "jpeg_structure"));
  EXPECT_THAT(origin_grades(evidence),
              ElementsAre(Grade::contradicted, Grade::declared, Grade::weak));
}

TEST(OriginGrades, NoGradePromisesMoreThanWasChecked) {
  std::set<std::string_view> meanings;
  for (const Grade grade : kOriginGrades) {
    meanings.insert(meaning_of(grade));
    for (const std::string_view words : {meaning_of(grade), short_meaning_of(grade)}) {
      EXPECT_THAT(std::string(words), Not(testing::ContainsRegex("original|authentic|genuine")));
    }
  }
  EXPECT_EQ(meanings.size(), kOriginGrades.size());
  EXPECT_THAT(std::string(meaning_of(Grade::verified_trusted)), HasSubstr("not that it is so"));
  EXPECT_THAT(std::string(meaning_of(Grade::declared)), HasSubstr("Anybody can write it"));
}

TEST(SearchWords, TellNotLookedForFromNothingFound) {
  using enum SearchResult;
  const auto words = [](OriginScope scope, SearchResult result) {
    return std::string(search_words(scope, result));
  };
  EXPECT_EQ(words(OriginScope::none, nothing), "Origin not looked for.");
  EXPECT_EQ(words(OriginScope::none, nothing_in_part), "Origin not looked for.");
  EXPECT_THAT(words(OriginScope::metadata, nothing),
              testing::AllOf(HasSubstr("No origin evidence in the metadata"),
                             HasSubstr("not looked for in the pixels (--deep)")));
  EXPECT_THAT(words(OriginScope::pixels, nothing), testing::StartsWith("No origin evidence."));
  EXPECT_THAT(words(OriginScope::metadata, evidence), HasSubstr("not in the pixels (--deep)"));
  EXPECT_EQ(words(OriginScope::pixels, evidence), "");
}

TEST(SearchWords, SayWhereNotAllCouldBeExamined) {
  using enum SearchResult;
  for (const OriginScope scope : {OriginScope::metadata, OriginScope::pixels}) {
    EXPECT_THAT(std::string(search_words(scope, nothing_in_part)), HasSubstr("could"));
    EXPECT_THAT(std::string(search_words(scope, nothing)), Not(HasSubstr("could")));
  }
  const Finding camera = finding_of("camera_metadata", Grade::declared);
  const std::vector<const Finding*> some = {&camera};
  EXPECT_EQ(search_result({}, Coverage::full), nothing);
  EXPECT_EQ(search_result({}, Coverage::partial), nothing_in_part);
  EXPECT_EQ(search_result({}, Coverage::none), nothing_in_part);
  EXPECT_EQ(search_result(some, Coverage::none), evidence);
}

}  // namespace
}  // namespace safelight
