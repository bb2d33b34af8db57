#include "safelight/synthesis/evaluation/duplicates.h"

#include <gmock/gmock.h>

#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::optional<Fingerprint>> random_fingerprints(size_t count) {
  Random random(3);
  std::vector<std::optional<Fingerprint>> out;
  for (size_t i = 0; i < count; ++i) {
    out.push_back(Fingerprint{{random.next(), random.next(), random.next(), random.next()}});
  }
  return out;
}

Fingerprint flipped(Fingerprint fingerprint, uint32_t bits) {
  for (uint32_t bit = 0; bit < bits; ++bit) {
    fingerprint.words[bit / 64] ^= uint64_t{1} << (bit % 64);
  }
  return fingerprint;
}

TEST(Duplicates, UnlikeReferencesHaveNone) {
  const auto references = invented_references(2, 5);
  const Duplicates found = find_duplicates(references, random_fingerprints(references.size()), 10);
  EXPECT_THAT(found.across, IsEmpty());
  EXPECT_THAT(found.repeated, IsEmpty());
}

TEST(Duplicates, APictureInTwoSourcesIsToldByItsDigestAndByItsFingerprint) {
  auto references = invented_references(2, 5);
  auto fingerprints = random_fingerprints(references.size());
  references[6].sha256 = references[0].sha256;
  fingerprints[12] = flipped(*fingerprints[1], kDefaultRadiusBits);
  fingerprints[13] = flipped(*fingerprints[2], kDefaultRadiusBits + 1);
  const Duplicates found = find_duplicates(references, fingerprints, 10);
  EXPECT_THAT(found.across, ElementsAre(Duplicate{0, 6, 0}, Duplicate{1, 12, kDefaultRadiusBits}));
  EXPECT_THAT(find_duplicates(references, fingerprints, 1).across, ElementsAre(Duplicate{0, 6, 0}));
}

TEST(Duplicates, OfOneSourceTheFirstIsKept) {
  const auto references = invented_references(1, 6);
  auto fingerprints = random_fingerprints(references.size());
  fingerprints[2] = flipped(*fingerprints[0], 20);
  fingerprints[4] = flipped(*fingerprints[0], 20);
  // Alike with 2 alone, which is left out: it stays.
  fingerprints[5] = flipped(*fingerprints[0], 40);
  const Duplicates found = find_duplicates(references, fingerprints, 10);
  EXPECT_THAT(found.across, IsEmpty());
  EXPECT_THAT(found.repeated, ElementsAre(2, 4));
}

TEST(Duplicates, WithoutFingerprintsTheDigestsAreCompared) {
  auto references = invented_references(1, 3);
  references[1].sha256 = references[0].sha256;
  const Duplicates found =
      find_duplicates(references, std::vector<std::optional<Fingerprint>>(references.size()), 10);
  EXPECT_THAT(found.repeated, ElementsAre(1));
}

}  // namespace
}  // namespace safelight::synthesis
