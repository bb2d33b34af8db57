#include "safelight/serve/list_api/list_catalogue.h"

#include <fstream>
#include <gtest/gtest.h>

#include "safelight/sandbox/memory_file.h"
#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

class ListCatalogueTest : public ::testing::Test {
 protected:
  void add(const std::string& name, const std::string& text, const std::string& when) {
    const auto file = FileSource::from_descriptor(
        sandbox::MemoryFile::copy_of(std::as_bytes(std::span(text))).release());
    ASSERT_TRUE(file);
    ASSERT_TRUE(store_.add_or_build(name, {*file, "source"}, {}, when));
  }

  testing::TestFolder folder_;
  ListStore store_ = ListStore::open(folder_.path() / "lists");
  ListCatalogue catalogue_;
};

TEST_F(ListCatalogueTest, SaysHowMuchEachListHoldsAndWhenItChanged) {
  EXPECT_TRUE(catalogue_.read(store_).empty());
  add("b", std::string(32, '1') + "\n" + std::string(40, '2') + "\n", "2026-01-02T03:04:05Z");
  add("a", std::string(32, '3') + "\n", "2026-01-03T03:04:05Z");
  auto lists = catalogue_.read(store_);
  ASSERT_EQ(lists.size(), 2U);
  EXPECT_EQ(lists[0].name, "a");
  EXPECT_EQ(lists[1].entries, 2U);
  EXPECT_EQ(lists[1].digests, 2U);
  EXPECT_EQ(lists[1].fingerprints, 0U);
  EXPECT_EQ(lists[1].changed, "2026-01-02T03:04:05Z");
  add("b", std::string(32, '4') + "\n", "2026-01-04T03:04:05Z");
  lists = catalogue_.read(store_);
  EXPECT_EQ(lists[1].entries, 3U);
  EXPECT_EQ(lists[1].changed, "2026-01-04T03:04:05Z");
  ASSERT_TRUE(store_.drop("a", "2026-01-05T03:04:05Z"));
  EXPECT_EQ(catalogue_.read(store_).size(), 1U);
}

TEST_F(ListCatalogueTest, SaysOfAListThatCannotBeOpenedWhyAndOfTheOthersAllTheSame) {
  add("a", std::string(32, '3') + "\n", "2026-01-03T03:04:05Z");
  add("b", std::string(32, '4') + "\n", "2026-01-03T03:04:05Z");
  std::ofstream(folder_.path() / "lists" / "a.list") << "damaged";
  const auto lists = catalogue_.read(store_);
  ASSERT_EQ(lists.size(), 2U);
  EXPECT_NE(lists[0].problem, "");
  EXPECT_EQ(lists[0].entries, 0U);
  EXPECT_EQ(lists[1].problem, "");
  EXPECT_EQ(lists[1].entries, 1U);
}

}  // namespace
}  // namespace safelight::serve
