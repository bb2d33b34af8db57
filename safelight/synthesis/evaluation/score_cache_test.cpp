#include "safelight/synthesis/evaluation/score_cache.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"

namespace safelight::synthesis {
namespace {

Sha256 digest(uint8_t value) {
  Sha256 out;
  out.bytes.fill(value);
  return out;
}

ReferenceFacts some_facts() {
  ReferenceFacts facts;
  facts.file = {640, 480, 12'345, "jpeg", 87, true};
  facts.fingerprint = Fingerprint{{1, 2, 3, 4}};
  return facts;
}

PictureAssessments some_assessments() {
  PictureAssessments out;
  out.conditions = {"clean", "jpeg_75"};
  out.cue_names = {"native.a", "native.b"};
  out.entries = {{1.0 / 3, "", {SizeBand::large, CompressionBand::light}, {0.1, -2e-9}},
                 {std::nullopt, "flat", {SizeBand::small, CompressionBand::medium}, {}}};
  return out;
}

class ScoreCacheTest : public testing::Test {
 protected:
  ScoreCacheTest() {
    std::string pattern = testing::TempDir() + "scores-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ / "scores.jsonl";
  }
  ~ScoreCacheTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string text() const {
    std::ifstream in(path_);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
  const DetectorIdentity detector_ = {"d", digest(7), digest(8)};
};

TEST_F(ScoreCacheTest, WhatWasKeptIsThereAgainToTheBit) {
  {
    auto cache = ScoreCache::open(path_);
    ASSERT_TRUE(cache);
    EXPECT_EQ(cache->facts(digest(1)), nullptr);
    cache->add(digest(1), some_facts());
    cache->add(digest(1), detector_, some_assessments());
  }
  auto cache = ScoreCache::open(path_);
  ASSERT_TRUE(cache);
  const ReferenceFacts* facts = cache->facts(digest(1));
  ASSERT_NE(facts, nullptr);
  EXPECT_EQ(facts->file.width, 640u);
  EXPECT_EQ(facts->file.jpeg_quality, 87);
  EXPECT_EQ(facts->fingerprint, some_facts().fingerprint);
  const auto* found = cache->find(digest(1), detector_, some_assessments().conditions);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->entries, some_assessments().entries);
  EXPECT_EQ(found->cue_names, some_assessments().cue_names);
}

TEST_F(ScoreCacheTest, AnotherDetectorPictureOrSweepIsNotKnown) {
  auto cache = ScoreCache::open(path_);
  ASSERT_TRUE(cache);
  cache->add(digest(1), detector_, some_assessments());
  DetectorIdentity other = detector_;
  other.preprocessing = digest(9);
  EXPECT_EQ(cache->find(digest(1), other, some_assessments().conditions), nullptr);
  EXPECT_EQ(cache->find(digest(2), detector_, some_assessments().conditions), nullptr);
  EXPECT_EQ(cache->find(digest(1), detector_, {"clean"}), nullptr);
}

TEST_F(ScoreCacheTest, ACrashAtAnyByteCostsTheLastLineAlone) {
  {
    auto cache = ScoreCache::open(path_);
    cache->add(digest(1), some_facts());
    cache->add(digest(2), detector_, some_assessments());
  }
  const std::string whole = text();
  const size_t first_end = whole.find('\n', whole.find('\n') + 1) + 1;
  for (size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(path_, std::ios::trunc) << whole.substr(0, size);
    auto cache = ScoreCache::open(path_);
    ASSERT_TRUE(cache) << size;
    EXPECT_EQ(cache->facts(digest(1)) != nullptr, size >= first_end) << size;
    EXPECT_EQ(cache->find(digest(2), detector_, some_assessments().conditions), nullptr);
    cache->add(digest(1), some_facts());
    cache->add(digest(2), detector_, some_assessments());
    ASSERT_TRUE(read_score_lines(text())) << size;
  }
}

TEST_F(ScoreCacheTest, ADamagedLineIsRefusedWithItsPlace) {
  {
    auto cache = ScoreCache::open(path_);
    cache->add(digest(1), some_facts());
  }
  const std::string whole = text();
  const size_t line = whole.find('\n') + 1;
  const auto error_of = [&](std::string_view from, std::string_view to) {
    std::string changed = whole;
    changed.replace(changed.find(from), from.size(), to);
    const auto read = read_score_lines(changed);
    return read ? Error{} : read.error();
  };
  const auto bad_line = Error::at(ErrorCode::malformed, "scores.line", line);
  EXPECT_EQ(error_of("640", "0"), bad_line);
  EXPECT_EQ(error_of("640", "\"x\""), bad_line);
  EXPECT_EQ(error_of("\"facts\":{", "\"facts\":"), bad_line);
  EXPECT_EQ(error_of("\"pdq\":\"0", "\"pdq\":\"x"), bad_line);
  EXPECT_EQ(error_of("\"picture\":\"01", "\"picture\":\"0"), bad_line);
  EXPECT_EQ(error_of("\"version\":1", "\"version\":2"),
            Error::at(ErrorCode::unsupported, "scores.version", 0));
}

TEST_F(ScoreCacheTest, OneEvaluationAtATimeAndNobodyElse) {
  const auto cache = ScoreCache::open(path_);
  ASSERT_TRUE(cache);
  EXPECT_THROW((void)ScoreCache::open(path_), Fault);
  struct stat state {};
  ASSERT_EQ(stat(path_.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
}

}  // namespace
}  // namespace safelight::synthesis
