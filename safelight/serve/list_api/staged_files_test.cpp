#include "safelight/serve/list_api/staged_files.h"

#include <fstream>
#include <gtest/gtest.h>

#include "safelight/digest/sha256_stream.h"
#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/list_api/later_clock_for_test.h"

namespace safelight::serve {
namespace {

constexpr int64_t kDayNs = 24 * 60 * testing::kMinuteNs;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

class StagedFilesTest : public ::testing::Test {
 protected:
  static bool none(std::string_view) { return false; }

  testing::TestFolder folder_;
  testing::SeededRandom random_;
  testing::LaterClock clock_;
  StagedFiles staged_{folder_.path(), random_, clock_};
};

TEST_F(StagedFilesTest, GivesBackTheBytesThatWereApprovedAndNoOthers) {
  const auto kept = staged_.keep(bytes_of("a list"));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->bytes, 6U);
  EXPECT_EQ(kept->sha256, sha256_of(bytes_of("a list")));
  EXPECT_EQ(staged_.find(kept->id)->sha256, kept->sha256);
  const auto file = staged_.open(kept->id, kept->sha256);
  ASSERT_TRUE(file);
  std::string read(6, ' ');
  ASSERT_TRUE(file->read_at(0, std::as_writable_bytes(std::span(read))));
  EXPECT_EQ(read, "a list");
  EXPECT_EQ(staged_.open(kept->id, sha256_of(bytes_of("another"))).error().rule, "staged.digest");
}

TEST_F(StagedFilesTest, OutlivesTheServer) {
  const auto kept = staged_.keep(bytes_of("a list"));
  const StagedFiles again(folder_.path(), random_, clock_);
  EXPECT_EQ(again.find(kept->id)->sha256, kept->sha256);
}

TEST_F(StagedFilesTest, LiesEncryptedForItsOwnerAlone) {
  ASSERT_TRUE(staged_.keep(bytes_of("a list that is a secret")));
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    const auto mode = entry.status().permissions();
    EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
              std::filesystem::perms::none)
        << entry.path();
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string raw{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(raw.find("secret"), std::string::npos) << entry.path();
  }
  EXPECT_EQ(files, 2U);
}

TEST_F(StagedFilesTest, WhatIsNotThereIsSaidToBe) {
  for (const std::string_view id : {"", "x", "../accounts", "00000000000000000000000000000000"}) {
    EXPECT_EQ(staged_.find(id).error().rule, "staged.file") << id;
  }
  const auto kept = staged_.keep(bytes_of("a list"));
  staged_.remove(kept->id);
  EXPECT_EQ(staged_.find(kept->id).error().rule, "staged.file");
  EXPECT_EQ(staged_.keep({}).error().rule, "staged.empty");
}

TEST_F(StagedFilesTest, WhatIsOldAndWantedByNobodyGoes) {
  const auto wanted = staged_.keep(bytes_of("wanted"));
  const auto other = staged_.keep(bytes_of("other"));
  const auto is_wanted = [&](std::string_view id) { return id == wanted->id; };
  clock_.later_ns = 6 * kDayNs;
  staged_.remove_old(7 * kDayNs, is_wanted);
  EXPECT_TRUE(staged_.find(other->id));
  clock_.later_ns = 8 * kDayNs;
  staged_.remove_old(7 * kDayNs, is_wanted);
  EXPECT_FALSE(staged_.find(other->id));
  EXPECT_TRUE(staged_.find(wanted->id));
  staged_.remove_old(7 * kDayNs, none);
  EXPECT_FALSE(staged_.find(wanted->id));
}

TEST_F(StagedFilesTest, WhatIsBeingKeptIsLeftAloneByWhoeverReadsAnother) {
  const auto kept = staged_.keep(bytes_of("a list"));
  const auto unfinished = folder_.path() / "staged" / (std::string(32, '7') + ".abcdef");
  std::ofstream(unfinished) << "as far as it has come";
  EXPECT_TRUE(staged_.find(kept->id));
  EXPECT_TRUE(staged_.open(kept->id, kept->sha256));
  EXPECT_TRUE(std::filesystem::exists(unfinished));
  const StagedFiles again(folder_.path(), random_, clock_);
  EXPECT_TRUE(again.find(kept->id));
  EXPECT_FALSE(std::filesystem::exists(unfinished)) << "of a server that was ended";
}

TEST_F(StagedFilesTest, AreOnlySoMany) {
  for (size_t i = 0; i < kMaxStagedFiles; ++i) ASSERT_TRUE(staged_.keep(bytes_of("x")));
  EXPECT_EQ(staged_.keep(bytes_of("x")).error().rule, "max_staged_files");
}

}  // namespace
}  // namespace safelight::serve
