#include "safelight/serve/screening/lists_in_use.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "safelight/serve/screening/lists_for_test.h"

namespace safelight::serve {
namespace {

using testing::kSecondNs;
using testing::SetClock;
using testing::TestLists;

class Lines final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view message) override {
    lines.emplace_back(message);
  }
  std::vector<std::string> lines;
};

std::string md5_text(char digit) { return std::string(32, digit); }

class ListsInUseTest : public ::testing::Test {
 protected:
  ListsInUseTest() { store_.build("charts", md5_text('1') + "\n"); }
  static size_t hits(ListsInUse& lists, char digit) {
    ListQuery query;
    query.md5 = *parse_hex<Md5>(md5_text(digit));
    return lists.now()->match(std::span<const ListQuery>(&query, 1))[0].hits.size();
  }

  TestLists store_;
  SetClock clock_;
  Lines log_;
};

TEST_F(ListsInUseTest, AChangeIsSeenAfterTheTimeThatItMayStayUnseen) {
  ListsInUse lists(store_.live({"charts"}), {}, clock_, log_);
  const auto before = lists.now();
  store_.add("charts", md5_text('2') + "\n");
  EXPECT_EQ(hits(lists, '2'), 0u);
  clock_.advance(kSecondNs);
  EXPECT_EQ(hits(lists, '2'), 1u);
  EXPECT_EQ(hits(lists, '1'), 1u);
  EXPECT_EQ(before->lists()[0]->info().entries, 1u);
}

TEST_F(ListsInUseTest, AClockThatIsSetBackKeepsNoChangeUnseen) {
  ListsInUse lists(store_.live({"charts"}), {}, clock_, log_);
  store_.add("charts", md5_text('2') + "\n");
  clock_.advance(-60 * kSecondNs);
  EXPECT_EQ(hits(lists, '2'), 1u);
}

TEST_F(ListsInUseTest, AChangeThatCannotBeUsedIsSaidOnceAndTheListStays) {
  ListsInUse lists(store_.live({"charts"}), {}, clock_, log_);
  const auto manifest = store_.folder() / "charts.list";
  std::filesystem::resize_file(manifest, 3);
  for (int i = 0; i < 3; ++i) {
    clock_.advance(kSecondNs);
    EXPECT_EQ(hits(lists, '1'), 1u);
  }
  EXPECT_TRUE(lists.is_stale());
  EXPECT_EQ(log_.lines.size(), 1u);
}

TEST_F(ListsInUseTest, SmallPicturesAreLookedUpInAllOrientationsOnlyInSmallLists) {
  PdqHashes hashes;
  hashes.quality = 90;
  for (size_t i = 0; i < kOrientations; ++i) hashes.fingerprints[i].words.fill(0x1111 * (i + 1));
  store_.build("prints", "pdq\n" + to_hex(hashes.fingerprints[3]) + "\n");
  casefile::ExaminedContent content;
  content.examination.width = content.examination.height = 10;
  content.examination.fingerprints = {hashes};
  for (const auto choice :
       {scan::OrientationChoice::automatic, scan::OrientationChoice::original}) {
    ListsOptions options;
    options.orientations = choice;
    options.radius_bits = 0;
    ListsInUse lists(store_.live({"prints"}), options, clock_, log_);
    const auto matched =
        lists.now()->match(std::span<const casefile::ExaminedContent>(&content, 1));
    EXPECT_EQ(matched[0].hits.size(), choice == scan::OrientationChoice::automatic ? 1u : 0u);
  }
}

}  // namespace
}  // namespace safelight::serve
