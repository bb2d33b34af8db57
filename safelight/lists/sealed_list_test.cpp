#include <gtest/gtest.h>

#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/internal/scratch_folder.h"
#include "safelight/lists/list_store.h"
#include "safelight/lists/recall.h"

namespace safelight {
namespace {

using lists::hex_of;
using lists::memory_file;
using lists::ScratchFolder;

constexpr std::string_view kWhen = "2026-01-02T03:04:05Z";

ListKey key_of(uint8_t first) {
  std::array<std::byte, SealKey::kBytes> bytes{};
  bytes[0] = std::byte{first};
  return std::make_shared<const SealKey>(bytes);
}

Md5 md5_of(uint64_t i) { return *parse_hex<Md5>(hex_of(i, 32)); }

class SealedListTest : public testing::Test {
 protected:
  static void build(ListStore store) {
    const FileSource file =
        memory_file("md5,pdq,image id,category\n" + hex_of(1, 32) + "," + hex_of(11, 64) +
                    ",an-id-to-look-for,1\n" + hex_of(2, 32) + "," + hex_of(12, 64) + ",b,1\n");
    const ListInput input{file, "source"};
    ASSERT_TRUE(store.build("a", std::span(&input, 1), {}, kWhen));
  }
  static void add(ListStore store, uint64_t digest) {
    const FileSource file = memory_file(hex_of(digest, 32) + "\n");
    ASSERT_TRUE(store.add("a", {file, "addition"}, {}, kWhen));
  }
  static bool has(const HashList& list, uint64_t digest) {
    bool found = false;
    const Md5 md5 = md5_of(digest);
    list.find(std::span(&md5, 1), [&](uint32_t, EntryPlace) { found = true; });
    return found;
  }

  [[nodiscard]] ListStore store(ListKey key) const {
    return ListStore::open(folder_.path() / "lists", std::move(key));
  }
  [[nodiscard]] std::vector<std::filesystem::path> segments() const {
    std::vector<std::filesystem::path> paths;
    for (const auto& file : std::filesystem::directory_iterator(folder_.path() / "lists")) {
      if (file.path().extension() == ".segment") paths.push_back(file.path());
    }
    return paths;
  }

  ScratchFolder folder_;
};

TEST_F(SealedListTest, AnswersAsOneThatIsNotSealed) {
  build(store(key_of(1)));
  const HashList list = *store(key_of(1)).load("a");
  EXPECT_TRUE(list.segments()[0]->is_sealed());
  EXPECT_TRUE(has(list, 1));
  EXPECT_FALSE(has(list, 3));
  EXPECT_TRUE(recall(list, 20, 31, 1).complete());
  EXPECT_TRUE(list.verify());
  const auto discrepancies = store(key_of(1)).check();
  ASSERT_TRUE(discrepancies);
  EXPECT_TRUE(discrepancies->empty());
}

TEST_F(SealedListTest, HasTheContentIdOfOneThatIsNotSealed) {
  build(store(key_of(1)));
  const Sha256 sealed = store(key_of(1)).load("a")->content_id();
  build(store(nullptr));
  EXPECT_EQ(store(nullptr).load("a")->content_id(), sealed);
}

TEST_F(SealedListTest, ShowsNothingOfItselfOnTheDisk) {
  build(store(key_of(1)));
  add(store(key_of(1)), 3);
  ASSERT_EQ(segments().size(), 2u);
  for (const auto& file : std::filesystem::directory_iterator(folder_.path() / "lists")) {
    const std::string bytes = ScratchFolder::read(file.path());
    EXPECT_EQ(bytes.find("an-id-to-look-for"), std::string::npos) << file.path();
    for (const uint64_t digest : {1, 2, 3}) {
      const Md5 md5 = md5_of(digest);
      // The first bytes may stand in a directory.
      const std::string value(reinterpret_cast<const char*>(md5.bytes.data()) + 3, 13);
      EXPECT_EQ(bytes.find(value), std::string::npos) << file.path();
      EXPECT_EQ(bytes.find(hex_of(digest, 32)), std::string::npos) << file.path();
    }
  }
}

TEST_F(SealedListTest, IsChangedAndMergedAsAnyOther) {
  build(store(key_of(1)));
  add(store(key_of(1)), 3);
  const FileSource values = memory_file(hex_of(1, 32) + "\n");
  ASSERT_TRUE(store(key_of(1)).remove("a", {values, "values"}, {}, kWhen));
  ASSERT_TRUE(store(key_of(1)).merge("a", kWhen));
  const HashList list = *store(key_of(1)).load("a");
  ASSERT_EQ(list.segments().size(), 1u);
  EXPECT_TRUE(list.segments()[0]->is_sealed());
  EXPECT_FALSE(has(list, 1));
  EXPECT_TRUE(has(list, 2));
  EXPECT_TRUE(has(list, 3));
}

TEST_F(SealedListTest, IsNotOpenedWithoutItsKey) {
  build(store(key_of(1)));
  EXPECT_EQ(store(nullptr).load("a").error(),
            (Error{ErrorCode::encrypted, "compiled-list.sealed"}));
  EXPECT_EQ(store(key_of(2)).load("a").error(), Error::at(ErrorCode::encrypted, "sealed.key", 56));
}

TEST_F(SealedListTest, MayBeginAsOneThatIsNotSealedAndIsSealedByAMerge) {
  build(store(nullptr));
  add(store(key_of(1)), 3);
  const HashList mixed = *store(key_of(1)).load("a");
  ASSERT_EQ(mixed.segments().size(), 2u);
  EXPECT_FALSE(mixed.segments()[0]->is_sealed());
  EXPECT_TRUE(mixed.segments()[1]->is_sealed());
  ASSERT_TRUE(store(key_of(1)).merge("a", kWhen));
  EXPECT_TRUE(store(key_of(1)).load("a")->segments()[0]->is_sealed());
  EXPECT_EQ(segments().size(), 1u);
}

TEST_F(SealedListTest, ThatWasChangedOnTheDiskIsRefusedBeforeItAnswers) {
  build(store(key_of(1)));
  const std::filesystem::path path = segments().at(0);
  const std::string good = ScratchFolder::read(path);
  for (size_t i = 0; i < good.size(); i += 37) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    folder_.write("lists/" + path.filename().string(), bad);
    EXPECT_FALSE(store(key_of(1)).load("a")) << i;
  }
  for (size_t length = 0; length < good.size(); length += 101) {
    folder_.write("lists/" + path.filename().string(), good.substr(0, length));
    EXPECT_FALSE(store(key_of(1)).load("a")) << length;
  }
}

}  // namespace
}  // namespace safelight
