#include "safelight/serve/originals/exports_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/casefile/writer.h"
#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/api/services_for_test.h"

namespace safelight::serve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ExportsPlaceTest : public ::testing::Test {
 protected:
  ExportsPlaceTest() {
    for (const char* name : {"evidence", "case", "elsewhere"}) {
      std::filesystem::create_directory(at(name));
    }
  }
  [[nodiscard]] std::filesystem::path at(const std::string& name) const {
    return folder_.path() / name;
  }
  [[nodiscard]] std::string problem(const std::string& exports) const {
    const std::vector<OtherPlace> places = {
        {"the case c", at("case")},
        {"the evidence S1 of the case c", at("evidence"), OtherPlace::Kind::evidence}};
    return exports_problem(at(exports), places);
  }

  testing::TestFolder folder_;
};

TEST_F(ExportsPlaceTest, IsApartFromCasesAndEvidence) {
  EXPECT_EQ(problem("exports"), "");
  EXPECT_EQ(problem("elsewhere/exports"), "");
  EXPECT_EQ(problem("evidence2"), "") << "a name that begins so is another";
  EXPECT_EQ(problem("evidence/../exports"), "");
}

TEST_F(ExportsPlaceTest, IsNotWithinEvidenceOrACaseAndBothAreNamed) {
  EXPECT_THAT(
      problem("evidence/exports"),
      AllOf(HasSubstr(at("evidence/exports").string()),
            HasSubstr("lies within the evidence S1 of the case c, " + at("evidence").string())));
  EXPECT_THAT(problem("evidence"), HasSubstr("lies within"));
  EXPECT_THAT(problem("evidence/a/b/c"), HasSubstr("lies within"));
  EXPECT_THAT(problem("elsewhere/../case/exports"), HasSubstr("the case c"));
}

TEST_F(ExportsPlaceTest, IsNotWithinThemByWayOfALink) {
  std::filesystem::create_directory_symlink(at("evidence"), at("link"));
  EXPECT_THAT(problem("link/exports"), HasSubstr("lies within the evidence"));
  std::filesystem::create_directory_symlink(at("elsewhere"), at("evidence/out"));
  EXPECT_EQ(problem("evidence/out/exports"), "");
}

TEST_F(ExportsPlaceTest, HoldsNoCaseButMayHoldEvidence) {
  EXPECT_THAT(exports_problem(folder_.path(), std::vector<OtherPlace>{{"the case c", at("case")}}),
              HasSubstr("the case c, " + at("case").string() + ", lies within the folder"));
  EXPECT_EQ(exports_problem(folder_.path(), std::vector<OtherPlace>{{"the evidence", at("evidence"),
                                                                     OtherPlace::Kind::evidence}}),
            "");
}

TEST_F(ExportsPlaceTest, TheEvidenceOfACaseIsWhatIsThereOfItsFolders) {
  testing::KeptLog log;
  const testing::SetClock clock;
  {
    auto writer = casefile::Writer::create(at("new"), casefile::random_case_id(), {}, clock, log);
    writer.add_source({casefile::SourceKind::folder, at("evidence").string(), "f", 1});
    writer.add_source({casefile::SourceKind::folder, at("gone").string(), "f", 2});
  }
  const auto places = evidence_of("c", at("new"));
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].what, "the evidence S1 of the case c");
  EXPECT_EQ(places[0].path, at("evidence"));
}

}  // namespace
}  // namespace safelight::serve
