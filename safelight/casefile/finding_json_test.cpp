#include "safelight/casefile/finding_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace safelight::casefile {
namespace {

std::string written(const std::optional<StoredError>& error, const std::vector<Finding>& findings) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_error(json, error);
  json.key("findings").begin_array();
  write_findings(json, findings);
  json.end_array().end_object();
  return out;
}

TEST(FindingJson, SaysNothingOfAnErrorThatIsNotThere) {
  EXPECT_EQ(written({}, {}), R"({"findings":[]})");
}

TEST(FindingJson, SaysWhereAnErrorShowedOnlyIfThatIsKnown) {
  EXPECT_EQ(written(stored(Error{ErrorCode::encrypted, "archive.password"}), {}),
            R"({"error":{"code":"encrypted","rule":"archive.password"},"findings":[]})");
  EXPECT_EQ(written(stored(Error::near(ErrorCode::truncated, "jpeg.data", 7)), {}),
            R"({"error":{"code":"truncated","rule":"jpeg.data","offset":7,"offset_exact":false},)"
            R"("findings":[]})");
}

TEST(FindingJson, KeepsTheOrderOfFindingsAndOfTheirFields) {
  EXPECT_EQ(written({}, {{"link", Grade::fact, "It leads elsewhere.", {}, {}},
                         {"odd",
                          Grade::declared,
                          "It says so.",
                          {3, 4, OffsetKind::exact},
                          {{"z", "1"}, {"a", "2"}}}}),
            R"({"findings":[{"kind":"link","grade":"fact","statement":"It leads elsewhere.",)"
            R"("fields":[]},{"kind":"odd","grade":"declared","statement":"It says so.",)"
            R"("offset":3,"length":4,"offset_exact":true,"fields":[["z","1"],["a","2"]]}]})");
}

TEST(FindingJson, LosesNoFieldWhoseNameComesSeveralTimes) {
  EXPECT_THAT(
      written({},
              {{"generator_mark", Grade::declared, "", {}, {{"lora", "one"}, {"lora", "two"}}}}),
      testing::HasSubstr(R"("fields":[["lora","one"],["lora","two"]])"));
}

}  // namespace
}  // namespace safelight::casefile
