#include "safelight/lists/matcher.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <random>

#include "safelight/lists/compile.h"
#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/scratch_folder.h"

namespace safelight {
namespace {

using lists::hex_of;
using lists::ScratchFolder;

Md5 md5_of(uint64_t i) { return *parse_hex<Md5>(hex_of(i, 32)); }
Sha1 sha1_of(uint64_t i) { return *parse_hex<Sha1>(hex_of(i, 40)); }
Sha256 sha256_of(uint64_t i) { return *parse_hex<Sha256>(hex_of(i, 64)); }
Fingerprint pdq_of(uint64_t i) { return *parse_fingerprint(hex_of(i, 64)); }

Fingerprint flipped(Fingerprint fingerprint, uint32_t bits) {
  for (uint32_t i = 0; i < bits; ++i) fingerprint.words[i % 4] ^= uint64_t{1} << (3 + i / 4);
  return fingerprint;
}

class MatcherTest : public testing::Test {
 protected:
  std::shared_ptr<const HashList> list(const std::string& name, std::string_view text,
                                       const CompileOptions& options = {}) {
    const auto path = folder_.write("source", text);
    const auto file = FileSource::open(AT_FDCWD, path.c_str());
    EXPECT_TRUE(file);
    const ListInput input{*file, "source"};
    EXPECT_TRUE(compile_list(std::span(&input, 1), options, folder_.path() / name));
    return std::make_shared<const HashList>(*HashList::open(folder_.path() / name, name));
  }
  static CompileOptions options(std::initializer_list<std::string_view> mappings) {
    CompileOptions result;
    for (const auto mapping : mappings) EXPECT_TRUE(result.mapping.set_from_text(mapping));
    return result;
  }

  ScratchFolder folder_;
};

TEST_F(MatcherTest, SeveralDigestsOfOneEntryAreOneHitByTheStrongest) {
  const auto a = list("a",
                      "md5,sha1,sha256,category\n" + hex_of(1, 32) + "," + hex_of(1, 40) + "," +
                          hex_of(1, 64) + ",1\n" + hex_of(1, 32) + ",,,2\n",
                      options({"1=known"}));
  const Matcher matcher({a});
  ListQuery query;
  query.md5 = md5_of(1);
  query.sha1 = sha1_of(1);
  query.sha256 = sha256_of(1);
  const auto hits = matcher.match(query, 31).hits;
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].entry_id, "line 2");
  EXPECT_EQ(hits[0].kind, MatchKind::sha256);
  EXPECT_EQ(hits[0].disposition, Disposition::known);
  EXPECT_EQ(hits[1].entry_id, "line 3");
  EXPECT_EQ(hits[1].kind, MatchKind::md5);
  EXPECT_EQ(hits[1].disposition, Disposition::review);
}

TEST_F(MatcherTest, FingerprintsMatchUpToTheRadiusInTheirModeAtGoodQuality) {
  CompileOptions full;
  full.pdq_mode = PdqMode::full;
  const auto reference = list("r", "pdq\n" + hex_of(1, 64) + "\n");
  const auto other = list("f", "pdq\n" + hex_of(1, 64) + "\n", full);
  const Matcher matcher({reference, other});
  EXPECT_TRUE(matcher.needs(PdqMode::full));
  for (const uint32_t distance : {0u, 31u, 32u}) {
    const OrientedHash hash = {{flipped(pdq_of(1), distance), PdqMode::reference, 50},
                               Orientation::rotate90};
    ListQuery query;
    query.fingerprints = std::span(&hash, 1);
    const auto hits = matcher.match(query, 31).hits;
    if (distance == 32) {
      EXPECT_TRUE(hits.empty());
      continue;
    }
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].list, "r");
    EXPECT_EQ(hits[0].kind, MatchKind::pdq);
    EXPECT_EQ(hits[0].distance_bits, distance);
    EXPECT_EQ(hits[0].orientation, Orientation::rotate90);
    EXPECT_EQ(hits[0].mode, PdqMode::reference);
  }
  const OrientedHash poor = {{pdq_of(1), PdqMode::reference, 49}, Orientation::original};
  ListQuery query;
  query.fingerprints = std::span(&poor, 1);
  EXPECT_TRUE(matcher.match(query, 31).hits.empty());
}

TEST_F(MatcherTest, TheNearestOrientationIsTheHitAndADigestIsStrongerThanAll) {
  const auto a = list("a", "md5,pdq\n" + hex_of(1, 32) + "," + hex_of(1, 64) + "\n");
  const Matcher matcher({a});
  const std::array<OrientedHash, 3> hashes = {
      {{{flipped(pdq_of(1), 9), PdqMode::reference, 90}, Orientation::original},
       {{flipped(pdq_of(1), 2), PdqMode::reference, 90}, Orientation::rotate180},
       {{flipped(pdq_of(1), 2), PdqMode::reference, 90}, Orientation::flip_x}}};
  ListQuery query;
  query.fingerprints = hashes;
  auto hits = matcher.match(query, 31).hits;
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].orientation, Orientation::rotate180);
  EXPECT_EQ(hits[0].distance_bits, 2u);
  query.md5 = md5_of(1);
  hits = matcher.match(query, 31).hits;
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].kind, MatchKind::md5);
  EXPECT_EQ(hits[0].distance_bits, 0u);
}

TEST_F(MatcherTest, TheGraverOfTwoListsWinsAndBothAreShown) {
  const auto harmless =
      list("nsrl", "sha1,category\n" + hex_of(1, 40) + ",x\n", options({"x=ordinary"}));
  const auto grave =
      list("grave", "sha1,category\n" + hex_of(1, 40) + ",1\n", options({"1=known"}));
  ListQuery query;
  query.sha1 = sha1_of(1);
  const auto both = Matcher({harmless, grave}).match(query, 31).hits;
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].list, "grave");
  EXPECT_EQ(both[1].list, "nsrl");
  EXPECT_EQ(verdict(both).disposition, Disposition::known);
  EXPECT_FALSE(verdict(both).may_set_aside);
  const auto one = Matcher({harmless}).match(query, 31).hits;
  EXPECT_EQ(verdict(one).disposition, Disposition::ordinary);
  EXPECT_TRUE(verdict(one).may_set_aside);
}

TEST_F(MatcherTest, AnOrdinaryMatchByMd5AloneOrByLooksNeverSetsAside) {
  const auto a = list("a",
                      "md5,sha1,pdq,category\n" + hex_of(1, 32) + "," + hex_of(1, 40) + "," +
                          hex_of(1, 64) + ",x\n",
                      options({"x=ordinary"}));
  const Matcher matcher({a});
  ListQuery query;
  query.md5 = md5_of(1);
  query.sha1 = sha1_of(999);
  EXPECT_EQ(verdict(matcher.match(query, 31).hits).disposition, Disposition::ordinary);
  EXPECT_FALSE(verdict(matcher.match(query, 31).hits).may_set_aside);
  const OrientedHash hash = {{pdq_of(1), PdqMode::reference, 90}, Orientation::original};
  ListQuery looks;
  looks.fingerprints = std::span(&hash, 1);
  EXPECT_FALSE(verdict(matcher.match(looks, 31).hits).may_set_aside);
  EXPECT_EQ(verdict({}).disposition, std::nullopt);
}

TEST_F(MatcherTest, AnOrdinaryEntryOfAnotherSizeIsNoHitAndAGraveOneIs) {
  const auto a =
      list("a", "sha1,size,category\n" + hex_of(1, 40) + ",10,x\n" + hex_of(2, 40) + ",10,1\n",
           options({"x=ordinary", "1=known"}));
  const Matcher matcher({a});
  ListQuery query;
  query.sha1 = sha1_of(1);
  query.size_bytes = 11;
  EXPECT_TRUE(matcher.match(query, 31).hits.empty());
  query.size_bytes = 10;
  EXPECT_EQ(matcher.match(query, 31).hits.size(), 1u);
  query.sha1 = sha1_of(2);
  query.size_bytes = 11;
  EXPECT_EQ(matcher.match(query, 31).hits.size(), 1u);
}

TEST_F(MatcherTest, ABatchGivesWhatEachQueryGivesAlone) {
  std::string text = "md5,sha1,pdq\n";
  for (uint64_t i = 0; i < 300; ++i) {
    text += hex_of(i, 32) + "," + hex_of(i / 2, 40) + "," + hex_of(i / 3, 64) + "\n";
  }
  const auto a = list("a", text);
  const auto b = list("b", text.substr(0, text.size() / 2));
  const Matcher matcher({a, b});
  std::mt19937_64 random(5);
  std::vector<std::vector<OrientedHash>> hashes(200);
  std::vector<ListQuery> queries(200);
  for (size_t i = 0; i < queries.size(); ++i) {
    if (random() % 2 == 0) queries[i].md5 = md5_of(random() % 600);
    if (random() % 2 == 0) queries[i].sha1 = sha1_of(random() % 300);
    for (size_t k = random() % 3; k > 0; --k) {
      const auto bits = static_cast<uint32_t>(random() % 40);
      const PdqHash hash = {flipped(pdq_of(random() % 150), bits), PdqMode::reference,
                            static_cast<uint8_t>(40 + random() % 60)};
      hashes[i].push_back({hash, static_cast<Orientation>(k)});
    }
    queries[i].fingerprints = hashes[i];
  }
  const auto batch = matcher.match(queries, 31);
  size_t hits = 0;
  for (size_t i = 0; i < queries.size(); ++i) {
    const auto alone = matcher.match(queries[i], 31).hits;
    EXPECT_EQ(batch[i].hits, alone);
    EXPECT_TRUE(std::is_sorted(alone.begin(), alone.end()));
    hits += alone.size();
  }
  EXPECT_GT(hits, 100u);
}

TEST_F(MatcherTest, OfVeryManyHitsTheBestAreKeptAndTheRestCounted) {
  std::string text = "pdq,category\n";
  for (uint32_t i = 0; i < 150; ++i) {
    // At distances of 0 to 30 bits.
    text += to_hex(flipped(pdq_of(1), i % 31)) + "," + std::to_string(i / 31) + "\n";
  }
  const auto a = list("a", text, options({"4=known"}));
  const OrientedHash hash = {{pdq_of(1), PdqMode::reference, 90}, Orientation::original};
  ListQuery query;
  query.fingerprints = std::span(&hash, 1);
  const MatchedItem all = Matcher({a}, 150).match(query, 31);
  EXPECT_EQ(all.hits.size(), 150u);
  EXPECT_TRUE(all.cut.empty());
  const MatchedItem found = Matcher({a}).match(query, 31);
  EXPECT_EQ(found.hits.size(), Matcher::kMaxHits);
  EXPECT_EQ(found.cut, (std::vector<CutMatches>{{"a", 50}}));
  uint32_t farthest = 0;
  for (const Hit& hit : found.hits) farthest = std::max(farthest, hit.distance_bits);
  EXPECT_LE(farthest, 20u);
}

TEST_F(MatcherTest, TheLimitNeverHidesTheGravestEntry) {
  std::string text = "pdq,category\n";
  for (uint32_t i = 0; i < 120; ++i) {
    text += to_hex(flipped(pdq_of(1), i % 20)) + ",n" + std::to_string(i) + "\n";
  }
  // The only grave one is the farthest of all.
  text += to_hex(flipped(pdq_of(1), 31)) + ",1\n";
  const auto a = list("a", text, options({"1=known"}));
  const OrientedHash hash = {{pdq_of(1), PdqMode::reference, 90}, Orientation::original};
  ListQuery query;
  query.fingerprints = std::span(&hash, 1);
  const MatchedItem found = Matcher({a}, 10).match(query, 31);
  EXPECT_EQ(found.hits.size(), 10u);
  EXPECT_EQ(verdict(found.hits).disposition, Disposition::known);
  ASSERT_EQ(found.cut.size(), 1u);
  EXPECT_GE(found.cut[0].count, 111u);
}

TEST_F(MatcherTest, AHitSaysWhichRecordItIsOfAndWhetherTheVictimIsIdentified) {
  const auto a = list("a", "md5,category,victim identified\n" + hex_of(1, 32) + ",1,False\n" +
                               hex_of(2, 32) + ",1,True\n" + hex_of(3, 32) + ",1,\n");
  const Matcher matcher({a});
  const std::array<Stated, 3> wanted = {Stated::no, Stated::yes, Stated::not_stated};
  for (uint64_t i = 0; i < wanted.size(); ++i) {
    ListQuery query;
    query.md5 = md5_of(i + 1);
    const auto hits = matcher.match(query, 31).hits;
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].victim_identified, wanted[i]);
    EXPECT_EQ(hits[0].source_record, i + 2);
  }
}

}  // namespace
}  // namespace safelight
