#include "safelight/serve/list_api/list_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(ListProgram, IsGivenTheFileOnItsStandardInputAndNothingOfTheRequestAsAnOption) {
  EXPECT_THAT(
      list_arguments(ListChangeKind::add, "-x", "pdq"),
      ElementsAre("add", "--json", "--or-build", "--sixty-four-hex", "pdq", "--", "-x", "-"));
  EXPECT_THAT(list_arguments(ListChangeKind::remove, "a", "ask"),
              ElementsAre("remove", "--json", "--sixty-four-hex", "ask", "--", "a", "-"));
  EXPECT_THAT(list_arguments(ListChangeKind::drop, "a", "ask"),
              ElementsAre("drop", "--json", "--", "a"));
}

TEST(ListProgram, SaysHowMuchItDid) {
  const auto answer = list_answer({0, R"({"added":3,"held":1,"merged":0,"refused":2})"});
  EXPECT_TRUE(answer.is_done);
  EXPECT_THAT(answer.counts, ElementsAre(Pair("added", "3"), Pair("held", "1"), Pair("merged", "0"),
                                         Pair("refused", "2")));
  EXPECT_TRUE(list_answer({0, "{}"}).is_done);
}

TEST(ListProgram, SaysByWhichRuleItRefusedAndWhere) {
  const auto answer =
      list_answer({2, R"({"code":"malformed","rule":"vics.json","offset_bytes":77})"});
  EXPECT_FALSE(answer.is_done);
  EXPECT_EQ(answer.rule, "vics.json");
  EXPECT_EQ(answer.offset_bytes, 77U);
  EXPECT_EQ(list_answer({2, R"({"code":"limit_exceeded","rule":"max_line_bytes"})"}).rule,
            "max_line_bytes");
}

TEST(ListProgram, IsNotBelievedInAnythingElse) {
  const std::string refusal = R"({"code":"malformed","rule":"vics.json"})";
  for (const ProgramEnd& end : std::initializer_list<ProgramEnd>{
           {std::nullopt, R"({"added":3})"},
           {3, refusal},
           {1, R"({"added":3})"},
           {0, ""},
           {0, "safelight: no"},
           {0, refusal},
           {0, R"({"added":-1})"},
           {0, R"({"added":3,"secret":"x"})"},
           {2, ""},
           {2, R"({"code":"malformed","rule":"<script>"})"},
           {2, R"({"code":"malformed","rule":"","offset_bytes":1})"},
           {2, R"({"code":"malformed","rule":")" + std::string(65, 'a') + R"("})"}}) {
    const auto answer = list_answer(end);
    EXPECT_FALSE(answer.is_done) << end.output;
    EXPECT_EQ(answer.rule, "") << end.output;
    EXPECT_THAT(answer.counts, IsEmpty()) << end.output;
    EXPECT_FALSE(answer.offset_bytes) << end.output;
  }
}

TEST(ListProgram, ChangesHaveNames) {
  for (const auto kind : {ListChangeKind::add, ListChangeKind::remove, ListChangeKind::drop}) {
    EXPECT_EQ(*list_change_kind_from_text(to_text(kind)), kind);
  }
  EXPECT_FALSE(list_change_kind_from_text("merge"));
}

}  // namespace
}  // namespace safelight::serve
