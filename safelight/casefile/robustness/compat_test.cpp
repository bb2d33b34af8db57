#include <array>
#include <fstream>
#include <gtest/gtest.h>

#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/act_writer.h"
#include "safelight/casefile/canonical_export.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"

namespace safelight::casefile {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string export_of(const std::filesystem::path& directory) {
  std::string out;
  export_canonical(Reader::open(directory), [&](std::string_view piece) { out += piece; });
  return out;
}

/// A copy of testdata/compat/case_vN: a case as version N wrote it, with what it then exported and
/// its head.
class StoredCase {
 public:
  explicit StoredCase(int version) : stored_("testdata/compat/case_v" + std::to_string(version)) {
    std::filesystem::create_directory(directory_);
    std::filesystem::copy_file(stored_ / "case.db", directory_ / "case.db");
  }

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::string canonical() const { return read_file(stored_ / "canonical.jsonl"); }
  [[nodiscard]] audit::TreeHead head() const {
    std::string text = read_file(stored_ / "head.txt");
    EXPECT_FALSE(text.empty());
    if (!text.empty()) text.pop_back();
    const auto head = audit::parse_tree_head(text);
    EXPECT_TRUE(head);
    return head ? *head : audit::TreeHead{};
  }

 private:
  const std::filesystem::path stored_;
  const sample::Folder folder_;
  const std::filesystem::path directory_ = folder_ / "case";
};

TEST(CaseOfVersion1, IsReadVerifiedAndGoneOnWith) {
  const StoredCase stored(1);
  const auto& directory = stored.directory();
  const audit::TreeHead head = stored.head();
  const Verification verification = verify_case(directory, head);
  EXPECT_FALSE(verification.mismatch) << verification.mismatch->what;
  EXPECT_EQ(verification.head, head);
  EXPECT_EQ(verification.resumptions, 1u);
  EXPECT_EQ(export_of(directory), stored.canonical());

  // Nothing of triage is in it.
  EXPECT_FALSE(Reader::open(directory).triage_state());
  EXPECT_GT(Reader::open(directory).evidence_version(), 0u);

  const sample::TickingClock clock;
  sample::KeepingLog log;
  const uint64_t records = head.size;
  Writer writer = Writer::open(directory, clock, log);
  EXPECT_EQ(export_of(directory), stored.canonical());
  std::string migrated;
  Reader::open(directory).for_each_record([&](const audit::Record& record) {
    if (record.sequence == records) migrated = record.kind + " " + record.body;
  });
  EXPECT_EQ(migrated, R"(case.migrated {"details":{"from":"1","to":"3"},"rows":{},"schema":3})");
  writer.commit(sample::batch(20, 10));
  HitChange hit = sample::hit(10);
  hit.hit.victim_identified = Stated::no;
  writer.commit({{}, {}, {hit}});
  sample::store_triage(
      directory,
      {{}, {}, {{sample::item(20, 10).id, {"review", "k", {}, {}}}}, TriageState{1, {}}});
  EXPECT_FALSE(verify_case(directory, head).mismatch);
  EXPECT_EQ(Reader::open(directory).summary().items.items, 20u);
  EXPECT_TRUE(Reader::open(directory).triage_state());
  EXPECT_EQ(Reader::open(directory).head().size, records + 4);
}

TEST(CaseOfVersion2, IsReadVerifiedAndGoneOnWith) {
  const StoredCase stored(2);
  const auto& directory = stored.directory();
  const audit::TreeHead head = stored.head();
  EXPECT_FALSE(verify_case(directory, head).mismatch);
  EXPECT_EQ(export_of(directory), stored.canonical());

  const Reader reader = Reader::open(directory);
  const auto state = reader.triage_state();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->as_of, reader.evidence_version());
  size_t members = 0;
  reader.for_each_member([&](const StoredMember& member) {
    EXPECT_EQ(member.centre, sample::item(0, 0).id);
    ++members;
  });
  EXPECT_EQ(members, 2u);
  size_t shown_with = 0;
  reader.for_each_item([&](const StoredItem& item) {
    if (item.review && item.review->shown_with == sample::item(2, 0).id) ++shown_with;
    for (const StoredHit& hit : item.content->hits) {
      if (hit.hit.kind != MatchKind::sha1) continue;
      EXPECT_EQ(hit.hit.source_record, 7u);
      EXPECT_EQ(hit.hit.victim_identified, Stated::no);
    }
  });
  EXPECT_EQ(shown_with, 1u);

  const sample::TickingClock clock;
  sample::KeepingLog log;
  Writer::open(directory, clock, log).commit(sample::batch(20, 10));
  EXPECT_FALSE(verify_case(directory, head).mismatch);
}

TEST(CaseOfVersion3, ItsActsAreReadAndGoneOnWith) {
  const StoredCase stored(3);
  const auto& directory = stored.directory();
  const audit::TreeHead head = stored.head();
  EXPECT_FALSE(verify_case(directory, head).mismatch);
  EXPECT_EQ(export_of(directory), stored.canonical());

  const ActReader reader = ActReader::open(directory);
  std::vector<StoredAct> acts;
  reader.for_each_act(0, [&](const StoredAct& act) { acts.push_back(act); });
  ASSERT_EQ(acts.size(), 3u);
  EXPECT_EQ(acts[0].act, (Act{ActKind::category, "ada", "1", "", {}}));
  EXPECT_EQ(acts[0].items, (std::vector{sample::item(1, 0).id, sample::item(2, 0).id}));
  EXPECT_EQ(acts[1].act.of_act, 1u);
  EXPECT_EQ(acts[2].act.text, "two of a kind");
  const auto exposures = reader.exposures_of(sample::item(2, 0).id);
  ASSERT_EQ(exposures.size(), 1u);
  EXPECT_EQ(exposures[0].shown_ms, 1500u);
  EXPECT_EQ(reader.setting("scheme")->value, R"({"name":"charts"})");

  const sample::TickingClock clock;
  sample::KeepingLog log;
  EXPECT_EQ(ActWriter::open(directory, clock, log).act({ActKind::redo, "ada", "", "", 1}, {}), 4u);
  EXPECT_FALSE(verify_case(directory, head).mismatch);
}

TEST(CaseOfVersion2, IsReviewedOnceItIsBroughtToThisVersion) {
  const StoredCase stored(2);
  const auto& directory = stored.directory();
  EXPECT_FALSE(ActReader::open(directory).setting("scheme"));
  EXPECT_TRUE(ActReader::open(directory).acts_of(sample::item(0, 0).id).empty());
  const sample::TickingClock clock;
  sample::KeepingLog log;
  ActWriter::open(directory, clock, log)
      .act({ActKind::flag, "ada", "x", "", {}}, std::array{sample::item(0, 0).id});
  EXPECT_EQ(ActReader::open(directory).acts_of(sample::item(0, 0).id).size(), 1u);
  EXPECT_FALSE(verify_case(directory, {}).mismatch);
}

TEST(CaseOfVersion1, IsBroughtToThisVersionOnce) {
  const StoredCase stored(1);
  const auto& directory = stored.directory();
  const sample::TickingClock clock;
  sample::KeepingLog log;
  const auto head = Writer::open(directory, clock, log).head();
  EXPECT_EQ(Writer::open(directory, clock, log).head(), head);
  EXPECT_FALSE(verify_case(directory, head).mismatch);
}

}  // namespace
}  // namespace safelight::casefile
