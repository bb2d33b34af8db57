#include "safelight/triage/review.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::triage {
namespace {

class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return 1; }
};

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

Origin origin_of(uint8_t number) {
  return {"S1", {{StepKind::directory_entry, 0, 0, "item " + std::to_string(number)}}};
}

ItemId id_of(uint8_t number) { return {sha256_of(encode(origin_of(number)))}; }

casefile::ContentKey key_of(uint8_t number) {
  casefile::ContentKey key;
  key.value.bytes.fill(number);
  return key;
}

/// A picture that has the fingerprint `word` in `mode`.
casefile::ExaminedContent picture(uint8_t number, PdqMode mode, uint64_t word) {
  casefile::ExaminedContent out;
  out.content.key = key_of(number);
  out.content.sha256 = key_of(number).value;
  out.examination.coverage = Coverage::full;
  out.examination.modes = {mode};
  PdqHashes hashes{mode, 100, {}};
  hashes.fingerprints[0].words[0] = word;
  out.examination.fingerprints = {hashes};
  return out;
}

casefile::Item item(uint8_t number, std::optional<casefile::ContentKey> content,
                    Coverage coverage = Coverage::full) {
  casefile::Item out;
  out.id = id_of(number);
  out.origin = origin_of(number);
  out.content = content;
  out.coverage = coverage;
  return out;
}

class ReviewCase : public testing::Test {
 protected:
  ReviewCase() {
    std::string name =
        (std::filesystem::temp_directory_path() / "safelight-review-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
  }
  ~ReviewCase() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  Review review_of(const casefile::Batch& batch) {
    const StillClock clock;
    NoLog log;
    auto writer = casefile::Writer::create(folder_ / "case", "00000000-0000-4000-8000-000000000003",
                                           {}, clock, log);
    writer.use_list({"charts", "v1", "{}", 1});
    writer.commit(batch);
    return review_case(casefile::Reader::open(folder_ / "case"), {});
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(ReviewCase, GroupsAndRanksWhatTheCaseHolds) {
  casefile::Batch batch;
  batch.contents = {picture(20, PdqMode::reference, 0), picture(21, PdqMode::reference, 7)};
  batch.items = {item(1, {}, Coverage::none), item(2, key_of(20)), item(3, key_of(20)),
                 item(4, key_of(21))};
  batch.hits = {{key_of(21),
                 {"charts", "5", "1", Disposition::known, MatchKind::sha1},
                 "v1",
                 casefile::HitState::added}};
  const Review review = review_of(batch);
  ASSERT_EQ(review.groups.exact.size(), 1u);
  EXPECT_EQ(review.groups.exact[0].members.size(), 2u);
  ASSERT_EQ(review.groups.near.size(), 1u);
  EXPECT_EQ(review.groups.near[0].members.size(), 3u);
  EXPECT_EQ(review.groups.without_fingerprint, 1u);
  ASSERT_EQ(review.order.size(), 4u);
  EXPECT_EQ(review.order[0].item, id_of(4));
  EXPECT_EQ(review.order[0].rank_class, RankClass::known);
  EXPECT_EQ(review.order[1].rank_class, RankClass::beside_hit);
  EXPECT_EQ(review.order[2].shown_with, review.order[1].item);
  EXPECT_EQ(review.order[3].rank_class, RankClass::not_examined);
}

TEST_F(ReviewCase, RaisesWhatTheFindingsOfItsContentSayIsFromACamera) {
  std::vector<uint8_t> by_id = {1, 2, 3};
  std::sort(by_id.begin(), by_id.end(), [](uint8_t a, uint8_t b) { return id_of(a) < id_of(b); });
  casefile::Batch batch;
  batch.contents = {picture(20, PdqMode::reference, 0), picture(21, PdqMode::reference, ~0ull),
                    picture(22, PdqMode::reference, 0xffffffffull)};
  batch.contents[0].examination.findings = {
      {"generator_mark", Grade::declared, "A generator.", {}, {}}};
  batch.contents[2].examination.findings = {
      {"camera_metadata", Grade::declared, "A camera.", {}, {}}};
  batch.items = {item(by_id[0], key_of(20)), item(by_id[1], key_of(21)),
                 item(by_id[2], key_of(22))};
  const Review review = review_of(batch);
  ASSERT_EQ(review.order.size(), 3u);
  EXPECT_EQ(review.order[0].item, id_of(by_id[2]));
  EXPECT_EQ(review.order[1].item, id_of(by_id[0]));
  EXPECT_EQ(review.order[2].item, id_of(by_id[1]));
}

TEST_F(ReviewCase, GroupsACaseThatHoldsModeFullAlone) {
  casefile::Batch batch;
  batch.contents = {picture(20, PdqMode::full, 0), picture(21, PdqMode::full, 7)};
  batch.items = {item(1, key_of(20)), item(2, key_of(21))};
  const Review review = review_of(batch);
  ASSERT_EQ(review.groups.near.size(), 1u);
  EXPECT_EQ(review.groups.near[0].mode, PdqMode::full);
  EXPECT_EQ(review.groups.near[0].members[1].distance_bits, 3u);
}

}  // namespace
}  // namespace safelight::triage
