#include "safelight/lists/live_lists.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/internal/scratch_folder.h"
#include "safelight/lists/matcher.h"

namespace safelight {
namespace {

using lists::hex_of;
using lists::memory_file;

constexpr std::string_view kWhen = "2026-01-02T03:04:05Z";

class LiveListsTest : public testing::Test {
 protected:
  LiveListsTest() : store_(ListStore::open(folder_.path() / "lists")) {}

  void build(std::string_view name, const std::string& text) {
    const FileSource file = memory_file(text);
    const ListInput input{file, "source"};
    ASSERT_TRUE(store_.build(name, std::span(&input, 1), {}, kWhen));
  }
  void add(std::string_view name, const std::string& text) {
    const FileSource file = memory_file(text);
    ASSERT_TRUE(store_.add(name, {file, "more"}, {}, kWhen));
  }
  static size_t hits(const LiveLists& live, uint64_t i) {
    ListQuery query;
    query.md5 = *parse_hex<Md5>(hex_of(i, 32));
    return Matcher(*live.snapshot()).match(query, 31).hits.size();
  }

  lists::ScratchFolder folder_;
  ListStore store_;
};

TEST_F(LiveListsTest, AChangeIsSeenAfterARefreshAndASnapshotStaysAsItIs) {
  build("a", hex_of(1, 32) + "\n");
  build("b", hex_of(1, 32) + "\n");
  LiveLists live;
  ASSERT_TRUE(live.add(store_, "a"));
  ASSERT_TRUE(live.add(store_, "b"));
  EXPECT_EQ(live.add(store_, "absent").error().code, ErrorCode::not_found);
  EXPECT_FALSE(*live.refresh());
  const auto before = live.snapshot();
  add("b", hex_of(2, 32) + "\n");
  EXPECT_EQ(hits(live, 2), 0u);
  EXPECT_TRUE(*live.refresh());
  EXPECT_FALSE(*live.refresh());
  EXPECT_EQ(hits(live, 2), 1u);
  EXPECT_EQ(hits(live, 1), 2u);
  EXPECT_EQ((*before)[1]->info().entries, 1u);
  // What did not change is not opened again.
  EXPECT_EQ((*live.snapshot())[0], (*before)[0]);
  EXPECT_EQ((*live.snapshot())[1]->segments()[0], (*before)[1]->segments()[0]);
}

TEST_F(LiveListsTest, AListThatIsDroppedStaysAsItWasAndOneThatIsMadeAgainIsTaken) {
  build("a", hex_of(1, 32) + "\n");
  LiveLists live;
  ASSERT_TRUE(live.add(store_, "a"));
  ASSERT_TRUE(store_.drop("a", kWhen));
  EXPECT_FALSE(*live.refresh());
  EXPECT_EQ(hits(live, 1), 1u);
  build("a", hex_of(2, 32) + "\n");
  EXPECT_TRUE(*live.refresh());
  EXPECT_EQ(hits(live, 1), 0u);
  EXPECT_EQ(hits(live, 2), 1u);
}

TEST_F(LiveListsTest, ADamagedChangeIsAnErrorAndTheSnapshotStays) {
  build("a", hex_of(1, 32) + "\n");
  LiveLists live;
  ASSERT_TRUE(live.add(store_, "a"));
  folder_.write("lists/a.list", "no manifest at all, and longer than one's head");
  EXPECT_EQ(live.refresh().error().rule, "list-manifest.magic");
  EXPECT_EQ(hits(live, 1), 1u);
}

TEST_F(LiveListsTest, ManyThreadsLookUpAndRefreshWhileTheListChangesAndIsMerged) {
  build("a", hex_of(0, 32) + "\n");
  LiveLists live;
  ASSERT_TRUE(live.add(store_, "a"));
  std::atomic<uint64_t> added = 0;
  std::atomic<bool> done = false;
  std::atomic<uint64_t> missed = 0;
  const auto read = [&] {
    while (!done) {
      const uint64_t known = added;
      if (!live.refresh()) ++missed;
      // Whatever was added before the refresh is there after it.
      for (const uint64_t i : {uint64_t{0}, known}) {
        if (hits(live, i) != 1) ++missed;
      }
    }
  };
  {
    const std::jthread first(read);
    const std::jthread second(read);
    for (uint64_t i = 1; i <= 20; ++i) {
      add("a", hex_of(i, 32) + "\n");
      added = i;
      if (i % 7 == 0) {
        ASSERT_TRUE(store_.merge("a", kWhen));
      }
    }
    done = true;
  }
  EXPECT_EQ(missed, 0u);
}

}  // namespace
}  // namespace safelight
