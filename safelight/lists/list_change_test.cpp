#include <algorithm>
#include <array>
#include <atomic>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/list_manifest.h"
#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/internal/scratch_folder.h"
#include "safelight/lists/list_log.h"
#include "safelight/lists/list_store.h"
#include "safelight/lists/recall.h"

namespace safelight {
namespace {

using lists::hex_of;
using lists::memory_file;
using lists::ScratchFolder;

constexpr std::string_view kWhen = "2026-01-02T03:04:05Z";
const std::string kColumns = "md5,sha1,pdq,image id,category\n";

Md5 md5_of(uint64_t i) { return *parse_hex<Md5>(hex_of(i, 32)); }

/// A store whose lists are changed by texts.
class ChangedList {
 public:
  explicit ChangedList(const std::filesystem::path& folder, ListStore::OnStep on_step = {})
      : store_(ListStore::open(folder, nullptr, std::move(on_step))) {}

  void build(const std::string& text, const CompileOptions& options = {}) {
    const FileSource file = memory_file(text);
    const ListInput input{file, "source"};
    ASSERT_TRUE(store_.build("a", std::span(&input, 1), options, kWhen));
  }
  AddReport add(const std::string& text) {
    const FileSource file = memory_file(text);
    auto report = store_.add("a", {file, "addition"}, {}, kWhen);
    EXPECT_TRUE(report);
    return report ? *report : AddReport{};
  }
  RemoveReport remove(const std::string& text) {
    const FileSource file = memory_file(text);
    auto report = store_.remove("a", {file, "values"}, {}, kWhen);
    EXPECT_TRUE(report);
    return report ? *report : RemoveReport{};
  }
  void merge() { ASSERT_TRUE(store_.merge("a", kWhen)); }
  void merge_small() { ASSERT_TRUE(store_.merge_small("a", kWhen)); }
  HashList list() const { return *store_.load("a"); }
  ListStore& store() { return store_; }
  [[nodiscard]] const ListStore& store() const { return store_; }

 private:
  ListStore store_;
};

/// Ids of the entries that have a digest.
std::multiset<std::string> ids_of(const HashList& list, const Md5& digest) {
  std::multiset<std::string> ids;
  list.find(std::span(&digest, 1),
            [&](uint32_t, EntryPlace place) { ids.insert(list.entry(place).entry_id); });
  return ids;
}

size_t count_of(const HashList& list, uint64_t i) { return ids_of(list, md5_of(i)).size(); }

class ListChangeTest : public testing::Test {
 protected:
  ScratchFolder folder_;
  std::filesystem::path store_path() const { return folder_.path() / "lists"; }
  size_t files_named(std::string_view suffix) const {
    size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(store_path())) {
      count += file.path().filename().string().ends_with(suffix) ? 1 : 0;
    }
    return count;
  }
};

TEST_F(ListChangeTest, AnAdditionToNoListBuildsOneAndNeverReplacesOne) {
  ListStore store = ListStore::open(store_path());
  CompileOptions options;
  ASSERT_TRUE(options.mapping.set_from_text("x=known"));
  const auto add = [&](const std::string& text) {
    const FileSource file = memory_file(text);
    return store.add_or_build("a", {file, "addition"}, options, kWhen);
  };
  EXPECT_EQ(store.add("a", {memory_file("x"), "addition"}, {}, kWhen).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(add(hex_of(1, 32) + ",x\n" + hex_of(1, 32) + ",x\n")->merged, 1u);
  EXPECT_EQ(store.load("a")->info().mapping, options.mapping);
  options = {};
  EXPECT_EQ(add(hex_of(2, 32) + ",x\n" + hex_of(1, 32) + ",x\n")->held, 1u);
  EXPECT_EQ(store.load("a")->info().entries, 2u);
  EXPECT_TRUE(store.load("a")->info().categories[0].mapped) << "as the list has it";
  EXPECT_EQ(add("no list at all\n").error().rule, "list.format");
  EXPECT_EQ(store.load("a")->info().entries, 2u);
}

TEST_F(ListChangeTest, AnAdditionIsASegmentOfItsOwnAndTakesOnlyWhatIsNew) {
  ChangedList changed(store_path());
  changed.build(hex_of(1, 32) + ",x\n" + hex_of(2, 32) + ",x\n");
  const auto base = changed.list().segments()[0]->content_id();
  const AddReport report = changed.add(hex_of(2, 32) + ",x\n" + hex_of(2, 32) + ",y\n" +
                                       hex_of(3, 32) + ",x\n" + hex_of(3, 32) + ",x\n");
  EXPECT_EQ(report.added, 2u);
  EXPECT_EQ(report.held, 1u);
  EXPECT_EQ(report.merged, 1u);
  const HashList list = changed.list();
  ASSERT_EQ(list.segments().size(), 2u);
  EXPECT_EQ(list.segments()[0]->content_id(), base);
  EXPECT_EQ(list.info().entries, 4u);
  EXPECT_EQ(count_of(list, 2), 2u);
  EXPECT_EQ(list.info().categories[1].code, "y");
  EXPECT_EQ(list.info().sources.size(), 2u);
  // Nothing new is no change.
  EXPECT_EQ(changed.add(hex_of(3, 32) + ",x\n").added, 0u);
  EXPECT_EQ(changed.list().content_id(), list.content_id());
  EXPECT_EQ(verify_list_log(changed.store().log_path())->size(), 2u);
}

TEST_F(ListChangeTest, AnEntryIsRemovedByAnyOfItsValuesAndOnlyOnce) {
  ChangedList changed(store_path());
  changed.build(kColumns + hex_of(1, 32) + "," + hex_of(1, 40) + "," + hex_of(1, 64) + ",A,x\n" +
                hex_of(2, 32) + ",,,B,x\n" + hex_of(1, 32) + ",,,C,y\n");
  changed.add(hex_of(4, 32) + "\n");
  EXPECT_EQ(changed.remove(hex_of(1, 40) + "\n").removed, 1u);
  EXPECT_EQ(ids_of(changed.list(), md5_of(1)), (std::multiset<std::string>{"C"}));
  const RemoveReport again = changed.remove(hex_of(1, 40) + "\n" + hex_of(4, 32) + "\n");
  EXPECT_EQ(again.asked, 2u);
  EXPECT_EQ(again.absent, 1u);
  EXPECT_EQ(again.removed, 1u);
  const HashList list = changed.list();
  EXPECT_EQ(list.info().entries, 2u);
  EXPECT_EQ(list.info().md5, 2u);
  EXPECT_EQ(list.info().pdq, 0u);
  EXPECT_EQ(changed.remove(hex_of(99, 32) + "\n").absent, 1u);
  EXPECT_EQ(changed.list().content_id(), list.content_id());
  const auto by_id =
      changed.store().remove_entries("a", std::array<std::string, 2>{"C", "Z"}, kWhen);
  ASSERT_TRUE(by_id);
  EXPECT_EQ(by_id->removed, 1u);
  EXPECT_EQ(by_id->absent, 1u);
  EXPECT_EQ(changed.list().info().entries, 1u);
}

TEST_F(ListChangeTest, SixtyFourDigitsAloneRemoveBothWhatTheyMayBe) {
  ChangedList changed(store_path());
  changed.build("sha256,pdq\n" + hex_of(1, 64) + ",\n," + hex_of(1, 64) + "\n," + hex_of(2, 64) +
                "\n");
  const RemoveReport report = changed.remove(hex_of(1, 64) + "\n" + hex_of(3, 64) + "\n");
  EXPECT_EQ(report.removed, 2u);
  EXPECT_EQ(report.asked, 2u);
  EXPECT_EQ(report.absent, 1u);
}

TEST_F(ListChangeTest, WhatWasRemovedCanBeAddedAgain) {
  ChangedList changed(store_path());
  const std::string text = hex_of(1, 32) + "\n";
  changed.build(text);
  changed.remove(text);
  EXPECT_EQ(count_of(changed.list(), 1), 0u);
  EXPECT_EQ(changed.add(text).added, 1u);
  EXPECT_EQ(count_of(changed.list(), 1), 1u);
  EXPECT_EQ(changed.remove(text).removed, 1u);
  EXPECT_EQ(count_of(changed.list(), 1), 0u);
  EXPECT_EQ(changed.add(text).added, 1u);
  changed.merge();
  EXPECT_EQ(count_of(changed.list(), 1), 1u);
  EXPECT_EQ(changed.list().segments().size(), 1u);
  EXPECT_TRUE(changed.store().check()->empty());
}

TEST_F(ListChangeTest, AMergedListIsTheSameWhateverItWasMadeOf) {
  ChangedList changed(store_path());
  changed.build(kColumns + hex_of(1, 32) + ",,,A,x\n");
  changed.add(kColumns + hex_of(2, 32) + ",," + hex_of(2, 64) + ",B,y\n" + hex_of(3, 32) +
              ",,,C,z\n");
  changed.remove(hex_of(3, 32) + "\n");
  changed.merge();
  const HashList merged = changed.list();
  ASSERT_EQ(merged.segments().size(), 1u);
  EXPECT_TRUE(merged.verify());
  EXPECT_EQ(merged.info().entries, 2u);
  EXPECT_EQ(merged.info().categories.size(), 2u);
  EXPECT_EQ(merged.entry({0, 1}).entry_id, "B");
  EXPECT_EQ(merged.entry({0, 1}).source, "addition");
  EXPECT_EQ(merged.entry({0, 1}).source_record, 2u);
  EXPECT_EQ(files_named(".segment"), 1u);
  // Nothing is left to merge.
  EXPECT_EQ(changed.store().merge("a", kWhen)->segments_after, 1u);
  EXPECT_EQ(changed.list().content_id(), merged.content_id());
}

TEST_F(ListChangeTest, AMergeOfNothingButAdditionsGivesTheBytesOfABuildOfTheSameSources) {
  const std::string first = hex_of(1, 32) + ",x\n" + hex_of(2, 32) + ",y\n";
  const std::string second = hex_of(3, 32) + ",y\n" + hex_of(4, 32) + ",w\n";
  ChangedList changed(store_path());
  changed.build(first);
  changed.add(second);
  changed.merge();
  ChangedList built(folder_.path() / "built");
  const FileSource first_file = memory_file(first);
  const FileSource second_file = memory_file(second);
  const std::array inputs = {ListInput{first_file, "source"}, ListInput{second_file, "addition"}};
  ASSERT_TRUE(built.store().build("a", inputs, {}, kWhen));
  EXPECT_EQ(changed.list().content_id(), built.list().content_id());
}

TEST_F(ListChangeTest, RemappingKeepsTheEntriesOfAllSegments) {
  ChangedList changed(store_path());
  changed.build(hex_of(1, 32) + ",1\n");
  changed.add(hex_of(2, 32) + ",2\n");
  changed.remove(hex_of(1, 32) + "\n");
  CategoryMapping mapping;
  mapping.set("2", Disposition::known);
  ASSERT_TRUE(changed.store().remap("a", mapping, Disposition::ordinary, kWhen));
  const HashList list = changed.list();
  EXPECT_EQ(list.info().entries, 1u);
  EXPECT_EQ(list.disposition({0, 0}), Disposition::known);
  // What is added later has the list's mapping.
  changed.add(hex_of(3, 32) + ",2\n");
  EXPECT_EQ(changed.list().disposition({1, 0}), Disposition::known);
}

TEST_F(ListChangeTest, SmallSegmentsAreMergedSoThatTheirNumberGrowsWithTheLogarithm) {
  ChangedList changed(store_path());
  std::string base;
  for (uint64_t i = 0; i < 1'000; ++i) base += hex_of(i, 32) + "\n";
  changed.build(base);
  const auto base_id = changed.list().segments()[0]->content_id();
  for (uint64_t i = 0; i < 60; ++i) {
    changed.add(hex_of(5'000 + i, 32) + "\n");
    changed.merge_small();
    const HashList list = changed.list();
    ASSERT_LE(list.segments().size(), 4u);
    ASSERT_EQ(list.info().entries, 1'001 + i);
    ASSERT_EQ(list.segments()[0]->content_id(), base_id);
  }
  // Removals weigh as much as entries: in the end the large one is written anew.
  for (uint64_t i = 0; i < 400; ++i) base += hex_of(i, 32) + "\n";
  changed.remove(base);
  changed.merge_small();
  EXPECT_EQ(changed.list().segments().size(), 1u);
  EXPECT_EQ(changed.list().info().entries, 60u);
}

TEST_F(ListChangeTest, WhatComesDuringAMergeStaysAndTakesAwayWhatItDid) {
  std::function<void()> meanwhile;
  ChangedList other(store_path());
  ChangedList changed(store_path(), [&](std::string_view step) {
    if (step == "merged" && meanwhile) std::exchange(meanwhile, {})();
  });
  changed.build(kColumns + hex_of(1, 32) + ",,,A,x\n" + hex_of(2, 32) + ",,,B,x\n" + hex_of(3, 32) +
                ",,,C,x\n");
  changed.add(kColumns + hex_of(4, 32) + ",," + hex_of(4, 64) + ",D,x\n");
  changed.remove(hex_of(1, 32) + "\n");
  meanwhile = [&] {
    other.add(kColumns + hex_of(5, 32) + ",,,E,new\n" + hex_of(6, 32) + ",,,F,x\n");
    other.remove(hex_of(2, 32) + "\n" + hex_of(4, 64) + "\n" + hex_of(6, 32) + "\n");
    other.add(kColumns + hex_of(2, 32) + ",,,B,x\n");
    EXPECT_EQ(other.list().info().entries, 3u);
  };
  changed.merge();
  const HashList list = changed.list();
  EXPECT_EQ(list.segments().size(), 2u);
  EXPECT_EQ(list.info().entries, 3u);
  EXPECT_EQ(list.info().pdq, 0u);
  for (const uint64_t i : {1, 4, 6}) EXPECT_EQ(count_of(list, i), 0u) << i;
  for (const uint64_t i : {2, 3, 5}) EXPECT_EQ(count_of(list, i), 1u) << i;
  changed.merge();
  EXPECT_EQ(changed.list().info().entries, 3u);
  EXPECT_TRUE(changed.store().check()->empty());
}

TEST_F(ListChangeTest, TheMergeOfAListThatIsReplacedMeanwhileIsGivenUp) {
  ChangedList other(store_path());
  ChangedList changed(store_path(), [&](std::string_view step) {
    if (step == "merged") other.build(hex_of(9, 32) + "\n");
  });
  changed.build(hex_of(1, 32) + "\n");
  changed.add(hex_of(2, 32) + "\n");
  const auto report = changed.store().merge("a", kWhen);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().rule, "list.replaced-while-merging");
  EXPECT_EQ(count_of(changed.list(), 9), 1u);
  EXPECT_EQ(files_named(".merging"), 0u);
}

TEST_F(ListChangeTest, ASecondMergeOfAListIsRefusedWhileOneIsAtWork) {
  ChangedList other(store_path());
  bool refused = false;
  ChangedList changed(store_path(), [&](std::string_view step) {
    if (step != "merged") return;
    EXPECT_TRUE(other.store().merge_small("a", kWhen)->empty());
    try {
      (void)other.store().merge("a", kWhen);
    } catch (const Fault&) {
      refused = true;
    }
  });
  changed.build(hex_of(1, 32) + "\n");
  changed.add(hex_of(2, 32) + "\n");
  changed.merge();
  EXPECT_TRUE(refused);
  EXPECT_EQ(changed.list().segments().size(), 1u);
}

/// Entries by their ids, and what a plain search over them finds.
class Model {
 public:
  struct Row {
    std::optional<uint64_t> md5, sha1;
    std::optional<Fingerprint> fingerprint;
    [[nodiscard]] std::string text(const std::string& id) const {
      return (md5 ? hex_of(*md5, 32) : "") + "," + (sha1 ? hex_of(*sha1, 40) : "") + "," +
             (fingerprint ? to_hex(*fingerprint) : "") + "," + id + "," + id + "\n";
    }
  };
  std::map<std::string, Row> live;

  [[nodiscard]] std::multiset<std::string> with_md5(uint64_t md5) const {
    std::multiset<std::string> ids;
    for (const auto& [id, row] : live) {
      if (row.md5 == md5) ids.insert(id);
    }
    return ids;
  }
  [[nodiscard]] std::multiset<std::string> near(const Fingerprint& query) const {
    std::multiset<std::string> ids;
    for (const auto& [id, row] : live) {
      if (row.fingerprint && hamming_distance(*row.fingerprint, query) <= 31) ids.insert(id);
    }
    return ids;
  }
};

/// Made so that ids, digests and near fingerprints come again.
Model::Row row_of(uint64_t number) {
  Model::Row row;
  if (number % 3 != 0) row.md5 = number % 50;
  if (number % 5 != 0) row.sha1 = number / 2;
  if (number % 2 == 0 || (!row.md5 && !row.sha1)) {
    row.fingerprint = *parse_fingerprint(hex_of(number % 20, 64));
    row.fingerprint->words[0] ^= number;
  }
  return row;
}

TEST_F(ListChangeTest, RandomChangesLeaveWhatAPlainModelHas) {
  constexpr uint64_t kRows = 200;
  std::mt19937_64 random(11);
  ChangedList changed(store_path());
  Model model;
  std::string base = kColumns;
  for (uint64_t i = 0; i < 60; ++i) {
    const std::string id = "R" + std::to_string(i);
    model.live[id] = row_of(i);
    base += row_of(i).text(id);
  }
  changed.build(base);
  for (int round = 0; round < 60; ++round) {
    const uint64_t what = random() % 8;
    if (what < 4) {
      std::string text = kColumns;
      uint64_t new_rows = 0;
      std::set<uint64_t> numbers;
      while (numbers.size() < 1 + random() % 12) numbers.insert(random() % kRows);
      for (const uint64_t number : numbers) {
        const std::string id = "R" + std::to_string(number);
        text += row_of(number).text(id);
        new_rows += model.live.emplace(id, row_of(number)).second ? 1 : 0;
      }
      const AddReport report = changed.add(text);
      ASSERT_EQ(report.added, new_rows);
      ASSERT_EQ(report.held, numbers.size() - new_rows);
    } else if (what < 6) {
      const uint64_t md5 = random() % 50;
      const Fingerprint fingerprint = *row_of(random() % 100 * 2).fingerprint;
      const RemoveReport report =
          changed.remove("md5,pdq\n" + hex_of(md5, 32) + ",\n," + to_hex(fingerprint) + "\n");
      ASSERT_EQ(report.removed, std::erase_if(model.live, [&](const auto& entry) {
                  return entry.second.md5 == md5 || entry.second.fingerprint == fingerprint;
                }));
    } else if (what == 6) {
      changed.merge_small();
    } else {
      changed.merge();
    }
    const HashList list = changed.list();
    ASSERT_EQ(list.info().entries, model.live.size());
    uint64_t in_categories = 0;
    for (const ListCategory& category : list.info().categories) in_categories += category.entries;
    ASSERT_EQ(in_categories, model.live.size());
    for (uint64_t md5 = 0; md5 < 50; ++md5) {
      ASSERT_EQ(ids_of(list, md5_of(md5)), model.with_md5(md5)) << round;
    }
    std::vector<Fingerprint> queries;
    for (int i = 0; i < 10; ++i) queries.push_back(*row_of(random() % 100 * 2).fingerprint);
    for (const uint32_t limit : {kNoMatchLimit, 3u}) {
      ListMatches matches;
      list.search(queries, {31, limit}, matches);
      std::vector<std::multiset<std::string>> found(queries.size());
      for (const ListMatch& match : matches.matches) {
        found[match.query].insert(list.entry(match.entry).entry_id);
      }
      for (size_t i = 0; i < queries.size(); ++i) {
        const auto expected = model.near(queries[i]);
        ASSERT_EQ(found[i].size() + matches.cut[i], expected.size()) << round;
        if (limit == kNoMatchLimit) {
          ASSERT_EQ(found[i], expected) << round;
        } else {
          ASSERT_EQ(found[i].size(), std::min<size_t>(limit, expected.size()));
        }
      }
    }
    ASSERT_TRUE(recall(list, 5, 31, static_cast<uint64_t>(round)).complete());
  }
  EXPECT_TRUE(changed.store().check()->empty());
}

/// Runs `change` on the store in a process that ends itself, as a crash would, after a step.
void crash_after(const std::filesystem::path& folder, std::string_view step,
                 const std::function<void(ChangedList&)>& change) {
  const pid_t child = ::fork();
  if (child == 0) {
    ChangedList changed(folder, [step](std::string_view done) {
      if (done == step) ::_exit(7);
    });
    change(changed);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << step;
}

TEST_F(ListChangeTest, ACrashAfterAnyStepOfAChangeLeavesTheOldOrTheNew) {
  const std::map<std::string, std::function<void(ChangedList&)>> changes = {
      {"build", [](ChangedList& list) { list.build(hex_of(7, 32) + "\n"); }},
      {"add", [](ChangedList& list) { list.add(hex_of(7, 32) + "\n"); }},
      {"remove", [](ChangedList& list) { list.remove(hex_of(1, 32) + "\n"); }},
      {"merge", [](ChangedList& list) { list.merge(); }},
      {"remap",
       [](ChangedList& list) { (void)list.store().remap("a", {}, Disposition::known, kWhen); }},
  };
  for (const auto& [name, change] : changes) {
    for (const std::string step : {"merged", "segment", "log", "manifest"}) {
      if (step == "merged" && name != "merge") continue;
      const ScratchFolder scratch;
      const auto folder = scratch.path() / "lists";
      ChangedList changed(folder);
      changed.build(hex_of(1, 32) + "\n" + hex_of(2, 32) + "\n");
      changed.add(hex_of(3, 32) + "\n");
      const Sha256 before = changed.list().content_id();
      crash_after(folder, step, change);
      SCOPED_TRACE(name + " " + step);
      const auto after = changed.store().load("a");
      ASSERT_TRUE(after);
      EXPECT_TRUE(after->verify());
      EXPECT_EQ(after->content_id() != before, step == "manifest");
      // Only a change that is logged and did not take place is not as the log says.
      const auto check = changed.store().check();
      ASSERT_TRUE(check);
      EXPECT_EQ(check->size(), step == "log" ? 1u : 0u);
      // The next change goes on from there, and clears away what was left.
      changed.add(hex_of(8, 32) + "\n");
      changed.merge();
      EXPECT_TRUE(changed.store().check()->empty());
      for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const std::string left = file.path().filename().string();
        EXPECT_TRUE(left == "lists.log" || left == ".a.merge-lock" || left == "a.list" ||
                    left.ends_with(".segment"))
            << left;
      }
      size_t segments = 0;
      for (const auto& file : std::filesystem::directory_iterator(folder)) {
        segments += file.path().extension() == ".segment" ? 1 : 0;
      }
      EXPECT_EQ(segments, 1u);
    }
  }
}

TEST_F(ListChangeTest, AListWhoseWritersAreKilledAtAnyMomentVerifiesAndKeepsWhatWasDone) {
  ChangedList changed(store_path());
  changed.build(hex_of(0, 32) + "\n");
  std::mt19937_64 random(3);
  uint64_t expected = 1;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ChangedList writer(store_path());
      for (uint64_t i = writer.list().info().entries;; ++i) {
        writer.add(hex_of(i, 32) + "\n");
        const char byte = 1;
        if (::write(pipe_ends[1], &byte, 1) != 1) ::_exit(1);
        writer.merge_small();
      }
    }
    ::close(pipe_ends[1]);
    char bytes[512];
    // It has begun, however busy the machine is.
    ASSERT_EQ(::read(pipe_ends[0], bytes, 1), 1);
    ++expected;
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 15'000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    for (ssize_t got = 0; (got = ::read(pipe_ends[0], bytes, sizeof bytes)) > 0;) {
      expected += static_cast<uint64_t>(got);
    }
    ::close(pipe_ends[0]);
    const auto list = changed.store().load("a");
    ASSERT_TRUE(list);
    ASSERT_TRUE(list->verify());
    const uint64_t entries = list->info().entries;
    // One more may have been added than was told.
    ASSERT_TRUE(entries == expected || entries == expected + 1) << entries << ' ' << expected;
    expected = entries;
    for (uint64_t i = 0; i < entries; ++i) ASSERT_EQ(count_of(*list, i), 1u);
  }
}

TEST_F(ListChangeTest, AFullDiskIsAFaultAndTheListStaysAsItWas) {
  ChangedList changed(store_path());
  std::string base;
  for (uint64_t i = 0; i < 3'000; ++i) base += hex_of(i, 32) + "\n";
  changed.build(base);
  changed.add(hex_of(9'000, 32) + "\n");
  const Sha256 before = changed.list().content_id();
  const std::vector<std::function<void(ChangedList&)>> changes = {
      [&](ChangedList& list) { list.build(base + hex_of(5'000, 32) + "\n"); },
      [&](ChangedList& list) {
        std::string more;
        for (uint64_t i = 0; i < 2'000; ++i) more += hex_of(i + 10'000, 32) + "\n";
        list.add(more);
      },
      [&](ChangedList& list) { list.merge(); },
      [&](ChangedList& list) { list.remove(base); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{8'000, 8'000};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      try {
        ChangedList writer(store_path());
        changes[i](writer);
        ::_exit(1);
      } catch (const Fault&) {
        ::_exit(0);
      }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << i;
    EXPECT_EQ(changed.list().content_id(), before) << i;
  }
  EXPECT_TRUE(changed.store().check()->empty());
  changed.merge();
  EXPECT_EQ(changed.list().info().entries, 3'001u);
}

TEST_F(ListChangeTest, WritersWaitForEachOtherAndReadersSeeWholeChanges) {
  constexpr uint64_t kPairs = 25;
  ChangedList changed(store_path());
  changed.build(hex_of(0, 32) + "\n");
  std::atomic<bool> done = false;
  std::atomic<uint64_t> torn = 0;
  std::atomic<uint64_t> reads = 0;
  const auto read = [&] {
    const ChangedList reader(store_path());
    std::optional<HashList> list;
    while (!done) {
      list = reader.list();
      for (uint64_t i = 1; i <= 2 * kPairs; ++i) {
        // Both of a pair, or none.
        if (count_of(*list, 1'000 + i) != count_of(*list, 2'000 + i)) ++torn;
      }
      if (count_of(*list, 0) != 1) ++torn;
      ++reads;
    }
  };
  const auto write = [&](uint64_t from) {
    ChangedList writer(store_path());
    for (uint64_t i = from; i < from + kPairs; ++i) {
      const std::string pair = hex_of(1'000 + i, 32) + "\n" + hex_of(2'000 + i, 32) + "\n";
      EXPECT_EQ(writer.add(pair).added, 2u);
      if (i % 3 == 0) {
        EXPECT_EQ(writer.remove(pair).removed, 2u);
      }
      writer.merge_small();
    }
  };
  {
    const std::jthread first_reader(read);
    const std::jthread second_reader(read);
    std::jthread first(write, 1);
    std::jthread second(write, 1 + kPairs);
    first.join();
    second.join();
    done = true;
  }
  EXPECT_EQ(torn, 0u);
  EXPECT_GT(reads, 0u);
  uint64_t kept = 1;
  for (uint64_t i = 1; i <= 2 * kPairs; ++i) kept += i % 3 == 0 ? 0 : 2;
  EXPECT_EQ(changed.list().info().entries, kept);
  EXPECT_TRUE(changed.store().check()->empty());
}

TEST_F(ListChangeTest, ACheckNeverSeesAChangeThatIsLoggedAndNotDone) {
  const ChangedList other(store_path());
  std::vector<std::jthread> checks;
  std::atomic<size_t> wrong = 0;
  {
    ChangedList changed(store_path(), [&](std::string_view step) {
      if (step != "log") return;
      checks.emplace_back([&] { wrong += other.store().check()->size(); });
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    changed.build(hex_of(1, 32) + "\n");
    changed.add(hex_of(2, 32) + "\n");
    changed.remove(hex_of(1, 32) + "\n");
    changed.merge();
  }
  checks.clear();
  EXPECT_EQ(wrong, 0u);
}

TEST_F(ListChangeTest, WhatAReaderHasOpenStaysAsItWasWhenItsFilesGo) {
  ChangedList changed(store_path());
  changed.build(hex_of(1, 32) + "\n");
  changed.add(hex_of(2, 32) + "\n");
  const HashList old = changed.list();
  changed.remove(hex_of(1, 32) + "\n");
  changed.merge();
  ASSERT_TRUE(changed.store().drop("a", kWhen));
  EXPECT_EQ(files_named(".segment"), 0u);
  EXPECT_EQ(count_of(old, 1), 1u);
  EXPECT_EQ(count_of(old, 2), 1u);
  EXPECT_TRUE(old.verify());
}

TEST_F(ListChangeTest, AManifestIsRefusedAtTheFieldThatBreaksARule) {
  ChangedList changed(store_path());
  changed.build(hex_of(1, 32) + "\n");
  const auto path = store_path() / "a.list";
  const std::string good = ScratchFolder::read(path);
  const auto error_of = [&](const std::string& bytes) {
    const auto manifest = lists::decode_manifest(std::as_bytes(std::span(bytes)));
    return manifest ? Error{ErrorCode::not_found, "decoded"} : manifest.error();
  };
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(error_of(good.substr(0, length)).code, ErrorCode::truncated) << length;
  }
  for (size_t i = 0; i < good.size(); ++i) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_NE(error_of(flipped).rule, "decoded") << i;
  }
  const auto with = [&](size_t offset, char value) {
    std::string bytes = good;
    bytes[offset] = value;
    return error_of(bytes);
  };
  EXPECT_EQ(with(0, 'X'), Error::at(ErrorCode::malformed, "list-manifest.magic", 0));
  EXPECT_EQ(with(8, 2), Error::at(ErrorCode::unsupported, "list-manifest.version", 8));
  EXPECT_EQ(with(12, 0), Error::at(ErrorCode::malformed, "list-manifest.segments", 12));
  EXPECT_EQ(with(14, 1), Error::at(ErrorCode::limit_exceeded, "list-manifest.segments", 12));
  EXPECT_EQ(with(30, 'x'), Error::at(ErrorCode::integrity_mismatch, "list-manifest.checksum", 64));
  EXPECT_EQ(error_of(good + "x"), Error::at(ErrorCode::malformed, "list-manifest.length", 96));
}

TEST_F(ListChangeTest, ASegmentOfAnotherContentThanTheManifestSaysIsRefused) {
  ChangedList changed(store_path());
  changed.build(hex_of(1, 32) + "\n");
  ChangedList other(folder_.path() / "other");
  other.build(hex_of(2, 32) + "\n");
  const auto segment_of = [](const std::filesystem::path& folder) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() == ".segment") return file.path();
    }
    return std::filesystem::path();
  };
  std::filesystem::copy_file(segment_of(folder_.path() / "other"), segment_of(store_path()),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(changed.store().load("a").error().rule, "list-manifest.content-id");
  std::filesystem::remove(segment_of(store_path()));
  EXPECT_EQ(changed.store().load("a").error(), (Error{ErrorCode::not_found, "list.segment"}));
}

}  // namespace
}  // namespace safelight
