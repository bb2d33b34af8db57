#include "safelight/audit/heads/heads_file.h"

#include <array>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "safelight/audit/heads/heads_for_test.h"
#include "safelight/base/fault.h"

namespace safelight::audit {
namespace {

namespace fs = std::filesystem;
using test::head_of_size;
using test::read_text;
using test::source_of;
using test::write_text;

class HeadsText : public testing::Test {
 protected:
  [[nodiscard]] std::string line(uint64_t size, uint8_t past = 0, std::string log = "log") const {
    return to_line(sign_head(key_, std::move(log), head_of_size(size, past),
                             static_cast<int64_t>(size) * 1'000'000'000)) +
           "\n";
  }
  [[nodiscard]] HeadsReading read(std::string_view text, const HeadsLimits& limits = {}) const {
    auto reading = read_heads(source_of(text), "log", std::array{key_.public_key()}, limits);
    EXPECT_TRUE(reading);
    return *std::move(reading);
  }

  SigningKey key_ = SigningKey::make();
};

TEST_F(HeadsText, GivesTheHeadsOfOneLogInTheirOrder) {
  const HeadsReading reading = read(line(3) + line(5, 0, "other") + "\n" + line(9) + line(9));
  ASSERT_EQ(reading.heads.size(), 3u);
  EXPECT_EQ(reading.heads[0].line, 1u);
  EXPECT_EQ(reading.heads[0].signed_head.head, head_of_size(3));
  EXPECT_EQ(reading.heads[1].line, 4u);
  EXPECT_EQ(reading.heads[2].line, 5u);
  EXPECT_EQ(reading.other_logs, 1u);
  EXPECT_EQ(reading.signatures, Signatures::checked);
  EXPECT_TRUE(reading.forks.empty());
  EXPECT_TRUE(reading.set_back.empty());
  EXPECT_EQ(reading.bad_line_count, 0u);
  const NotedHeads noted = reading.noted();
  EXPECT_EQ(noted.smallest_first()[1].name, "the head of 1970-01-01T00:00:09Z (line 4)");
}

TEST_F(HeadsText, WithoutAKeySaysThatSignaturesWereNotChecked) {
  std::string text = line(3);
  text[text.size() - 2] = text[text.size() - 2] == '0' ? '1' : '0';
  const auto reading = read_heads(source_of(text), "log", {});
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->signatures, Signatures::not_checked);
  EXPECT_EQ(reading->heads.size(), 1u);
}

TEST_F(HeadsText, MakesNoUseOfAHeadThatNoKeyVerifies) {
  std::string forged = line(4);
  forged[forged.size() - 2] = forged[forged.size() - 2] == '0' ? '1' : '0';
  const SigningKey stranger = SigningKey::make();
  const std::string strange = to_line(sign_head(stranger, "log", head_of_size(5), 0)) + "\n";
  const std::string text = line(3) + forged + strange;
  const HeadsReading reading = read(text);
  EXPECT_EQ(reading.heads.size(), 1u);
  ASSERT_EQ(reading.bad_lines.size(), 2u);
  EXPECT_EQ(reading.bad_lines[0].line, 2u);
  EXPECT_EQ(reading.bad_lines[0].error, (Error{ErrorCode::integrity_mismatch, "head.signature"}));
  EXPECT_EQ(reading.bad_lines[1].line, 3u);
  EXPECT_EQ(reading.bad_lines[1].error, (Error{ErrorCode::not_found, "head.key"}));
  const auto both =
      read_heads(source_of(text), "log", std::array{stranger.public_key(), key_.public_key()});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->heads.size(), 2u);
  EXPECT_EQ(both->bad_lines[0].error.rule, "head.signature");
}

TEST_F(HeadsText, NamesAForkAndALogThatWasSetBack) {
  const HeadsReading reading = read(line(3) + line(9) + line(5) + line(9, 1) + line(9, 1));
  ASSERT_EQ(reading.fork_count, 2u);
  EXPECT_EQ(reading.forks[0].first_line, 2u);
  EXPECT_EQ(reading.forks[0].second_line, 4u);
  EXPECT_EQ(reading.forks[0].size, 9u);
  EXPECT_EQ(reading.set_back, std::vector<uint64_t>{3});
}

TEST_F(HeadsText, CutAnywhereGivesTheWholeLinesBeforeTheCut) {
  const std::string text = line(3) + line(4);
  const size_t first = text.find('\n') + 1;
  for (size_t length = 0; length <= text.size(); ++length) {
    const HeadsReading reading = read(std::string_view(text).substr(0, length));
    EXPECT_EQ(reading.heads.size(),
              (length >= first ? 1u : 0u) + (length == text.size() ? 1u : 0u));
    const bool is_whole = length == 0 || length == first || length == text.size();
    ASSERT_EQ(reading.bad_lines.size(), is_whole ? 0u : 1u) << length;
    if (!is_whole) {
      EXPECT_EQ(reading.bad_lines[0].error, (Error{ErrorCode::truncated, "heads.last-line"}));
    }
  }
}

TEST_F(HeadsText, HoldsItsLimits) {
  const std::string text = line(3) + "x\nx\nx\n" + line(3, 1) + line(3, 2) + line(3, 3);
  HeadsLimits limits;
  limits.max_bad_lines = 2;
  limits.max_forks = 1;
  const HeadsReading reading = read(text, limits);
  EXPECT_EQ(reading.bad_lines.size(), 2u);
  EXPECT_EQ(reading.bad_line_count, 3u);
  EXPECT_EQ(reading.forks.size(), 1u);
  EXPECT_EQ(reading.fork_count, 3u);
  EXPECT_EQ(reading.heads.size(), 4u);
  limits.max_file_bytes = text.size() - 1;
  const auto refused = read_heads(source_of(text), "log", {}, limits);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::limit_exceeded, "heads.max_file_bytes"}));
  const HeadsReading long_line = read(std::string(300'000, 'a') + "\n" + line(3));
  EXPECT_EQ(long_line.bad_lines.at(0).error.code, ErrorCode::limit_exceeded);
  EXPECT_EQ(long_line.heads.at(0).line, 2u);
}

TEST(HeadsFile, IsAppendedToForItsOwnerAlone) {
  const test::Folder folder;
  HeadsFile file(folder / "heads");
  file.append("one");
  file.append("two");
  EXPECT_EQ(read_text(folder / "heads"), "one\ntwo\n");
  EXPECT_EQ(fs::status(folder / "heads").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(HeadsFile, LeavesWhatACrashLeftOnALineOfItsOwn) {
  const test::Folder folder;
  write_text(folder / "heads", "one\ntw");
  HeadsFile(folder / "heads").append("three");
  EXPECT_EQ(read_text(folder / "heads"), "one\ntw\nthree\n");
}

TEST(HeadsFile, IsAFaultWhereItCannotBeWritten) {
  const test::Folder folder;
  EXPECT_THROW(HeadsFile(folder / "absent/heads").append("one"), Fault);
  fs::create_symlink(folder / "elsewhere", folder / "link");
  EXPECT_THROW(HeadsFile(folder / "link").append("one"), Fault);
  EXPECT_FALSE(fs::exists(folder / "elsewhere"));
  EXPECT_THROW(HeadsFile("/dev/null").append("one"), Fault);
}

}  // namespace
}  // namespace safelight::audit
