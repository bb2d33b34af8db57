/// Uploads screened with the workers' programs.
#include "safelight/serve/screening/screener.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/square_chart.h"

#include "safelight/codec/still/png/png_encode_for_test.h"
#include "safelight/serve/screening/lists_for_test.h"

namespace safelight::serve {
namespace {

using e2e::square_chart;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::memory_source;
using testing::SetClock;
using testing::TestLists;
using Bytes = std::vector<std::byte>;

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

scan::ExaminerOptions options_with(std::string_view workers) {
  scan::ExaminerOptions options;
  options.limits = upload_limits();
  options.worker_folder = workers;
  return options;
}

class ScreenerTest : public ::testing::Test {
 protected:
  static constexpr uint32_t kListed = 1;
  static constexpr uint32_t kOrdinary = 4;
  static constexpr uint32_t kOther = 8;

  ScreenerTest() {
    lists_.build("charts", "pdq,category\n" + pdq_of(square_chart(kListed)) + ",1\n", {"1=known"});
    lists_.build("digests", "sha1,category\n" + sha1_of(square_chart(kOther)) + ",2\n",
                 {"2=review"});
    lists_.build("plain", "sha1,category\n" + sha1_of(square_chart(kOrdinary)) + ",3\n",
                 {"3=ordinary"});
  }

  casefile::ExaminedContent examined(const Bytes& file) {
    scan::Examiner examiner(options_with(SAFELIGHT_WORKERS));
    const auto source = memory_source(file);
    const auto digested = examiner.digest(source);
    return examiner
        .examine(source, *digested, {}, [](const casefile::ContentKey&) { return nullptr; })
        .back();
  }
  std::string pdq_of(const Bytes& file) {
    return to_hex(examined(file).examination.fingerprints.at(0).fingerprints[0]);
  }
  std::string sha1_of(const Bytes& file) { return to_hex(*examined(file).content.sha1); }

  Result<Screened> screen(const Bytes& file, const ScreenerOptions& options = {},
                          std::string_view workers = SAFELIGHT_WORKERS) {
    ExaminerPool pool(options_with(workers), 1);
    ListsInUse lists(lists_.live({"charts", "digests", "plain"}), {}, clock_, log_);
    Screener screener(pool, lists, options);
    return screener.screen(memory_source(file), "platform");
  }

  TestLists lists_;
  SetClock clock_;
  NoLog log_;
};

TEST_F(ScreenerTest, APictureThatNoListKnowsIsAccepted) {
  const auto screened = screen(square_chart(20));
  ASSERT_TRUE(screened);
  EXPECT_EQ(screened->verdict, UploadVerdict::accept);
  EXPECT_THAT(screened->reasons, IsEmpty());
  EXPECT_TRUE(screened->fingerprint());
}

TEST_F(ScreenerTest, ANearPictureIsHeld) {
  const auto screened = screen(square_chart(kListed, 40));
  ASSERT_TRUE(screened);
  EXPECT_EQ(screened->verdict, UploadVerdict::hold);
  EXPECT_THAT(screened->reasons, ElementsAre(HoldReason::fingerprint));
  ASSERT_EQ(screened->matches.back().hits.size(), 1u);
  EXPECT_EQ(screened->matches.back().hits[0].list, "charts");
}

TEST_F(ScreenerTest, ADigestHoldsAndOnlyTheSameBytes) {
  const auto same = screen(square_chart(kOther));
  ASSERT_TRUE(same);
  EXPECT_THAT(same->reasons, ElementsAre(HoldReason::digest));
  EXPECT_EQ(screen(square_chart(kOther, 40))->verdict, UploadVerdict::accept);
}

TEST_F(ScreenerTest, DispositionsHoldAsConfiguredAndOrdinaryNever) {
  EXPECT_EQ(screen(square_chart(kOther), {.holds_from = Disposition::known})->verdict,
            UploadVerdict::accept);
  EXPECT_EQ(screen(square_chart(kListed), {.holds_from = Disposition::known})->verdict,
            UploadVerdict::hold);
  const auto ordinary = screen(square_chart(kOrdinary), {.holds_from = Disposition::ordinary});
  EXPECT_EQ(ordinary->verdict, UploadVerdict::accept);
  EXPECT_EQ(ordinary->matches.back().hits.size(), 1u);
}

TEST_F(ScreenerTest, WhatCannotBeExaminedInFullIsHeld) {
  Bytes file = square_chart(20);
  file.resize(file.size() / 2);
  EXPECT_THAT(screen(file)->reasons, ::testing::Contains(HoldReason::partly_examined));
  file.resize(40);
  EXPECT_THAT(screen(file)->reasons, ::testing::Contains(HoldReason::not_examined));
}

TEST_F(ScreenerTest, AWorkerThatDiesHoldsTheUpload) {
  const auto screened = screen(square_chart(20, 85, 1), {}, SAFELIGHT_CRASHING_WORKERS);
  ASSERT_TRUE(screened);
  EXPECT_EQ(screened->verdict, UploadVerdict::hold);
  EXPECT_THAT(screened->reasons, ::testing::Contains(HoldReason::not_examined));
}

TEST_F(ScreenerTest, APictureOverTheLimitsForUploadsIsHeld) {
  const std::vector<uint8_t> row(3);
  Bytes large = codec::encode_png({.width = 1, .height = 1, .rows = row});
  // 16,384 pixels wide and high, as its header has it; there is nothing behind that.
  large[18] = large[22] = std::byte{0x40};
  const auto screened = screen(large);
  ASSERT_TRUE(screened);
  EXPECT_THAT(screened->reasons, ::testing::Contains(HoldReason::not_examined));
}

TEST_F(ScreenerTest, AFlatPictureIsHeldUnlessToldOtherwise) {
  const std::vector<uint8_t> rows(size_t{64} * 64 * 3, 90);
  const Bytes flat = codec::encode_png({.width = 64, .height = 64, .rows = rows});
  EXPECT_THAT(screen(flat)->reasons, ElementsAre(HoldReason::unmatchable));
  EXPECT_EQ(screen(flat, {.unmatchable_holds = false})->verdict, UploadVerdict::accept);
}

TEST_F(ScreenerTest, WhatIsNoPictureIsRefusedByItsFirstBytesWhateverTheListsSay) {
  const std::string text = "%PDF-1.4 and more";
  const auto bytes = std::as_bytes(std::span(text));
  const auto screened = screen(Bytes(bytes.begin(), bytes.end()));
  ASSERT_FALSE(screened);
  EXPECT_EQ(screened.error(), (Error{ErrorCode::unsupported, "screen.type"}));
}

TEST_F(ScreenerTest, NoWorkerSeesUploadsOfTwoTenants) {
  ExaminerPool pool(options_with(SAFELIGHT_WORKERS), 1);
  ListsInUse lists(lists_.live({"charts"}), {}, clock_, log_);
  Screener screener(pool, lists, {});
  const auto file = memory_source(square_chart(20));
  for (const std::string_view tenant : {"a", "a", "b", "a"}) {
    ASSERT_TRUE(screener.screen(file, tenant));
  }
  EXPECT_EQ(pool.replaced(), 2u);
}

}  // namespace
}  // namespace safelight::serve
