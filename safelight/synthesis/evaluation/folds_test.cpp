#include "safelight/synthesis/evaluation/folds.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

namespace safelight::synthesis {
namespace {

Reference camera(const std::string& source, const std::string& date = "") {
  Reference out;
  out.truth = Proposition::camera;
  out.source = source;
  out.date = date;
  return out;
}

Reference generated(const std::string& source, const std::string& generator,
                    const std::string& date = "") {
  Reference out = camera(source, date);
  out.truth = Proposition::generated;
  out.generator = generator;
  return out;
}

/// Two data sets of photographs, one of two generators and photographs, one of a generator.
std::vector<Reference> references() {
  std::vector<Reference> out;
  for (int i = 0; i < 10; ++i) {
    out.push_back(camera("a"));
    out.push_back(camera("b"));
    out.push_back(camera("mixed"));
    out.push_back(generated("mixed", "x"));
    out.push_back(generated("mixed", "y"));
    out.push_back(generated("c", "x"));
  }
  return out;
}

/// Each row is tested at most once, and never by what was learnt from it.
void expect_sound(const Folds& folds, std::span<const Reference> all) {
  std::set<size_t> tested;
  for (size_t i = 0; i < folds.size(); ++i) {
    const auto training = folds.training(i);
    const auto test = folds.test(i);
    for (const size_t row : test) {
      EXPECT_TRUE(tested.insert(row).second);
      EXPECT_FALSE(std::binary_search(training.begin(), training.end(), row));
    }
    std::set<Proposition> classes;
    for (const size_t row : training) classes.insert(all[row].truth);
    EXPECT_EQ(classes.size(), 2u) << folds.name(i);
  }
}

TEST(Folds, ASourceIsLeftOutAsAWhole) {
  const auto all = references();
  const auto folds = make_folds(all, Split::by_source, 1);
  expect_sound(folds, all);
  std::vector<std::string> names;
  for (size_t i = 0; i < folds.size(); ++i) {
    const auto training = folds.training(i);
    const auto test = folds.test(i);
    names.push_back(folds.name(i));
    for (const size_t row : test) EXPECT_EQ(all[row].source, folds.name(i));
    for (const size_t row : training) EXPECT_NE(all[row].source, folds.name(i));
    EXPECT_EQ(training.size() + test.size(), all.size());
  }
  EXPECT_THAT(names, testing::ElementsAre("a", "b", "c", "mixed"));
}

TEST(Folds, AGeneratorIsLeftOutOfEverySourceAndPhotographsByTheirs) {
  const auto all = references();
  const auto folds = make_folds(all, Split::by_generator, 1);
  expect_sound(folds, all);
  std::vector<std::string> names;
  for (size_t i = 0; i < folds.size(); ++i) {
    const auto training = folds.training(i);
    const auto test = folds.test(i);
    names.push_back(folds.name(i));
    for (const size_t row : training) {
      EXPECT_NE(group_of(all[row], Split::by_generator), folds.name(i));
    }
  }
  EXPECT_THAT(names, testing::ElementsAre("a", "b", "mixed", "x", "y"));
}

TEST(Folds, WhatCannotBeLeftOutIsNotTested) {
  const std::vector<Reference> one_camera_source = {camera("a"), camera("a"), generated("b", "x"),
                                                    generated("c", "y")};
  const auto folds = make_folds(one_camera_source, Split::by_source, 1);
  ASSERT_EQ(folds.size(), 2u);
  EXPECT_EQ(folds.name(0), "b");
  EXPECT_EQ(folds.name(1), "c");
  EXPECT_EQ(make_folds(std::vector{camera("a"), camera("b")}, Split::by_source, 1).size(), 0u);
  EXPECT_EQ(make_folds(std::vector{camera("a"), camera("b")}, Split::random, 1).size(), 0u);
  EXPECT_EQ(make_folds({}, Split::by_date, 1).size(), 0u);
}

TEST(Folds, TheLaterHalfIsTestedByTheEarlier) {
  std::vector<Reference> all;
  for (const char* date : {"2023", "2024-02", "2024-11-30", "2025"}) {
    all.push_back(camera("a", date));
    all.push_back(generated("b", "x", date));
  }
  all.push_back(camera("a"));
  const auto folds = make_folds(all, Split::by_date, 1);
  expect_sound(folds, all);
  ASSERT_EQ(folds.size(), 1u);
  EXPECT_EQ(folds.name(0), "from 2024-11-30");
  EXPECT_THAT(folds.training(0), testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(folds.test(0), testing::ElementsAre(4, 5, 6, 7)) << "none without a date";
}

TEST(Folds, DatesThatOneClassLacksGiveNoFold) {
  EXPECT_EQ(make_folds(std::vector{camera("a", "2023"), camera("a", "2024"), generated("b", "x")},
                       Split::by_date, 1)
                .size(),
            0u);
}

TEST(Folds, RandomFifthsHoldEveryRowOnceAndDependOnTheSeedAlone) {
  const auto all = references();
  const auto folds = make_folds(all, Split::random, 7);
  expect_sound(folds, all);
  size_t tested = 0;
  for (size_t i = 0; i < folds.size(); ++i) {
    const auto training = folds.training(i);
    const auto test = folds.test(i);
    tested += test.size();
    EXPECT_EQ(test.size(), all.size() / 5);
  }
  EXPECT_EQ(tested, all.size());
  const auto again = make_folds(all, Split::random, 7);
  const auto other = make_folds(all, Split::random, 8);
  EXPECT_EQ(folds.test(0), again.test(0));
  EXPECT_NE(folds.test(0), other.test(0));
}

}  // namespace
}  // namespace safelight::synthesis
