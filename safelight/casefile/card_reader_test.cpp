#include "safelight/casefile/card_reader.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>

#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"

namespace safelight::casefile {
namespace {

/// A card that outlives the reading.
struct KeptCard {
  ItemId item;
  ItemKind kind;
  std::string path;
  std::string source;
  std::optional<uint64_t> size_bytes;
  std::optional<Timestamp> modified;
  Coverage coverage;
  std::string format;
  uint32_t width;
  uint32_t height;
  uint32_t grades;
  std::set<std::string> hits;
  std::string rank_class;
  std::string key;
  std::optional<ItemId> shown_with;
  friend bool operator==(const KeptCard&, const KeptCard&) = default;
};

using KeptCards = std::map<Sha256, KeptCard>;

std::string hit_text(std::string_view list, std::string_view category, Disposition disposition) {
  return std::string(list) + "/" + std::string(category) + "/" + std::string(to_text(disposition));
}

KeptCards cards_of(const std::filesystem::path& directory) {
  KeptCards out;
  std::map<int64_t, ItemId> by_row;
  std::map<Sha256, int64_t> shown_with;
  for_each_card(directory, [&](const Card& card) {
    KeptCard kept{card.item,
                  card.kind,
                  std::string(card.path),
                  std::string(card.source),
                  card.size_bytes,
                  card.modified,
                  card.coverage,
                  std::string(card.format),
                  card.width,
                  card.height,
                  card.grades,
                  {},
                  std::string(card.rank_class),
                  std::string(card.key),
                  {}};
    for (const CardHit& hit : card.hits) {
      kept.hits.insert(hit_text(hit.list, hit.category, hit.disposition));
    }
    EXPECT_TRUE(out.emplace(card.item.value, kept).second) << "an item twice";
    by_row[card.row] = card.item;
    if (card.shown_with != 0) shown_with[card.item.value] = card.shown_with;
  });
  for (const auto& [item, row] : shown_with) out.at(item).shown_with = by_row.at(row);
  return out;
}

uint32_t grades_of(const std::vector<Finding>& findings) {
  uint32_t out = 0;
  for (const Finding& finding : findings) {
    if (finding.grade != Grade::fact) out |= 1U << static_cast<unsigned>(finding.grade);
  }
  return out;
}

/// The same by way of whole items.
KeptCards cards_by_items(const std::filesystem::path& directory) {
  KeptCards out;
  Reader::open(directory).for_each_item([&](const StoredItem& stored) {
    const Item& item = stored.item;
    KeptCard kept{item.id,
                  item.kind,
                  stored.display_path,
                  item.origin.source_id,
                  item.size_bytes,
                  {},
                  item.coverage,
                  "",
                  0,
                  0,
                  grades_of(item.findings),
                  {},
                  "",
                  "",
                  {}};
    kept.modified = item.times.modified;
    if (stored.content && stored.content->examination) {
      const Examination& examination = *stored.content->examination;
      kept.format = examination.format;
      kept.width = examination.width;
      kept.height = examination.height;
      kept.coverage = std::max(kept.coverage, examination.coverage);
      kept.grades |= grades_of(examination.findings);
    }
    if (stored.content) {
      for (const StoredHit& hit : stored.content->hits) {
        kept.hits.insert(hit_text(hit.hit.list, hit.hit.category, hit.hit.disposition));
      }
    }
    if (stored.review) {
      kept.rank_class = stored.review->rank_class;
      kept.key = stored.review->key;
      kept.shown_with = stored.review->shown_with;
    }
    out.emplace(item.id.value, kept);
  });
  return out;
}

class Cards : public testing::Test {
 protected:
  Cards() { sample::make_case(directory_, 40); }

  const sample::Folder folder_;
  const std::filesystem::path directory_ = folder_ / "case";
  const sample::TickingClock clock_;
  sample::KeepingLog log_;
};

TEST_F(Cards, SayWhatTheItemsSay) {
  Writer writer = Writer::open(directory_, clock_, log_);
  // Contents examined again with evidence of origin, items recorded again with another content.
  Batch later;
  for (const uint64_t number : {3, 4, 5}) {
    ExaminedContent again = sample::content(number);
    again.examination.width = 100;
    again.examination.findings.push_back({"c2pa", Grade::verified, "Signed.", {}, {}});
    again.examination.findings.push_back({"marks", Grade::declared, "Says so.", {}, {}});
    later.contents.push_back(again);
  }
  later.contents.push_back(sample::content(90));
  Item revised = sample::item(7, 90);
  revised.findings.push_back({"x", Grade::contradicted, "Does not fit.", {}, {}});
  later.items.push_back(revised);
  later.hits = {sample::hit(3), sample::hit(8)};
  writer.commit(later);
  HitChange withdrawn = sample::hit(8);
  withdrawn.state = HitState::withdrawn;
  writer.commit({{}, {}, {withdrawn}});
  const auto item = [](uint64_t number) { return sample::item(number, 0).id; };
  sample::store_triage(directory_, {{},
                                    {},
                                    {{item(1), {"review", std::string("\0\x01", 2), {}, {}}},
                                     {item(2), {"review", "k", {}, item(1)}},
                                     {item(7), {"unmatched", "z", {}, item(2)}},
                                     {item(1), {"known", "y", {}, {}}}},
                                    TriageState{1, {}, true}});
  const KeptCards cards = cards_of(directory_);
  EXPECT_EQ(cards.size(), 40u);
  const KeptCards expected = cards_by_items(directory_);
  EXPECT_EQ(expected.size(), 40u);
  for (const auto& [id, card] : expected) EXPECT_TRUE(cards.at(id) == card) << card.path;
  EXPECT_NE(cards.at(item(6).value).grades, 0u);
  EXPECT_EQ(cards.at(item(7).value).shown_with, item(2));
}

TEST_F(Cards, SayWhereTheLastNameBegins) {
  Writer writer = Writer::open(directory_, clock_, log_);
  const auto entry = [](const char* path) {
    return Origin{"S1", {{StepKind::directory_entry, 0, 0, path}}};
  };
  const OriginStep member = {StepKind::archive_member, 0, 0, "inner/b\xff.jpg"};
  const OriginStep at_top = {StepKind::archive_member, 1, 0, "b!.jpg"};
  const OriginStep frame = {StepKind::embedded_picture, 2, 0, "frame 2"};
  Batch batch;
  for (const Origin& origin :
       {entry("top.jpg"), entry("a!/b/c.jpg"), entry("a/c.heic").child(frame),
        entry("a/c.zip").child(member), entry("a/c.zip").child(at_top).child(frame)}) {
    Item item;
    item.origin = origin;
    item.id = sample::id_of(origin);
    batch.items.push_back(item);
  }
  writer.commit(batch);
  std::set<std::pair<std::string, std::string>> parts;
  for_each_card(directory_, [&](const Card& card) {
    parts.emplace(card.path.substr(0, card.name_at), card.path.substr(card.name_at));
  });
  for (const auto& part :
       std::vector<std::pair<std::string, std::string>>{{"", "top.jpg"},
                                                        {"a!/b/", "c.jpg"},
                                                        {"a/", "c.heic#frame 2"},
                                                        {"a/c.zip!inner/", "b\\xff.jpg"},
                                                        {"a/c.zip!", "b!.jpg#frame 2"}}) {
    EXPECT_TRUE(parts.contains(part)) << part.first << " " << part.second;
  }
}

TEST_F(Cards, OfACaseOfVersion1HaveNoPlace) {
  const auto old = folder_ / "old";
  std::filesystem::create_directory(old);
  std::filesystem::copy_file("testdata/compat/case_v1/case.db", old / "case.db");
  const KeptCards cards = cards_of(old);
  EXPECT_FALSE(cards.empty());
  EXPECT_EQ(cards, cards_by_items(old));
}

}  // namespace
}  // namespace safelight::casefile
