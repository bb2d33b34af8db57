#include "safelight/casefile/canonical_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "safelight/casefile/internal/sample_case.h"

namespace safelight::casefile {
namespace {

std::string export_of(const std::filesystem::path& directory) {
  std::string out;
  export_canonical(Reader::open(directory), [&](std::string_view piece) { out += piece; });
  return out;
}

TEST(CanonicalExport, IsTheSameHoweverTheScanWasCutUp) {
  const sample::Folder folder;
  sample::make_case(folder / "one", 60);
  const sample::TickingClock clock;
  sample::KeepingLog log;
  {
    Writer writer = Writer::create(folder / "two", random_case_id(), {}, clock, log);
    writer.add_source({SourceKind::folder, "/evidence/elsewhere", "fs-9", 7});
    writer.use_list(sample::list());
    writer.begin_run({"scan", {}, "0.1.0"});
    Batch batch = sample::batch(30, 30);
    Item unfinished = sample::item(2, 17);
    unfinished.state = ItemState::incomplete;
    unfinished.coverage = Coverage::none;
    unfinished.findings.clear();
    batch.items.push_back(unfinished);
    writer.commit(batch);
  }
  Writer writer = Writer::open(folder / "two", clock, log);
  writer.begin_run({"scan", {}, "0.1.0"});
  Batch rest = sample::batch(0, 30);
  for (Item& item : rest.items) {
    item.file_state->inode += 5;
    item.times.accessed = Timestamp{9, TimeZoneKnowledge::utc};
    item.times.changed = Timestamp{9, TimeZoneKnowledge::utc};
  }
  // The order within a commit, and a hit that came and went and came again, say nothing.
  std::reverse(rest.items.begin(), rest.items.end());
  rest.hits.push_back(sample::hit(0, HitState::withdrawn));
  rest.hits.push_back(sample::hit(0));
  writer.commit(rest);
  EXPECT_EQ(export_of(folder / "one"), export_of(folder / "two"));
}

TEST(CanonicalExport, EveryLineIsJsonAndSaysWhatTheCaseHolds) {
  const sample::Folder folder;
  sample::make_case(folder / "case", 40);
  std::istringstream lines(export_of(folder / "case"));
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const auto header = nlohmann::json::parse(line);
  EXPECT_EQ(header["format"], "safelight-case-canonical");
  EXPECT_EQ(header["lists"][0]["list"], "charts");
  size_t items = 0;
  size_t hits = 0;
  std::string last;
  while (std::getline(lines, line)) {
    const auto item = nlohmann::json::parse(line);
    ++items;
    EXPECT_GT(item["item"].get<std::string>(), last);
    last = item["item"];
    hits += item["content"]["hits"].size();
    EXPECT_EQ(item["content"]["examination"]["fingerprints"].size(), 2u);
  }
  EXPECT_EQ(items, 40u);
  EXPECT_EQ(hits, 10u);
}

TEST(CanonicalExport, ShowsAChangeOfWhatWasFound) {
  const sample::Folder folder;
  sample::make_case(folder / "one", 20);
  sample::make_case(folder / "two", 20);
  const sample::TickingClock clock;
  sample::KeepingLog log;
  Writer::open(folder / "two", clock, log).commit({{}, {}, {sample::hit(4, HitState::withdrawn)}});
  EXPECT_NE(export_of(folder / "one"), export_of(folder / "two"));
}

}  // namespace
}  // namespace safelight::casefile
