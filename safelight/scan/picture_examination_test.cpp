#include "safelight/scan/picture_examination.h"

#include <gtest/gtest.h>

namespace safelight::scan {
namespace {

PictureRecord record_with(std::vector<Finding> findings) {
  PictureRecord record;
  record.width = 8;
  record.height = 8;
  record.evidence.findings = std::move(findings);
  return record;
}

casefile::Examination examined(std::vector<Finding> findings) {
  PictureRequest request;
  request.asked.origin = OriginScope::metadata;
  return picture_examination(codec::Format::jpeg, request, record_with(std::move(findings)));
}

TEST(PictureExamination, KeepsEvidenceAndSaysHowFarItWasLookedFor) {
  Finding mark;
  mark.kind = "generator_mark";
  mark.grade = Grade::declared;
  const auto examination = examined({mark});
  EXPECT_EQ(examination.coverage, Coverage::full);
  EXPECT_EQ(examination.origin, OriginScope::metadata);
  ASSERT_EQ(examination.findings.size(), 1u);
  EXPECT_EQ(examination.findings[0], mark);
}

TEST(PictureExamination, EvidenceThatCouldNotBeReadLowersTheCoverage) {
  for (const char* kind : {"partly_examined", "c2pa_unreadable", "damaged_metadata"}) {
    Finding finding;
    finding.kind = kind;
    EXPECT_EQ(examined({finding}).coverage, Coverage::partial) << kind;
  }
}

casefile::Examination with_fingerprint(uint64_t word, uint8_t quality) {
  casefile::Examination examination;
  PdqHashes hashes;
  hashes.quality = quality;
  for (Fingerprint& fingerprint : hashes.fingerprints) fingerprint.words[0] = word;
  examination.fingerprints = {hashes};
  return examination;
}

TEST(ThumbnailDifference, IsSaidWhereFingerprintsAreFarApart) {
  casefile::Examination picture = with_fingerprint(0, 100);
  casefile::Examination thumbnail = picture;
  for (uint64_t& word : thumbnail.fingerprints[0].fingerprints[0].words) word = 0xffffffff;
  const auto difference = thumbnail_difference(picture, thumbnail);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->kind, "thumbnail_differs");
  EXPECT_EQ(difference->grade, Grade::fact);
  EXPECT_EQ(difference->fields[0].second, "128");
}

TEST(ThumbnailDifference, IsNotSaidOfAThumbnailThatWasTurned) {
  casefile::Examination picture = with_fingerprint(0, 100);
  casefile::Examination thumbnail = picture;
  for (uint64_t& word : thumbnail.fingerprints[0].fingerprints[0].words) word = 0xffffffff;
  picture.fingerprints[0].fingerprints[3] = thumbnail.fingerprints[0].fingerprints[0];
  EXPECT_FALSE(thumbnail_difference(picture, thumbnail));
}

TEST(ThumbnailDifference, IsNotSaidWhereAFingerprintSaysLittleOrIsOfAnotherMode) {
  casefile::Examination thumbnail = with_fingerprint(0, 100);
  for (uint64_t& word : thumbnail.fingerprints[0].fingerprints[0].words) word = ~uint64_t{0};
  EXPECT_FALSE(thumbnail_difference(with_fingerprint(0, 49), thumbnail));
  EXPECT_FALSE(thumbnail_difference(casefile::Examination(), thumbnail));
  casefile::Examination other_mode = with_fingerprint(0, 100);
  other_mode.fingerprints[0].mode = PdqMode::full;
  EXPECT_FALSE(thumbnail_difference(other_mode, thumbnail));
}

}  // namespace
}  // namespace safelight::scan
