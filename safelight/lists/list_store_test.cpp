#include "safelight/lists/list_store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <set>
#include <sys/stat.h>

#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/scratch_folder.h"
#include "safelight/lists/list_log.h"
#include "safelight/lists/recall.h"

namespace safelight {
namespace {

using lists::hex_of;
using lists::ScratchFolder;

constexpr std::string_view kWhen = "2026-01-02T03:04:05Z";

class ListStoreTest : public testing::Test {
 protected:
  ListStoreTest() : store_(ListStore::open(folder_.path() / "lists")) {}

  Result<CompileReport> import(std::string_view name, std::string_view text,
                               const CompileOptions& options = {}) {
    const auto path = folder_.write("source", text);
    SAFELIGHT_TRY(const FileSource file, FileSource::open(AT_FDCWD, path.c_str()));
    const ListInput input{file, "source.txt"};
    return store_.build(name, std::span(&input, 1), options, kWhen);
  }
  /// What a list of that one compiled file is known by.
  static Sha256 id_of(const CompileReport& report) {
    return list_content_id(std::span(&report.info.content_id, 1));
  }
  /// The only compiled file of a list.
  std::filesystem::path segment_of(const std::string& name) const {
    return store_.folder() /
           (name + "." + to_hex(store_.load(name)->segments()[0]->content_id()) + ".segment");
  }
  std::vector<ListLogRecord> log() const { return *verify_list_log(store_.log_path()); }

  ScratchFolder folder_;
  ListStore store_;
};

TEST(ListName, MayHoldOnlyPlainCharacters) {
  for (const std::string_view good : {"a", "Known-2026_v1.2", "x."}) {
    EXPECT_TRUE(check_list_name(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string(".hidden"), std::string("a/b"), std::string("a b"),
        std::string("\xc3\xa9"), std::string(65, 'a')}) {
    EXPECT_EQ(check_list_name(bad).error().rule, "list.name") << bad;
  }
}

TEST_F(ListStoreTest, ImportsReplacesRemapsAndDropsAndLogsIt) {
  CompileOptions options;
  ASSERT_TRUE(options.mapping.set_from_text("1=known"));
  const auto first = import("alpha", hex_of(1, 32) + ",1\nbad\n", options);
  ASSERT_TRUE(first);
  ASSERT_TRUE(import("beta", hex_of(2, 40)));
  EXPECT_EQ(store_.names(), (std::vector<std::string>{"alpha", "beta"}));
  EXPECT_EQ(store_.load("alpha")->content_id(), id_of(*first));
  ASSERT_TRUE(import("alpha", hex_of(3, 32) + ",1\n", options));
  CategoryMapping mapping;
  mapping.set("1", Disposition::review);
  ASSERT_TRUE(store_.remap("alpha", mapping, Disposition::unknown, kWhen));
  EXPECT_EQ(store_.load("alpha")->entry({0, 0}).disposition, Disposition::review);
  ASSERT_TRUE(store_.drop("beta", kWhen));
  EXPECT_EQ(store_.names(), (std::vector<std::string>{"alpha"}));

  const auto records = log();
  ASSERT_EQ(records.size(), 5u);
  std::vector<std::string> actions;
  for (const ListLogRecord& record : records) actions.push_back(record.action);
  EXPECT_EQ(actions, (std::vector<std::string>{"import", "import", "replace", "remap", "drop"}));
  EXPECT_EQ(records[0].when, kWhen);
  EXPECT_EQ(records[0].list, "alpha");
  EXPECT_EQ(records[0].content_id, to_hex(id_of(*first)));
  const auto field = [&](size_t i, std::string_view name) {
    for (const auto& [key, value] : records[i].fields) {
      if (key == name) return value;
    }
    return std::string("absent");
  };
  EXPECT_EQ(field(0, "map:1"), "known");
  EXPECT_EQ(field(0, "refused"), "1");
  EXPECT_EQ(field(0, "entries"), "1");
  EXPECT_EQ(field(2, "replaced_content_id"), to_hex(id_of(*first)));
  const auto discrepancies = store_.check();
  ASSERT_TRUE(discrepancies);
  EXPECT_TRUE(discrepancies->empty());
}

TEST_F(ListStoreTest, TheLogHoldsNoHashOfAnyEntry) {
  ASSERT_TRUE(import("alpha", hex_of(1, 32) + "\nnot " + hex_of(2, 32) + "\n"));
  const std::string text = ScratchFolder::read(store_.log_path());
  EXPECT_EQ(text.find(hex_of(1, 32)), std::string::npos);
  EXPECT_EQ(text.find(hex_of(2, 32)), std::string::npos);
}

TEST_F(ListStoreTest, FilesAndFolderAreTheOwnersAlone) {
  ASSERT_TRUE(import("alpha", hex_of(1, 32)));
  const auto mode_of = [](const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777;
  };
  EXPECT_EQ(mode_of(store_.folder()), 0700u);
  EXPECT_EQ(mode_of(store_.log_path()), 0600u);
  EXPECT_EQ(mode_of(store_.folder() / "alpha.list"), 0600u);
  EXPECT_EQ(mode_of(segment_of("alpha")), 0600u);
  ASSERT_EQ(::chmod(store_.folder().c_str(), 0755), 0);
  EXPECT_EQ(mode_of(ListStore::open(store_.folder()).folder()), 0700u);
}

TEST_F(ListStoreTest, WhatIsNotThereIsNotFoundAndABadNameIsRefused) {
  EXPECT_EQ(store_.load("absent").error().code, ErrorCode::not_found);
  EXPECT_EQ(store_.drop("absent", kWhen).error().code, ErrorCode::not_found);
  EXPECT_EQ(store_.load("../a").error().rule, "list.name");
  EXPECT_EQ(import("../a", hex_of(1, 32)).error().rule, "list.name");
}

TEST_F(ListStoreTest, AFailedImportChangesNothing) {
  const auto first = import("alpha", hex_of(1, 32));
  ASSERT_TRUE(first);
  EXPECT_FALSE(import("alpha", "no list at all\n"));
  EXPECT_EQ(store_.load("alpha")->content_id(), id_of(*first));
  EXPECT_EQ(log().size(), 1u);
}

TEST_F(ListStoreTest, WhatAKilledImportLeftIsRemovedByTheNext) {
  folder_.write("lists/.new-.alpha.pending-a1b2c3", "half a list");
  folder_.write("lists/.alpha.pending", "a list that was not put in place");
  folder_.write("lists/alpha." + std::string(64, 'a') + ".segment", "one that was never named");
  ASSERT_TRUE(import("beta", hex_of(1, 32)));
  std::set<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(store_.folder())) {
    files.insert(file.path().filename().string());
  }
  EXPECT_EQ(files, (std::set<std::string>{"beta.list", segment_of("beta").filename().string(),
                                          "lists.log"}));
}

TEST_F(ListStoreTest, AListThatIsNotAsLoggedIsShown) {
  ASSERT_TRUE(import("alpha", hex_of(1, 32)));
  ASSERT_TRUE(import("beta", hex_of(2, 32)));
  const auto beta = segment_of("beta");
  for (const std::string other : {"gamma", "alpha"}) {
    std::filesystem::copy_file(store_.folder() / "beta.list", store_.folder() / (other + ".list"),
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy_file(beta,
                               store_.folder() / (other + beta.filename().string().substr(4)));
  }
  std::filesystem::remove(store_.folder() / "beta.list");
  const auto discrepancies = store_.check();
  ASSERT_TRUE(discrepancies);
  ASSERT_EQ(discrepancies->size(), 3u);
  EXPECT_EQ((*discrepancies)[0].list, "alpha");
  EXPECT_EQ((*discrepancies)[1].list, "beta");
  EXPECT_EQ((*discrepancies)[1].present, "");
  EXPECT_EQ((*discrepancies)[2].list, "gamma");
  EXPECT_EQ((*discrepancies)[2].logged, "");
}

class ListLogTest : public ListStoreTest {
 protected:
  void SetUp() override {
    for (uint64_t i = 0; i < 3; ++i) ASSERT_TRUE(import("alpha", hex_of(i + 1, 32)));
    text_ = ScratchFolder::read(store_.log_path());
  }
  Result<std::vector<ListLogRecord>> verify(const std::string& text) const {
    return verify_list_log(folder_.write("log", text));
  }
  std::string text_;
};

TEST_F(ListLogTest, AnyChangedByteBreaksTheChain) {
  ASSERT_EQ(verify(text_)->size(), 3u);
  for (size_t i = 0; i < text_.size(); ++i) {
    std::string changed = text_;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_FALSE(verify(changed)) << i;
  }
}

TEST_F(ListLogTest, ALineTakenOutOrSwappedIsFoundAtItsOffset) {
  const size_t second = text_.find('\n') + 1;
  const size_t third = text_.find('\n', second) + 1;
  EXPECT_EQ(verify(text_.substr(second)).error(),
            Error::at(ErrorCode::integrity_mismatch, "list-log.chain", 0));
  EXPECT_EQ(verify(text_.substr(0, second) + text_.substr(third)).error(),
            Error::at(ErrorCode::integrity_mismatch, "list-log.chain", second));
}

TEST_F(ListLogTest, EveryTruncationIsShownUnlessItEndsALine) {
  for (size_t length = 0; length < text_.size(); ++length) {
    const bool ends_line = length == 0 || text_[length - 1] == '\n';
    const auto records = verify(text_.substr(0, length));
    ASSERT_EQ(records.has_value(), ends_line) << length;
    if (!ends_line) {
      EXPECT_EQ(records.error().code, ErrorCode::truncated);
    }
  }
}

TEST_F(ListLogTest, ALineCutOffByACrashIsMendedAndTheMendingLogged) {
  std::filesystem::resize_file(store_.log_path(), text_.size() - 10);
  ASSERT_TRUE(import("beta", hex_of(9, 32)));
  const auto records = log();
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[2].action, "mend");
  EXPECT_EQ(records[3].action, "import");
}

TEST_F(ListLogTest, ABrokenLogStopsFurtherChanges) {
  std::string changed = text_;
  changed[5] = changed[5] == 'a' ? 'b' : 'a';
  folder_.write("lists/lists.log", changed);
  const auto report = import("beta", hex_of(9, 32));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::integrity_mismatch);
  EXPECT_EQ(store_.names(), (std::vector<std::string>{"alpha"}));
}

TEST_F(ListStoreTest, RecallOfAnIndexIsComplete) {
  std::string text = "pdq\n";
  for (uint64_t i = 0; i < 5'000; ++i) text += hex_of(i, 64) + "\n";
  ASSERT_TRUE(import("alpha", text));
  const auto list = store_.load("alpha");
  ASSERT_TRUE(list);
  const Recall result = recall(*list, 200, 31, 7);
  EXPECT_EQ(result.queries, 200u);
  EXPECT_GE(result.expected, 200u);
  EXPECT_EQ(result.found, result.expected);
  EXPECT_TRUE(result.complete());
  ASSERT_TRUE(import("empty", ""));
  EXPECT_EQ(recall(*store_.load("empty"), 10, 31, 1).queries, 0u);
}

}  // namespace
}  // namespace safelight
