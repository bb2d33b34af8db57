#include "safelight/serve/held/held_store.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <random>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/seal/seal_key.h"
#include "safelight/serve/screening/lists_for_test.h"

namespace safelight::serve {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kSecondNs;
using testing::memory_source;

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void write_text(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

class HeldStoreTest : public ::testing::Test {
 protected:
  HeldStoreTest() {
    lists_.build("charts", std::string(32, '1') + "\n");
    list_ =
        std::make_shared<const ListsAtOnce>(lists_.live({"charts"})->snapshot(), ListsOptions{});
    SealKey::make_file(places_.key_file);
    casefile::Writer::create(places_.case_directory, casefile::random_case_id(), {}, clock_, log_);
  }

  std::unique_ptr<HeldStore> open() {
    return HeldStore::open(places_, options_, random_, clock_, log_);
  }
  Screened screened(std::string_view text) const {
    Screened screened;
    screened.reasons = {HoldReason::digest};
    auto& digests = screened.digested.digests;
    digests.sha256 = sha256_of(std::as_bytes(std::span(text)));
    digests.size_bytes = text.size();
    casefile::ExaminedContent content;
    content.content = {casefile::content_key(digests.sha256), digests.sha256, digests.sha1,
                       digests.md5, digests.size_bytes};
    content.examination.format = "jpeg";
    screened.contents = {content};
    Hit hit;
    hit.list = "charts";
    hit.entry_id = "line 1";
    screened.matches = {{{hit}, {}}};
    screened.lists = list_;
    return screened;
  }
  HeldId keep(HeldStore& store, std::string_view text) {
    const auto before = store.all();
    store.keep(memory_source(text), screened(text), {3, "platform"});
    for (const HeldId& id : store.all()) {
      if (std::ranges::find(before, id) == before.end()) return id;
    }
    return {};
  }
  static std::string text_of(const Result<FileSource>& file) {
    std::string text(file->size_bytes(), '\0');
    EXPECT_TRUE(file->read_at(0, std::as_writable_bytes(std::span(text))));
    return text;
  }
  std::vector<casefile::StoredItem> items() const {
    std::vector<casefile::StoredItem> items;
    casefile::Reader::open(places_.case_directory)
        .for_each_item([&](const casefile::StoredItem& item) { items.push_back(item); });
    return items;
  }
  /// Does something in a process of its own that ends at that step.
  template <typename Act>
  bool ends_at(std::string_view step, const Act& act) {
    const pid_t child = fork();
    if (child == 0) {
      options_.on_step = [&](std::string_view done) {
        if (done == step) _exit(42);
      };
      auto store = open();
      act(*store);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 42;
  }

  testing::TestFolder folder_;
  HeldStorePlaces places_{folder_.path() / "case", folder_.path() / "held", folder_.path() / "key"};
  HeldStoreOptions options_{.tool_version = "1.0"};
  testing::SetClock clock_;
  testing::SeededRandom random_;
  NoLog log_;
  testing::TestLists lists_;
  std::shared_ptr<const ListsAtOnce> list_;
};

TEST_F(HeldStoreTest, WhatIsKeptComesBackAndIsAnItemOfTheCase) {
  auto store = open();
  const HeldId id = keep(*store, "a chart");
  EXPECT_EQ(text_of(store->bytes(id)), "a chart");
  const auto known = store->find(id);
  EXPECT_EQ(known->tenant, "platform");
  EXPECT_EQ(known->key, 3);
  EXPECT_EQ(known->received_ns, clock_.now_ns());
  const auto all = items();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].display_path, id.text);
  EXPECT_EQ(store->upload_of(all[0].item), id);
  ASSERT_TRUE(all[0].content);
  ASSERT_EQ(all[0].content->hits.size(), 1u);
  EXPECT_EQ(all[0].content->hits[0].hit.list, "charts");
  EXPECT_EQ(all[0].item.findings[0].kind, "held_upload");
}

TEST_F(HeldStoreTest, TheSameBytesTwiceAreTwoUploadsOfOneContent) {
  auto store = open();
  keep(*store, "a chart");
  keep(*store, "a chart");
  EXPECT_EQ(store->all().size(), 2u);
  const auto all = items();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].item.content, all[1].item.content);
  EXPECT_EQ(all[0].content->hits.size(), 1u);
}

TEST_F(HeldStoreTest, NothingIsReadableOnTheDiskAndNobodyElseMayLook) {
  const std::string text = "a chart that nobody reads on the disk";
  {
    auto store = open();
    keep(*store, text);
  }
  for (const auto& entry : fs::recursive_directory_iterator(places_.store)) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0077, 0u) << entry.path();
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(file_text(entry.path()).find(text.substr(0, 12)), std::string::npos);
    EXPECT_EQ(file_text(entry.path()).find("platform"), std::string::npos);
  }
  EXPECT_EQ(file_text(places_.case_directory / "case.db").find(text.substr(0, 12)),
            std::string::npos);
}

TEST_F(HeldStoreTest, WhatIsPurgedIsGoneAndItsItemSaysWhatItWas) {
  auto store = open();
  const HeldId id = keep(*store, "a chart");
  EXPECT_GT(store->used_bytes(), 0u);
  EXPECT_EQ(store->purge(id, "no longer needed", "lead"), PurgeOutcome::done);
  EXPECT_EQ(store->bytes(id).error().code, ErrorCode::not_found);
  EXPECT_EQ(store->purge(id, "again", "lead"), PurgeOutcome::not_found);
  EXPECT_EQ(store->purge(id, "", "lead"), PurgeOutcome::no_reason);
  EXPECT_EQ(store->used_bytes(), 0u);
  EXPECT_THAT(names_in(places_.store / "keys"), IsEmpty());
  EXPECT_THAT(names_in(places_.store / "objects"), IsEmpty());
  EXPECT_EQ(items().size(), 1u);
}

TEST_F(HeldStoreTest, AnObjectWithoutItsKeyCannotBeRead) {
  auto store = open();
  const HeldId id = keep(*store, "a chart");
  const std::string object = file_text(places_.store / "objects" / id.text);
  store->purge(id, "reason", "lead");
  const HeldId other = keep(*store, "another");
  write_text(places_.store / "objects" / other.text, object);
  EXPECT_FALSE(store->bytes(other));
}

TEST_F(HeldStoreTest, ALegalHoldKeepsItUntilItIsLiftedOrExpires) {
  auto store = open();
  const HeldId id = keep(*store, "a chart");
  const auto first = store->place_hold(id, "court order", "lead", clock_.now_ns() + kSecondNs);
  const auto second = store->place_hold(id, "request", "other", clock_.now_ns() + 9 * kSecondNs);
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(store->purge(id, "reason", "lead"), PurgeOutcome::held);
  clock_.advance(kSecondNs);
  ASSERT_EQ(store->holds(id)->size(), 1u);
  EXPECT_EQ(store->holds(id)->at(0).reason, "request");
  EXPECT_EQ(store->purge(id, "reason", "lead"), PurgeOutcome::held);
  store.reset();
  store = open();
  EXPECT_EQ(store->purge(id, "reason", "lead"), PurgeOutcome::held);
  EXPECT_EQ(store->lift_hold(id, 99, "lead").error().code, ErrorCode::not_found);
  EXPECT_TRUE(store->lift_hold(id, *second, "lead"));
  EXPECT_EQ(store->purge(id, "reason", "lead"), PurgeOutcome::done);
}

TEST_F(HeldStoreTest, AHoldHasAReasonSomebodyAndATimeToCome) {
  auto store = open();
  options_.max_holds = 1;
  const HeldId id = keep(*store, "a chart");
  const int64_t later = clock_.now_ns() + kSecondNs;
  EXPECT_EQ(store->place_hold(id, "", "lead", later).error().rule, "held.reason");
  EXPECT_EQ(store->place_hold(id, "reason", "", later).error().rule, "held.reason");
  EXPECT_EQ(store->place_hold(id, "reason", "lead", clock_.now_ns()).error().rule, "held.expiry");
  EXPECT_EQ(store->place_hold({"../key"}, "reason", "lead", later).error().code,
            ErrorCode::not_found);
  for (int i = 0; i < 16; ++i) EXPECT_TRUE(store->place_hold(id, "reason", "lead", later));
  EXPECT_EQ(store->place_hold(id, "reason", "lead", later).error().rule, "max_holds");
}

TEST_F(HeldStoreTest, HoldsThatCannotBeReadKeepTheUpload) {
  auto store = open();
  const HeldId id = keep(*store, "a chart");
  write_text(places_.store / "holds" / id.text, "damaged");
  EXPECT_EQ(store->purge(id, "reason", "lead"), PurgeOutcome::held);
}

TEST_F(HeldStoreTest, WhoDidWhatIsInTheCasesLogWhichVerifies) {
  {
    auto store = open();
    const HeldId id = keep(*store, "a chart");
    const auto hold = store->place_hold(id, "court order", "lead", clock_.now_ns() + kSecondNs);
    ASSERT_TRUE(store->lift_hold(id, *hold, "other"));
    store->purge(id, "no longer needed", "lead");
  }
  std::vector<std::string> kinds;
  const auto reader = casefile::Reader::open(places_.case_directory);
  reader.for_each_record([&](const audit::Record& record) {
    if (record.kind.starts_with("upload.")) kinds.push_back(record.kind);
  });
  EXPECT_THAT(kinds, ElementsAre("upload.hold", "upload.hold_lifted", "upload.purge"));
}

TEST_F(HeldStoreTest, AFullStoreKeepsNothing) {
  options_.max_bytes = 200;
  auto store = open();
  const HeldId id = keep(*store, "a chart");
  EXPECT_THROW(keep(*store, std::string(200, 'x')), Fault);
  EXPECT_THAT(store->all(), ElementsAre(id));
  EXPECT_EQ(items().size(), 1u);
}

TEST_F(HeldStoreTest, AnEndAtAnyStepOfKeepingLeavesAllOfItOrNothing) {
  for (const std::string_view step : {"object", "key", "case"}) {
    const size_t items_before = items().size();
    ASSERT_TRUE(ends_at(step, [&](HeldStore& store) { keep(store, "a chart"); })) << step;
    auto store = open();
    const auto all = store->all();
    EXPECT_EQ(all.size(), items().size());
    EXPECT_EQ(items().size(), items_before + (step == "object" ? 0 : 1)) << step;
    for (const HeldId& id : all) EXPECT_EQ(text_of(store->bytes(id)), "a chart");
    EXPECT_EQ(names_in(places_.store / "objects").size(), all.size());
    // So that the next process makes other ids.
    for (int i = 0; i < 100; ++i) {
      std::byte byte{};
      random_.fill(std::span(&byte, 1));
    }
  }
  // What was kept but not recorded is an item that was not examined.
  EXPECT_EQ(std::ranges::count_if(items(),
                                  [](const auto& item) {
                                    return item.item.error &&
                                           item.item.error->rule == "held.interrupted";
                                  }),
            1);
}

TEST_F(HeldStoreTest, AnEndAtAnyStepOfPurgingLeavesItWholeOrGone) {
  for (const std::string_view step : {"noted", "overwritten", "key-gone", "object-gone"}) {
    HeldId id;
    {
      auto store = open();
      id = keep(*store, "a chart");
    }
    ASSERT_TRUE(ends_at(step, [&](HeldStore& store) { store.purge(id, "reason", "lead"); }));
    auto store = open();
    if (step == "noted") {
      EXPECT_EQ(text_of(store->bytes(id)), "a chart");
      store->purge(id, "reason", "lead");
    }
    EXPECT_EQ(store->bytes(id).error().code, ErrorCode::not_found);
    EXPECT_THAT(names_in(places_.store / "keys"), IsEmpty());
    EXPECT_THAT(names_in(places_.store / "objects"), IsEmpty());
    EXPECT_EQ(store->used_bytes(), 0u);
  }
}

TEST_F(HeldStoreTest, AnEndWhileAHoldIsPlacedLeavesItInForceAndWhileItIsLiftedOnRecord) {
  HeldId id;
  {
    auto store = open();
    id = keep(*store, "a chart");
  }
  const int64_t later = clock_.now_ns() + kSecondNs;
  ASSERT_TRUE(ends_at("hold-file", [&](HeldStore& store) {
    static_cast<void>(store.place_hold(id, "reason", "lead", later));
  }));
  EXPECT_EQ(open()->purge(id, "reason", "lead"), PurgeOutcome::held);
  ASSERT_TRUE(ends_at(
      "hold-file", [&](HeldStore& store) { static_cast<void>(store.lift_hold(id, 1, "lead")); }));
  size_t lifted = 0;
  casefile::Reader::open(places_.case_directory).for_each_record([&](const audit::Record& record) {
    lifted += record.kind == "upload.hold_lifted" ? 1 : 0;
  });
  EXPECT_EQ(lifted, 1u);
}

TEST_F(HeldStoreTest, WhatWasCutOrChangedAnywhereIsNeverGivenOut) {
  auto store = open();
  const HeldId id = keep(*store, "a chart, of some length");
  for (const char* part : {"objects", "keys"}) {
    const fs::path path = places_.store / part / id.text;
    const std::string whole = file_text(path);
    for (size_t size = 0; size < whole.size(); size += size < 90 ? 1 : 7) {
      write_text(path, whole.substr(0, size));
      EXPECT_FALSE(store->bytes(id)) << part << " " << size;
      std::string changed = whole;
      changed[size] = static_cast<char>(changed[size] ^ 0x20);
      write_text(path, changed);
      EXPECT_FALSE(store->bytes(id)) << part << " " << size;
    }
    write_text(path, whole + "x");
    EXPECT_FALSE(store->bytes(id));
    write_text(path, whole);
    EXPECT_TRUE(store->bytes(id));
  }
}

TEST_F(HeldStoreTest, TheKeyOfOneUploadDoesNotOpenAnother) {
  auto store = open();
  const HeldId one = keep(*store, "one");
  const HeldId two = keep(*store, "two");
  write_text(places_.store / "keys" / one.text, file_text(places_.store / "keys" / two.text));
  EXPECT_EQ(store->find(one).error().rule, "held.id");
}

TEST_F(HeldStoreTest, AStoreOpensOnlyWithItsCaseAndItsKey) {
  open().reset();
  HeldStorePlaces other = places_;
  other.case_directory = folder_.path() / "other";
  casefile::Writer::create(other.case_directory, casefile::random_case_id(), {}, clock_, log_);
  EXPECT_THROW(HeldStore::open(other, options_, random_, clock_, log_), Fault);
  other = places_;
  other.key_file = folder_.path() / "other_key";
  SealKey::make_file(other.key_file);
  EXPECT_THROW(HeldStore::open(other, options_, random_, clock_, log_), Fault);
}

TEST_F(HeldStoreTest, AKeyBesideWhatItOpensIsRefused) {
  open().reset();
  for (const fs::path& folder : {places_.case_directory, places_.store}) {
    HeldStorePlaces other = places_;
    other.key_file = folder / "key";
    fs::copy_file(places_.key_file, other.key_file);
    EXPECT_THROW(HeldStore::open(other, options_, random_, clock_, log_), Fault);
    fs::remove(other.key_file);
  }
  HeldStorePlaces within = places_;
  within.store = places_.case_directory / "held";
  EXPECT_THROW(HeldStore::open(within, options_, random_, clock_, log_), Fault);
}

TEST_F(HeldStoreTest, WhatIsNotTheStoresOwnIsLeftAlone) {
  open().reset();
  write_text(places_.store / "notes.txt", "mine");
  write_text(places_.store / "keys" / "readme", "mine");
  write_text(places_.store / "keys" / (std::string(32, 'a') + ".AbCd12"), "left by an end");
  open().reset();
  EXPECT_TRUE(fs::exists(places_.store / "notes.txt"));
  EXPECT_THAT(names_in(places_.store / "keys"), ElementsAre("readme"));
}

}  // namespace
}  // namespace safelight::serve
