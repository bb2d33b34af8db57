#include "safelight/audit/log_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "safelight/audit/heads/heads_for_test.h"
#include "safelight/base/fault.h"

namespace safelight::audit {
namespace {

namespace fs = std::filesystem;
using test::read_text;
using test::source_of;
using test::write_text;
using testing::ElementsAre;
using testing::HasSubstr;

class KeepingLog final : public LogSink {
 public:
  void log(Severity, std::string_view message) override { messages.emplace_back(message); }
  std::vector<std::string> messages;
};

class LogFileTest : public testing::Test {
 protected:
  LogFile open(std::string_view name = "server:1") {
    return LogFile::open(file_, name, clock_, messages_);
  }
  /// A log of `count` records, and the head after each.
  void make(size_t count) {
    LogFile log = open();
    heads_ = {{log.head(), "head 1"}};
    while (heads_.size() < count) {
      log.append("person.added", {{"person", "p" + std::to_string(heads_.size())}});
      heads_.push_back({log.head(), "head " + std::to_string(heads_.size() + 1)});
    }
  }
  [[nodiscard]] LogFileVerification verify(std::string_view text, const NotedHeads& noted = {}) {
    auto verification = verify_log_file(source_of(text), noted);
    EXPECT_TRUE(verification);
    return *std::move(verification);
  }
  [[nodiscard]] LogFileVerification verify() { return verify(read_text(file_)); }
  /// Where each record's length stands in the file, and the file's end.
  [[nodiscard]] std::vector<uint64_t> offsets() {
    const auto source = source_of(read_text(file_));
    auto reader = *LogFileReader::open(source);
    std::vector<uint64_t> out = {reader.offset_bytes()};
    while (*reader.next()) out.push_back(reader.offset_bytes());
    return out;
  }

  test::Folder folder_;
  fs::path file_ = folder_ / "audit.log";
  test::SetClock clock_;
  KeepingLog messages_;
  std::vector<NotedHead> heads_;
};

TEST_F(LogFileTest, BeginsWithItsNameForItsOwnerAlone) {
  { const LogFile log = open(); }
  const LogFileVerification verification = verify();
  EXPECT_EQ(verification.name, "server:1");
  EXPECT_EQ(verification.records, 1u);
  EXPECT_FALSE(verification.broken);
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

// The example of docs/formats/audit.md.
TEST_F(LogFileTest, IsWrittenAsDocumented) {
  clock_.set_s(1'700'000'000);
  const LogFile log = open();
  EXPECT_EQ(to_text(log.head()),
            "1:8062e62fca312b429c652910dd7bb32dd6df02c13f2855be2955624c8a9e2478");
  const std::string text = read_text(file_);
  EXPECT_EQ(text.size(), 133u);
  EXPECT_TRUE(text.starts_with(std::string_view("SLAF\x01\0\0\0\x79\0\0\0SLA1", 16)));
}

TEST_F(LogFileTest, GoesOnWhereItEnded) {
  clock_.set_s(5);
  {
    LogFile log = open();
    EXPECT_EQ(log.append("person.added", {{"person", "ada"}}), 1u);
  }
  TreeHead head;
  {
    LogFile log = open("server:2");
    EXPECT_EQ(log.log_name(), "server:1");
    EXPECT_EQ(log.append("login.failed", {{"person", "bob"}, {"from", "10.0.0.7"}}), 2u);
    head = log.head();
  }
  const auto source = source_of(read_text(file_));
  auto reader = *LogFileReader::open(source);
  std::vector<std::string> bodies;
  while (true) {
    const auto bytes = reader.next();
    ASSERT_TRUE(bytes);
    if (!*bytes) break;
    const auto record = decode_record(**bytes);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->time_ns, 5'000'000'000);
    bodies.push_back(record->body);
  }
  EXPECT_THAT(bodies, ElementsAre(R"({"log":"server:1"})", R"({"person":"ada"})",
                                  R"({"from":"10.0.0.7","person":"bob"})"));
  EXPECT_EQ(verify().head, head);
  EXPECT_TRUE(messages_.messages.empty());
}

TEST_F(LogFileTest, HasOneWriter) {
  const LogFile log = open();
  EXPECT_THROW(open(), Fault);
}

TEST_F(LogFileTest, IsNotOpenedThroughALinkNorWhereItIsNoLog) {
  fs::create_symlink(folder_ / "elsewhere", file_);
  EXPECT_THROW(open(), Fault);
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
  fs::remove(file_);
  write_text(file_, "a letter");
  EXPECT_THROW(open(), Fault);
  EXPECT_EQ(read_text(file_), "a letter");
}

TEST_F(LogFileTest, CutAnywhereIsMendedAndSaysSo) {
  make(3);
  const std::string whole = read_text(file_);
  const auto places = offsets();
  for (size_t length = 0; length < whole.size(); ++length) {
    SCOPED_TRACE(length);
    const std::string cut = whole.substr(0, length);
    write_text(file_, cut);
    messages_.messages.clear();
    const auto kept = static_cast<uint64_t>(std::count_if(
        places.begin() + 1, places.end(), [&](uint64_t end) { return end <= length; }));
    const bool is_torn = std::find(places.begin(), places.end(), length) == places.end();
    if (length >= 8) {
      EXPECT_EQ(verify(cut).torn_bytes, is_torn ? length - places[kept] : 0);
      EXPECT_EQ(verify(cut).records, kept);
    }
    // Mending syncs: not at every length where one is like the next.
    if (is_torn && length % 13 != 0) continue;
    LogFile log = open("server:9");
    EXPECT_EQ(log.log_name(), kept > 0 ? "server:1" : "server:9");
    EXPECT_EQ(log.head().size, kept > 0 ? kept + (is_torn ? 1 : 0) : 1);
    EXPECT_EQ(messages_.messages.size(), kept > 0 && is_torn ? 1u : 0u);
    log.append("login", {});
    EXPECT_FALSE(verify().broken);
    EXPECT_EQ(verify().torn_bytes, 0u);
    EXPECT_EQ(verify().head, log.head());
  }
}

TEST_F(LogFileTest, EveryChangedByteIsNamedByItsRecord) {
  make(5);
  const std::string whole = read_text(file_);
  const auto places = offsets();
  for (size_t i = 8; i < whole.size(); ++i) {
    for (const int flip : {0x01, 0x80}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      const auto record = static_cast<uint64_t>(std::upper_bound(places.begin(), places.end(), i) -
                                                places.begin() - 1);
      const LogFileVerification verification = verify(changed, heads_);
      ASSERT_TRUE(verification.broken) << i;
      EXPECT_EQ(verification.broken->first, record) << i << verification.broken->what;
      EXPECT_EQ(verification.broken->last, record) << i << verification.broken->what;
    }
  }
}

TEST_F(LogFileTest, ALengthThatHidesRecordsIsNoTornEnd) {
  make(5);
  std::string changed = read_text(file_);
  const auto places = offsets();
  changed[places[2] + 1] = '\x7f';
  const LogFileVerification verification = verify(changed);
  EXPECT_EQ(verification.torn_bytes, 0u);
  ASSERT_TRUE(verification.broken);
  EXPECT_EQ(verification.broken->first, 2u);
  write_text(file_, changed);
  EXPECT_THROW(open(), Fault);
  EXPECT_EQ(read_text(file_), changed);
  changed[places[0] + 1] = '\x7f';
  write_text(file_, changed);
  EXPECT_THROW(open(), Fault);
  EXPECT_EQ(read_text(file_), changed);
  changed[places[0] + 3] = '\x7f';
  write_text(file_, changed);
  EXPECT_THROW(open(), Fault);
  EXPECT_EQ(verify(changed).broken->first, 0u);
}

TEST_F(LogFileTest, ACutTailShowsAgainstAHead) {
  make(5);
  const std::string cut = read_text(file_).substr(0, offsets()[3]);
  EXPECT_FALSE(verify(cut).broken);
  const auto broken = verify(cut, heads_).broken;
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->kind, LogBreak::Kind::cut_off);
  EXPECT_EQ(broken->what, "records 3 to 4 are missing: head 5 held 5");
}

TEST_F(LogFileTest, ThatDoesNotVerifyIsNotWrittenTo) {
  make(3);
  std::string changed = read_text(file_);
  changed[offsets()[1] + 20] ^= 1;
  write_text(file_, changed);
  EXPECT_THROW(open(), Fault);
  EXPECT_EQ(read_text(file_), changed);
}

TEST_F(LogFileTest, HeaderRulesAreNamed) {
  const auto error_of = [](std::string_view text) {
    const auto verification = verify_log_file(source_of(text), {});
    return verification ? Error{} : verification.error();
  };
  const std::string header("SLAF\x01\0\0\0", 8);
  for (size_t length = 0; length < header.size(); ++length) {
    EXPECT_EQ(error_of(header.substr(0, length)).code, ErrorCode::truncated) << length;
  }
  EXPECT_EQ(verify(header).records, 0u);
  EXPECT_EQ(error_of("SLAG" + header.substr(4)),
            Error::at(ErrorCode::malformed, "log-file.tag", 0));
  EXPECT_EQ(error_of(std::string("SLAF\x02\0\0\0", 8)),
            Error::at(ErrorCode::unsupported, "log-file.version", 4));
}

TEST_F(LogFileTest, AFailedAppendLeavesTheLogAsItWas) {
  LogFile log = open();
  const std::string before = read_text(file_);
  const TreeHead head = log.head();
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{before.size() + 50, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(log.append("login", {{"person", "ada"}}), Fault);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  ::signal(SIGXFSZ, handler);
  EXPECT_EQ(read_text(file_), before);
  EXPECT_EQ(log.head(), head);
  EXPECT_EQ(log.append("login", {{"person", "ada"}}), 1u);
  EXPECT_FALSE(verify().broken);
}

}  // namespace
}  // namespace safelight::audit
