#include "safelight/report/internal/small_cells.h"

#include <functional>
#include <gtest/gtest.h>
#include <set>
#include <string>

namespace safelight::report {
namespace {

constexpr uint64_t kUnder = 4;

/// Rows whose files are all distinct.
std::vector<FileCounts> rows_of(const std::vector<uint64_t>& counts) {
  std::vector<FileCounts> rows;
  for (const uint64_t count : counts) rows.push_back({count, count});
  return rows;
}

FileCounts sum_of(const std::vector<FileCounts>& rows) {
  FileCounts sum;
  for (const FileCounts& row : rows) sum += row;
  return sum;
}

/// The values that each row can have for whoever reads the texts of all rows and of the total, and
/// knows that rows hidden for another's sake are the smallest: every table of the kind is tried.
std::vector<std::set<uint64_t>> possible_values(const std::vector<std::string>& texts,
                                                const std::string& total, uint64_t most) {
  std::vector<std::set<uint64_t>> possible(texts.size());
  std::vector<uint64_t> tried(texts.size());
  uint64_t least_told = most;
  for (const std::string& text : texts) {
    if (text[0] != '<' && text[0] != '>' && text != "0") {
      least_told = std::min<uint64_t>(least_told, std::stoull(text));
    }
  }
  const auto fits = [least_told](uint64_t count, const std::string& text) {
    if (text.starts_with("<")) return count > 0 && count < kUnder;
    if (text.starts_with(">=")) return count >= kUnder && count <= least_told;
    return count == std::stoull(text);
  };
  const std::function<void(size_t, uint64_t)> try_row = [&](size_t row, uint64_t sum) {
    if (row == texts.size()) {
      if (!fits(sum, total)) return;
      for (size_t i = 0; i < tried.size(); ++i) possible[i].insert(tried[i]);
      return;
    }
    for (uint64_t count = 0; sum + count <= most; ++count) {
      if (!fits(count, texts[row])) continue;
      tried[row] = count;
      try_row(row + 1, sum + count);
    }
  };
  try_row(0, 0);
  return possible;
}

TEST(SmallCells, NoSmallCountFollowsFromWhatIsToldInAnySmallTable) {
  size_t withheld = 0;
  size_t told = 0;
  for (uint64_t table = 0; table < 8 * 8 * 8 * 8; ++table) {
    const std::vector<uint64_t> counts = {table % 8, table / 8 % 8, table / 64 % 8, table / 512};
    const std::vector<FileCounts> rows = rows_of(counts);
    const FileCounts all = sum_of(rows);
    const auto hidden = rows_to_hide(rows, all, kUnder);
    if (!hidden) {
      ++withheld;
      continue;
    }
    ++told;
    std::vector<std::string> texts;
    for (size_t i = 0; i < rows.size(); ++i) {
      texts.push_back(cell_text(counts[i], (*hidden)[i] ? Tell::range : Tell::count, kUnder));
    }
    const auto possible =
        possible_values(texts, cell_text(all.files, Tell::count, kUnder), all.files + kUnder);
    for (size_t i = 0; i < rows.size(); ++i) {
      EXPECT_TRUE(possible[i].contains(counts[i]));
      const bool small = counts[i] > 0 && counts[i] < kUnder;
      EXPECT_TRUE(!small || possible[i].size() > 1) << table << " row " << i;
    }
  }
  EXPECT_GT(told, 8 * withheld) << "hides no more than it must";
}

TEST(SmallCells, ALoneSmallRowHidesTheSmallestOtherWithIt) {
  const auto rows = rows_of({3, 50, 20, 0, 90});
  EXPECT_EQ(*rows_to_hide(rows, sum_of(rows), 10),
            (std::vector<bool>{true, false, true, false, false}));
}

TEST(SmallCells, SmallRowsWhoseSumSaysWhatTheyAreHideAnother) {
  // Two of one file each, or of nine each: no other counts under 10 come to that.
  for (const uint64_t count : {1, 9}) {
    const auto rows = rows_of({count, count, 40, 60});
    EXPECT_EQ(*rows_to_hide(rows, sum_of(rows), 10), (std::vector<bool>{true, true, true, false}));
  }
  const auto rows = rows_of({2, 3, 40, 60});
  EXPECT_EQ(*rows_to_hide(rows, sum_of(rows), 10), (std::vector<bool>{true, true, false, false}));
}

TEST(SmallCells, AGroupThatCannotBeToldIsNot) {
  const auto lone = rows_of({1, 10});
  EXPECT_FALSE(rows_to_hide(lone, sum_of(lone), 10));
  const auto ones = rows_of(std::vector<uint64_t>(12, 1));
  EXPECT_FALSE(rows_to_hide(ones, sum_of(ones), 10)) << "a total of 12 in 12 rows";
}

TEST(SmallCells, ASmallTotalHidesItself) {
  const auto rows = rows_of({3, 0});
  EXPECT_EQ(*rows_to_hide(rows, sum_of(rows), 10), (std::vector<bool>{true, false}));
  EXPECT_EQ(cell_text(3, Tell::count, 10), "<10");
}

TEST(SmallCells, ARowIsHiddenInBothMeasures) {
  const std::vector<FileCounts> rows = {{30, 4}, {40, 5}, {50, 50}};
  EXPECT_EQ(*rows_to_hide(rows, sum_of(rows), 10), (std::vector<bool>{true, true, false}));
}

TEST(SmallCells, WhoKnowsThatTheSmallestOtherIsHiddenLearnsNoCount) {
  // Were 20 told of, the hidden row beside the 9 would have 20 at most, and 29 less 20 is 9.
  const auto alike = rows_of({9, 20, 20, 20});
  EXPECT_EQ(*rows_to_hide(alike, sum_of(alike), 10), (std::vector<bool>(4, true)));
  const auto unlike = rows_of({9, 20, 21, 20});
  EXPECT_EQ(*rows_to_hide(unlike, sum_of(unlike), 10),
            (std::vector<bool>{true, true, false, true}));
}

TEST(SmallCells, ALargeCountMayFollow) {
  // Of one file that was not read the other measure tells nothing.
  const std::vector<FileCounts> rows = {{1, 0}, {114, 112}, {0, 0}};
  EXPECT_EQ(*rows_to_hide(rows, sum_of(rows), 10), (std::vector<bool>{true, true, false}));
}

TEST(SmallCells, NothingIsHiddenUnderOne) {
  const auto rows = rows_of({1, 2, 0});
  EXPECT_EQ(*rows_to_hide(rows, sum_of(rows), 1), (std::vector<bool>{false, false, false}));
}

}  // namespace
}  // namespace safelight::report
