#include "safelight/triage/reasons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/triage/internal/review_sample.h"

namespace safelight::triage {
namespace {

using sample::hit;
using testing::HasSubstr;

const std::vector<ItemId> kIds = {sample::id_of("0"), sample::id_of("1"), sample::id_of("2")};

casefile::StoredItem picture_with(std::vector<Hit> hits, std::vector<Finding> findings = {}) {
  casefile::StoredItem stored;
  stored.item = sample::item("a.jpg", 1);
  const auto examined = sample::picture(1, 7);
  stored.content = casefile::StoredContent{examined.content, examined.examination, {}, 1};
  stored.content->examination->findings = std::move(findings);
  for (Hit& one : hits) stored.content->hits.push_back({std::move(one), "v1"});
  return stored;
}

std::string words(const casefile::StoredItem& stored, const Ranked& ranked,
                  const RankOptions& options = {}) {
  return sentences_of(reasons_of(stored, ranked, options, kIds));
}

Ranked of_class(RankClass rank_class) {
  Ranked ranked;
  ranked.rank_class = rank_class;
  return ranked;
}

TEST(Reasons, NameTheHitThatDecides) {
  EXPECT_EQ(words(picture_with({hit(Disposition::known, MatchKind::pdq, 12)}),
                  of_class(RankClass::resembles_known)),
            "Looks like known material in list \"charts\" by fingerprint at a distance of 12 bits. "
            "It is not that very file.");
  EXPECT_EQ(
      words(picture_with({hit(Disposition::review, MatchKind::sha1)}), of_class(RankClass::review)),
      "Is an entry to be reviewed in list \"charts\" by SHA-1.");
  EXPECT_EQ(
      words(picture_with({hit(Disposition::known, MatchKind::md5)}), of_class(RankClass::known)),
      "Is known material in list \"charts\" by MD5.");
  EXPECT_EQ(words(picture_with({hit(Disposition::ordinary, MatchKind::sha256)}),
                  of_class(RankClass::ordinary)),
            "Stands as ordinary in list \"charts\" by SHA-256.");
  RankOptions options;
  options.sample = 5;
  EXPECT_EQ(words(picture_with({hit(Disposition::known, MatchKind::md5)}),
                  of_class(RankClass::known_sample), options),
            "Is known material in list \"charts\" by MD5. One of the 5 known files that are "
            "checked by sample.");
}

TEST(Reasons, SayThatTheVictimIsNotIdentified) {
  Hit known = hit(Disposition::known, MatchKind::sha1);
  known.victim_identified = Stated::no;
  known.source_record = 77;
  const auto reasons = reasons_of(picture_with({known}), of_class(RankClass::review), {}, kIds);
  ASSERT_EQ(reasons.size(), 2u);
  EXPECT_EQ(reasons[1].code, "victim_not_identified");
  EXPECT_EQ(sentence_of(reasons[0]), "Is known material in list \"charts\" by SHA-1.");
  EXPECT_THAT(reasons[0].data,
              testing::Contains(std::pair<std::string, std::string>("record", "77")));
  EXPECT_EQ(sentence_of(reasons[1]), "List \"charts\" says that the victim is not identified.");
}

TEST(Reasons, SayWhatIsBesideIt) {
  Ranked ranked = of_class(RankClass::beside_known);
  ranked.beside = {1, 2, 3, 4};
  EXPECT_EQ(words(picture_with({}), ranked),
            "In one folder with 1 item that has a hit. In one archive with 2 items that have hits. "
            "Captured within 10 minutes of 3 items that have hits. Written within 10 minutes of 4 "
            "items that have hits. Examined; no list says anything of it.");
  ranked.beside = {};
  ranked.near_known = 2;
  ranked.near_bits = 9;
  ranked.copy_of = 1;
  EXPECT_THAT(words(picture_with({}), ranked),
              HasSubstr("Has the same bytes as item " + to_hex(kIds[1].value) +
                        ". Looks like item " + to_hex(kIds[2].value) + ", which matches a list."));
}

TEST(Reasons, SayWhatWasNotExaminedWhereverItStands) {
  auto stored = picture_with({});
  stored.item.coverage = Coverage::none;
  EXPECT_EQ(words(stored, of_class(RankClass::not_examined)),
            "Could not be examined: nothing is known of its content.");
  Ranked ranked = of_class(RankClass::beside_known);
  ranked.beside.folder = 1;
  stored.item.coverage = Coverage::partial;
  EXPECT_THAT(words(stored, ranked), HasSubstr("Only part of its content was examined."));
  EXPECT_EQ(words(picture_with({}), of_class(RankClass::unmatched)),
            "Examined; no list says anything of it.");
}

TEST(Reasons, SayWhatSpeaksForTheSeizedDeviceForACameraAndForRecentCapture) {
  RankOptions options;
  options.device = {"Canon", "Canon 5D", "X1"};
  options.seized_ns = 1'700'000'000'000'000'000;
  const auto stored = picture_with({}, {{"camera_metadata",
                                         Grade::declared,
                                         "",
                                         {},
                                         {{"make", "Canon"},
                                          {"model", "Canon 5D"},
                                          {"taken", "2023:11:01 10:00:00"},
                                          {"serial", "X1"}}},
                                        {"generator_mark", Grade::declared, "", {}, {}}});
  EXPECT_EQ(words(stored, of_class(RankClass::unmatched), options),
            "Examined; no list says anything of it. Its metadata name the serial number of the "
            "seized device, \"X1\" (anybody can write it). Evidence of a camera: EXIF declares "
            "\"Canon 5D\" (declared: anybody can write it). Evidence of synthesis (declared) does "
            "not lower it: pictures of real people can be edited, or declared so, too. Its "
            "metadata say that it was captured in the 90 days before the seizure.");
  options.device.serial = "other";
  EXPECT_THAT(words(stored, of_class(RankClass::unmatched), options),
              HasSubstr("name the model of the seized device, \"Canon 5D\""));
  options.device.model.clear();
  EXPECT_THAT(words(stored, of_class(RankClass::unmatched), options),
              HasSubstr("name the make of the seized device, \"Canon\""));
  EXPECT_EQ(words(picture_with({hit(Disposition::ordinary, MatchKind::sha256)},
                               stored.content->examination->findings),
                  of_class(RankClass::ordinary), options),
            "Stands as ordinary in list \"charts\" by SHA-256.");
}

TEST(Reasons, SayWhoStandsForIt) {
  Ranked ranked = of_class(RankClass::unmatched);
  ranked.shown_with = 1;
  EXPECT_THAT(words(picture_with({}), ranked),
              HasSubstr("Item " + to_hex(kIds[1].value) + " stands for it."));
  ranked.shown_with = kNobody;
  ranked.placed_by = 2;
  EXPECT_THAT(words(picture_with({}), ranked),
              HasSubstr("Stands here for item " + to_hex(kIds[2].value) +
                        " of its group, which says more."));
}

TEST(SentenceOf, ACodeOfALaterVersionNamesItAndItsData) {
  EXPECT_EQ(sentence_of({"sensor_match", {{"device", "7"}}}), "sensor_match, device 7.");
}

}  // namespace
}  // namespace safelight::triage
