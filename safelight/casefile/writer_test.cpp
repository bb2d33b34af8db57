#include "safelight/casefile/writer.h"

#include <fcntl.h>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"

namespace safelight::casefile {
namespace {

using testing::HasSubstr;

class WriterTest : public testing::Test {
 protected:
  Writer make() {
    return Writer::create(directory_, sample::kCaseId, sample::info(), clock_, log_);
  }
  Writer open() { return Writer::open(directory_, clock_, log_); }

  sample::Folder folder_;
  std::filesystem::path directory_ = folder_ / "case";
  sample::TickingClock clock_;
  sample::KeepingLog log_;
};

std::string fault_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Fault& fault) {
    return fault.what();
  }
  return "";
}

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

TEST_F(WriterTest, WhatWasCommittedIsThereAfterReopening) {
  {
    Writer writer = make();
    writer.use_list(sample::list());
    writer.commit(sample::batch(0, 4));
  }
  const Reader reader = Reader::open(directory_);
  EXPECT_EQ(reader.description().info, sample::info());
  EXPECT_EQ(reader.description().case_id, sample::kCaseId);
  const auto item = reader.find_item(sample::item(3, 1).id);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->item, sample::item(3, 1));
  EXPECT_EQ(item->revision, 1u);
}

TEST_F(WriterTest, OnlyTheOwnerCanReadACaseWhateverTheUmask) {
  for (const mode_t mask : {mode_t{0}, mode_t{0177}}) {
    const mode_t before = umask(mask);
    const auto directory = folder_ / (mask == 0 ? "open" : "closed");
    {
      Writer writer = Writer::create(directory, sample::kCaseId, sample::info(), clock_, log_);
      writer.use_list(sample::list());
      writer.commit(sample::batch(0, 2));
      EXPECT_EQ(mode_of(directory), 0700u);
      for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        EXPECT_EQ(mode_of(entry.path()), 0600u) << entry.path();
      }
    }
    umask(before);
  }
}

TEST_F(WriterTest, ModesThatWereWidenedAreNarrowedAgain) {
  make();
  chmod(directory_.c_str(), 0755);
  chmod((directory_ / "case.db").c_str(), 0644);
  open();
  EXPECT_EQ(mode_of(directory_), 0700u);
  EXPECT_EQ(mode_of(directory_ / "case.db"), 0600u);
}

TEST_F(WriterTest, ASecondWriterIsRefusedUntilTheFirstIsGone) {
  {
    const Writer first = make();
    EXPECT_THAT(fault_of([&] { open(); }), HasSubstr("is being written to by another program"));
  }
  EXPECT_EQ(fault_of([&] { open(); }), "");
}

TEST_F(WriterTest, ADirectoryWithOtherThingsOrWithACaseIsLeftAlone) {
  std::filesystem::create_directory(directory_);
  std::ofstream(directory_ / "notes.txt") << "mine";
  EXPECT_THAT(fault_of([&] { make(); }), HasSubstr("is not empty"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "case.db"));
  std::filesystem::remove(directory_ / "notes.txt");
  make();
  EXPECT_THAT(fault_of([&] { make(); }), HasSubstr("there is a case already"));
  EXPECT_FALSE(verify_case(directory_, {}).mismatch);
}

TEST_F(WriterTest, ACaseWhoseMakingWasInterruptedCanBeMadeAgain) {
  std::filesystem::create_directory(directory_);
  std::ofstream(directory_ / "case.db").close();
  EXPECT_THAT(fault_of([&] { open(); }), HasSubstr("was never completed"));
  EXPECT_EQ(fault_of([&] { make(); }), "");
  EXPECT_EQ(fault_of([&] { open(); }), "");
}

TEST_F(WriterTest, WhatIsNoCaseIsRefused) {
  EXPECT_THAT(fault_of([&] { open(); }), HasSubstr("cannot use the case directory"));
  std::filesystem::create_directory(directory_);
  EXPECT_THAT(fault_of([&] { open(); }), HasSubstr("there is no case in"));
  std::ofstream(directory_ / "case.db") << std::string(5000, 'x');
  EXPECT_THAT(fault_of([&] { open(); }), HasSubstr("is damaged"));
  std::filesystem::remove(directory_ / "case.db");
  make();
  std::ofstream(directory_ / "case.db", std::ios::in | std::ios::binary).seekp(63).put(99);
  EXPECT_THAT(fault_of([&] { open(); }), HasSubstr("later than the 3 that is known here"));
}

TEST_F(WriterTest, ASourceIsKnownAgainAtAnotherMountPoint) {
  Writer writer = make();
  EXPECT_EQ(writer.add_source({SourceKind::folder, "/mnt/a", "fs-1", 2}), "S1");
  EXPECT_EQ(writer.add_source({SourceKind::folder, "/mnt/b", "fs-2", 2}), "S2");
  EXPECT_EQ(writer.add_source({SourceKind::folder, "/media/a", "fs-1", 2}), "S1");
  EXPECT_EQ(writer.add_source({SourceKind::file, "/mnt/a", "fs-1", 2}), "S3");
  EXPECT_EQ(writer.add_source({SourceKind::folder, "/net/x", "", 5}), "S4");
  EXPECT_EQ(writer.add_source({SourceKind::folder, "/net/y", "", 5}), "S5");
  EXPECT_EQ(writer.add_source({SourceKind::folder, "/net/x", "", 5}), "S4");
  const auto sources = Reader::open(directory_).sources();
  ASSERT_EQ(sources.size(), 5u);
  EXPECT_EQ(sources[0].description.given_path, "/media/a");
}

TEST_F(WriterTest, ARevisionRisesOnlyWhenACompleteItemHasOtherContent) {
  Writer writer = make();
  const auto revision_after = [&](const Item& item) {
    writer.commit({{sample::content(1), sample::content(2)}, {item}, {}});
    return Reader::open(directory_).find_item(item.id)->revision;
  };
  Item item = sample::item(0, 1);
  item.state = ItemState::incomplete;
  EXPECT_EQ(revision_after(item), 1u);
  item.content.reset();
  EXPECT_EQ(revision_after(item), 1u);
  item = sample::item(0, 1);
  EXPECT_EQ(revision_after(item), 1u);
  EXPECT_EQ(revision_after(item), 1u);
  item.content = sample::content(2).content.key;
  EXPECT_EQ(revision_after(item), 2u);
}

TEST_F(WriterTest, ABatchThatRefersToNothingLeavesNoTrace) {
  Writer writer = make();
  const auto head = writer.head();
  Batch batch = sample::batch(0, 2);
  EXPECT_THROW(writer.commit(batch), std::invalid_argument) << "the list was not recorded";
  batch.hits.clear();
  batch.items.push_back(sample::item(9, 9));
  EXPECT_THROW(writer.commit(batch), std::invalid_argument) << "content 9 is not there";
  batch.items.back() = sample::item(1, 0);
  batch.items.back().id.value.bytes[0] ^= 1;
  EXPECT_THROW(writer.commit(batch), std::invalid_argument) << "the id does not fit the origin";
  EXPECT_EQ(writer.head(), head);
  batch.items.pop_back();
  writer.commit(batch);
  const auto verification = verify_case(directory_, writer.head());
  EXPECT_FALSE(verification.mismatch) << verification.mismatch->what;
  EXPECT_EQ(Reader::open(directory_).summary().items.items, 2u);
}

TEST_F(WriterTest, ARunAfterOneThatNeverEndedResumesIt) {
  {
    Writer writer = make();
    EXPECT_EQ(writer.begin_run({"scan", {{"jobs", "2"}}, "0.1.0"}), 1u);
  }
  {
    Writer writer = open();
    EXPECT_EQ(writer.begin_run({"scan", {}, "0.1.0"}), 2u);
    writer.end_run("done");
    EXPECT_EQ(writer.begin_run({"rematch", {}, "0.1.0"}), 3u);
  }
  const auto runs = Reader::open(directory_).runs();
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].ended_ns, std::nullopt);
  EXPECT_EQ(runs[1].resumes, 1u);
  EXPECT_EQ(runs[1].outcome, "done");
  EXPECT_EQ(runs[2].resumes, std::nullopt);
  EXPECT_EQ(runs[0].start.options[0].second, "2");
  const auto verification = verify_case(directory_, {});
  EXPECT_EQ(verification.runs, 3u);
  EXPECT_EQ(verification.resumptions, 1u);
}

TEST_F(WriterTest, ARunIsRunningWhileSomebodyWritesAndItHasNotEnded) {
  {
    Writer writer = make();
    EXPECT_FALSE(Reader::open(directory_).running());
    writer.begin_run({"scan", {}, "0.1.0"});
    const auto running = Reader::open(directory_).running();
    ASSERT_TRUE(running);
    EXPECT_EQ(running->number, 1u);
  }
  EXPECT_FALSE(Reader::open(directory_).running()) << "it was killed";
  Writer writer = open();
  writer.begin_run({"scan", {}, "0.1.0"});
  writer.end_run("done");
  EXPECT_FALSE(Reader::open(directory_).running());
}

TEST_F(WriterTest, AChangeOfTheCaseDataIsOnRecord) {
  Writer writer = make();
  CaseInfo info = sample::info();
  const auto before = writer.head();
  writer.change_info(info);
  EXPECT_EQ(writer.head(), before) << "nothing changed";
  info.exhibit = "Exhibit 4";
  writer.change_info(info);
  const Reader reader = Reader::open(directory_);
  EXPECT_EQ(reader.description().info, info);
  std::vector<std::string> kinds;
  reader.for_each_record([&](const audit::Record& record) { kinds.push_back(record.kind); });
  EXPECT_THAT(kinds, testing::ElementsAre("case.created", "case.info_changed"));
  EXPECT_EQ(reader.head(), writer.head());
}

TEST_F(WriterTest, ANoteIsARecordWithoutRows) {
  Writer writer = make();
  writer.note("report.written", {{"format", "html"}, {"by", "me"}});
  std::string body;
  Reader::open(directory_).for_each_record([&](const audit::Record& r) { body = r.body; });
  EXPECT_EQ(body, R"({"details":{"by":"me","format":"html"},"rows":{},"schema":3})");
}

TEST_F(WriterTest, OpeningRefusesACaseWhoseAuditLogDoesNotVerify) {
  {
    Writer writer = make();
    writer.note("one", {});
    writer.note("two", {});
  }
  std::string bytes;
  {
    std::ifstream in(directory_ / "case.db", std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const size_t at = bytes.find("one");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'O';
  std::ofstream(directory_ / "case.db", std::ios::binary) << bytes;
  EXPECT_THAT(fault_of([&] { open(); }), HasSubstr("audit log of the case does not verify"));
}

TEST(CaseId, IsARandomUuid) {
  const std::string id = random_case_id();
  EXPECT_THAT(id, testing::MatchesRegex(
                      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(id, random_case_id());
}

TEST(DescribeSource, NamesFoldersAndFilesAndRefusesTheRest) {
  const sample::Folder folder;
  std::ofstream(folder / "a") << "x";
  const auto described = describe_source(folder.path().string());
  ASSERT_TRUE(described);
  EXPECT_EQ(described->kind, SourceKind::folder);
  EXPECT_EQ(describe_source((folder / "a").string())->kind, SourceKind::file);
  EXPECT_EQ(describe_source((folder / "b").string()).error().code, ErrorCode::not_found);
  EXPECT_EQ(describe_source("/dev/null").error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace safelight::casefile
