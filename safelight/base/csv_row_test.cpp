#include "safelight/base/csv_row.h"

#include <gmock/gmock.h>

namespace safelight {
namespace {

std::vector<std::string> cells_of(const CsvRow& row) {
  std::vector<std::string> out;
  for (size_t i = 0; i < row.size(); ++i) out.emplace_back(row[i]);
  return out;
}

TEST(CsvRow, CellsEndAtTheDelimiterAndMayBeQuoted) {
  CsvRow row;
  EXPECT_EQ(row.split(R"(a,"b,c",,"say ""x""",e"f)", ',', 9), CsvState::complete);
  EXPECT_THAT(cells_of(row), testing::ElementsAre("a", "b,c", "", "say \"x\"", "e\"f"));
  EXPECT_EQ(row.split("a\tb,c", '\t', 9), CsvState::complete);
  EXPECT_THAT(cells_of(row), testing::ElementsAre("a", "b,c"));
  EXPECT_EQ(row.cell(7), "");
}

TEST(CsvRow, WhatDoesNotComeApartIsTold) {
  CsvRow row;
  EXPECT_EQ(row.split(R"(a,"b)", ',', 9), CsvState::open_quote);
  EXPECT_EQ(row.split(R"("a"b,c)", ',', 9), CsvState::text_after_quote);
  EXPECT_EQ(row.split("a,b,c", ',', 2), CsvState::too_many_columns);
  EXPECT_EQ(row.split("a,b", ',', 2), CsvState::complete);
}

TEST(CsvRow, SpaceAtBothEndsIsTrimmed) {
  EXPECT_EQ(trimmed(" \ta b\r"), "a b");
  EXPECT_EQ(trimmed(" \t"), "");
}

}  // namespace
}  // namespace safelight
