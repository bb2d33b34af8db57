#include "safelight/triage/item_facts.h"

#include <gtest/gtest.h>

#include "safelight/triage/internal/review_sample.h"

namespace safelight::triage {
namespace {

using sample::hit;

casefile::StoredItem stored_with(std::vector<Hit> hits) {
  casefile::StoredItem stored;
  stored.item = sample::item("folder/a.jpg", 1);
  const auto examined = sample::picture(1, 7);
  stored.content = casefile::StoredContent{examined.content, examined.examination, {}, 1};
  std::sort(hits.begin(), hits.end());
  for (Hit& one : hits) stored.content->hits.push_back({std::move(one), "v1"});
  return stored;
}

casefile::StoredItem camera_picture(std::vector<std::pair<std::string, std::string>> fields) {
  casefile::StoredItem stored = stored_with({});
  stored.content->examination->findings = {
      {"camera_metadata", Grade::declared, "A camera.", {}, std::move(fields)}};
  return stored;
}

HitClass class_of(std::vector<Hit> hits) { return facts_of(stored_with(std::move(hits)), {}).hit; }

TEST(FactsOf, TellsAFileOfAListFromOneThatLooksLikeIt) {
  EXPECT_EQ(class_of({}), HitClass::none);
  EXPECT_EQ(class_of({hit(Disposition::known, MatchKind::pdq, 9)}), HitClass::resembles);
  EXPECT_EQ(class_of({hit(Disposition::review, MatchKind::pdq, 9)}), HitClass::resembles);
  EXPECT_EQ(class_of({hit(Disposition::known, MatchKind::md5)}), HitClass::known);
  EXPECT_EQ(class_of({hit(Disposition::review, MatchKind::sha1)}), HitClass::review);
  EXPECT_EQ(class_of({hit(Disposition::known, MatchKind::pdq, 9),
                      hit(Disposition::known, MatchKind::sha256)}),
            HitClass::known);
}

TEST(FactsOf, LetsNoListThatKnowsAFileOverruleOneThatWantsItLookedAt) {
  EXPECT_EQ(class_of({hit(Disposition::known, MatchKind::sha256),
                      hit(Disposition::review, MatchKind::md5)}),
            HitClass::review);
  EXPECT_EQ(class_of({hit(Disposition::ordinary, MatchKind::sha256),
                      hit(Disposition::review, MatchKind::pdq, 31)}),
            HitClass::resembles);
  EXPECT_EQ(class_of({hit(Disposition::ordinary, MatchKind::sha256),
                      hit(Disposition::known, MatchKind::md5)}),
            HitClass::known);
}

TEST(FactsOf, SetsNothingAsideByMd5OrLikenessToOrdinaryFiles) {
  EXPECT_EQ(class_of({hit(Disposition::ordinary, MatchKind::md5)}), HitClass::none);
  EXPECT_EQ(class_of({hit(Disposition::ordinary, MatchKind::pdq, 0)}), HitClass::none);
  EXPECT_EQ(class_of({hit(Disposition::ordinary, MatchKind::sha1)}), HitClass::ordinary);
  EXPECT_EQ(class_of({hit(Disposition::unknown, MatchKind::sha256)}), HitClass::none);
}

TEST(FactsOf, WantsAKnownFileLookedAtWhoseVictimIsNotIdentified) {
  Hit known = hit(Disposition::known, MatchKind::sha1);
  known.victim_identified = Stated::yes;
  EXPECT_EQ(class_of({known}), HitClass::known);
  known.victim_identified = Stated::no;
  EXPECT_EQ(class_of({known}), HitClass::review);
  Hit other = known;
  other.list = "another";
  other.victim_identified = Stated::yes;
  const auto facts = facts_of(stored_with({known, other}), {});
  EXPECT_EQ(facts.hit, HitClass::review);
  EXPECT_EQ(facts.victim_identified, Stated::no) << "one list that says no is enough";
  Hit harmless = hit(Disposition::ordinary, MatchKind::sha1);
  harmless.victim_identified = Stated::no;
  EXPECT_EQ(facts_of(stored_with({harmless}), {}).victim_identified, Stated::not_stated);
}

TEST(FactsOf, GivesTheDistanceOfTheNearestHit) {
  Hit far = hit(Disposition::known, MatchKind::pdq, 30);
  far.entry_id = "1";
  EXPECT_EQ(
      facts_of(stored_with({far, hit(Disposition::review, MatchKind::pdq, 4)}), {}).distance_bits,
      4u);
}

TEST(FactsOf, KnowsTheSeizedDeviceByWhatItsMetadataName) {
  const auto stored = camera_picture({{"make", "Canon"}, {"model", "EOS 5D "}, {"serial", "X1"}});
  const auto match = [&](const Device& device) {
    RankOptions options;
    options.device = device;
    return facts_of(stored, options).device;
  };
  EXPECT_EQ(match({}), DeviceMatch::none);
  EXPECT_EQ(match({"", "", "x1"}), DeviceMatch::serial);
  EXPECT_EQ(match({"Nikon", "D90", "X1"}), DeviceMatch::serial);
  EXPECT_EQ(match({"canon", "eos 5d", "other"}), DeviceMatch::model);
  EXPECT_EQ(match({"", "EOS 5D", ""}), DeviceMatch::model);
  EXPECT_EQ(match({"CANON", "", ""}), DeviceMatch::make);
  EXPECT_EQ(match({"Canon", "EOS 6D", ""}), DeviceMatch::none);
  EXPECT_EQ(match({"Nikon", "EOS 5D", ""}), DeviceMatch::none);
}

TEST(FactsOf, CallsRecentWhatWasCapturedOrElseWrittenBeforeTheSeizure) {
  RankOptions options;
  options.seized_ns = 1'700'000'000'000'000'000;  // 2023-11-14T22:13:20Z
  options.recent_days = 30;
  const auto recency = [&](std::string taken, std::optional<int64_t> written_s) {
    auto stored = taken.empty() ? stored_with({}) : camera_picture({{"taken", taken}});
    if (written_s) {
      stored.item.times.modified =
          casefile::Timestamp{*written_s * 1'000'000'000, casefile::TimeZoneKnowledge::utc};
    }
    return facts_of(stored, options).recency;
  };
  EXPECT_EQ(recency("2023:11:01 10:00:00", {}), Recency::captured);
  EXPECT_EQ(recency("2023:10:15 22:13:20", {}), Recency::captured);
  EXPECT_EQ(recency("2023:10:15 22:13:19", {}), Recency::none);
  EXPECT_EQ(recency("2023:11:16 22:13:20", {}), Recency::captured) << "a zone that is not known";
  EXPECT_EQ(recency("2023:11:16 22:13:21", {}), Recency::none);
  EXPECT_EQ(recency("", 1'699'999'000), Recency::written);
  EXPECT_EQ(recency("", 1'600'000'000), Recency::none);
  EXPECT_EQ(recency("2001:01:01 00:00:00", 1'699'999'000), Recency::none)
      << "when it was taken says more than when its file was written";
  EXPECT_EQ(recency("0000:00:00 00:00:00", 1'699'999'000), Recency::written);
  EXPECT_EQ(recency("", {}), Recency::none);
}

TEST(FactsOf, TellsFoldersAndArchivesApart) {
  const auto facts = [](std::vector<OriginStep> steps, const std::string& source = "S1") {
    casefile::StoredItem stored;
    stored.item.origin = {source, std::move(steps)};
    return facts_of(stored, {});
  };
  const auto file = [](std::string name) {
    return OriginStep{StepKind::directory_entry, 0, 0, std::move(name)};
  };
  const auto member = [](uint64_t ordinal, std::string name) {
    return OriginStep{StepKind::archive_member, ordinal, 0, std::move(name)};
  };
  EXPECT_EQ(facts({file("a/b/1.jpg")}).folder, facts({file("a/b/2.jpg")}).folder);
  EXPECT_NE(facts({file("a/b/1.jpg")}).folder, facts({file("a/1.jpg")}).folder);
  EXPECT_NE(facts({file("a/b/1.jpg")}).folder, facts({file("a/b/1.jpg")}, "S2").folder);
  EXPECT_EQ(facts({file("1.jpg")}).folder, facts({file("2.jpg")}).folder);
  EXPECT_NE(facts({file("z.zip"), member(1, "1.jpg")}).folder, facts({file("1.jpg")}).folder);
  EXPECT_EQ(facts({file("z.zip"), member(1, "1.jpg")}).folder,
            facts({file("z.zip"), member(2, "2.jpg")}).folder);
  EXPECT_NE(facts({file("z.zip"), member(1, "x/1.jpg")}).folder,
            facts({file("z.zip"), member(2, "2.jpg")}).folder);
  EXPECT_EQ(facts({file("z.zip"), member(1, "x/1.jpg")}).archive,
            facts({file("z.zip"), member(2, "2.jpg")}).archive);
  EXPECT_NE(facts({file("z.zip"), member(1, "x/1.jpg")}).archive,
            facts({file("y.zip"), member(2, "2.jpg")}).archive);
  EXPECT_EQ(
      facts({file("z.zip"), member(1, "1.jpg"), {StepKind::embedded_picture, 1, 0, ""}}).archive,
      facts({file("z.zip"), member(2, "2.jpg")}).archive);
  EXPECT_EQ(facts({file("1.jpg")}).archive, 0u);
}

TEST(FolderOf, IsThePathUpToTheLastName) {
  const auto folder = [](std::vector<OriginStep> steps) { return folder_of({"S1", steps}); };
  EXPECT_EQ(folder({{StepKind::directory_entry, 0, 0, "a/b/c.jpg"}}), "a/b");
  EXPECT_EQ(folder({{StepKind::directory_entry, 0, 0, "c.jpg"}}), "");
  EXPECT_EQ(folder({{StepKind::directory_entry, 0, 0, "z.zip"},
                    {StepKind::archive_member, 0, 0, "x/c.jpg"}}),
            "z.zip!x");
  EXPECT_EQ(folder({{StepKind::directory_entry, 0, 0, "z.zip"},
                    {StepKind::archive_member, 0, 0, "c.jpg"}}),
            "z.zip");
  EXPECT_EQ(folder({{StepKind::directory_entry, 0, 0, "a/c.jpg"},
                    {StepKind::embedded_picture, 2, 0, "frame"}}),
            "a/c.jpg");
  EXPECT_EQ(folder({}), "");
}

TEST(FactsOf, TakesForPicturesWhatIsOneOrCouldNotBeExamined) {
  auto stored = stored_with({});
  EXPECT_TRUE(facts_of(stored, {}).may_picture);
  stored.content->examination->media_type = "video/mp4";
  EXPECT_TRUE(facts_of(stored, {}).may_picture);
  stored.content->examination->media_type = "text/plain";
  EXPECT_FALSE(facts_of(stored, {}).may_picture);
  stored.item.coverage = Coverage::none;
  EXPECT_TRUE(facts_of(stored, {}).may_picture);
  stored.item.kind = casefile::ItemKind::folder;
  EXPECT_FALSE(facts_of(stored, {}).may_picture);
}

TEST(ExifSeconds, ReadsWhatCamerasWriteAndNothingElse) {
  EXPECT_EQ(exif_seconds("1970:01:01 00:00:01"), 1);
  EXPECT_EQ(exif_seconds("2023:11:14 22:13:20"), 1'700'000'000);
  for (const char* text : {"", "2023:11:14", "2023-11-14 22:13:20", "2023:02:30 00:00:00",
                           "2023:11:14 24:00:00", "2023:11:14 00:60:00", "2023:11:14 00:00:61",
                           "    :  :     :  :  ", "2023:11:14 22:13:20Z"}) {
    EXPECT_EQ(exif_seconds(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace safelight::triage
