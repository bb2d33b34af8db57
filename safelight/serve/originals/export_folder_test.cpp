#include "safelight/serve/originals/export_folder.h"

#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stop_token>
#include <sys/stat.h>

#include "safelight/base/fault.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Sha256 sha256_of_text(std::string_view text) { return sha256_of(std::as_bytes(std::span(text))); }

class ExportFolderTest : public ::testing::Test {
 protected:
  std::filesystem::path file(const std::string& text) {
    const auto path = folder_.path() / "evidence";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  scan::OpenedItem opened(const std::string& text, uint64_t offset, uint64_t length) {
    auto source = FileSource::open(AT_FDCWD, file(text).c_str());
    return {*std::move(source),
            {{offset, length}, codec::Format::unknown, std::nullopt},
            sha256_of_text(std::string_view(text).substr(offset, length))};
  }
  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<std::string> written() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(out_.unfinished_path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  testing::TestFolder folder_;
  ExportFolder out_{folder_.path() / "out"};
  int recorded_ = 0;
  std::function<void(const ExportedOriginal&)> on_record_ = [this](const ExportedOriginal&) {
    ++recorded_;
    EXPECT_FALSE(std::ranges::any_of(written(), [](const auto& name) { return name.size() == 64; }))
        << "it is on record before the file has its name";
  };
};

TEST_F(ExportFolderTest, WritesTheBytesOfAnItemUnderTheirDigestForTheOwnerAlone) {
  const auto done = out_.write(opened("the whole file", 4, 5), on_record_);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->bytes, 5U);
  const auto path = out_.unfinished_path() / to_hex(sha256_of_text("whole"));
  EXPECT_EQ(read(path), "whole");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(out_.unfinished_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  EXPECT_EQ(recorded_, 1);
}

TEST_F(ExportFolderTest, AFileOfNoBytesIsOneToo) {
  ASSERT_TRUE(out_.write(opened("x", 0, 0), on_record_));
  EXPECT_TRUE(std::filesystem::exists(out_.unfinished_path() / to_hex(sha256_of_text(""))));
}

TEST_F(ExportFolderTest, HasItsNameOnceAllIsThere) {
  ASSERT_TRUE(out_.write(opened("a file", 0, 6), on_record_));
  out_.write_manifest("{}");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "out.unfinished"));
  out_.finish();
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out.unfinished"));
  EXPECT_EQ(read(folder_.path() / "out" / "manifest.json"), "{}");
  EXPECT_EQ(read(folder_.path() / "out" / to_hex(sha256_of_text("a file"))), "a file");
}

TEST_F(ExportFolderTest, WhatIsToldToStopIsNotWrittenAndNotOnRecord) {
  std::stop_source stop;
  stop.request_stop();
  const auto done = out_.write(opened("a file", 0, 6), on_record_, stop.get_token());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().rule, "original.stopped");
  EXPECT_EQ(recorded_, 0);
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(ExportFolderTest, WhatChangedSinceItWasOpenedIsNotWrittenAndNotOnRecord) {
  const auto item = opened("the whole file", 0, 14);
  file("the other file");
  const auto done = out_.write(item, on_record_);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().rule, "original.digest");
  EXPECT_EQ(recorded_, 0);
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(ExportFolderTest, WhatCannotBePutOnRecordIsNotWritten) {
  const auto fail = [](const ExportedOriginal&) { throw Fault("the case cannot be written to"); };
  EXPECT_THROW(static_cast<void>(out_.write(opened("a file", 0, 6), fail)), Fault);
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(ExportFolderTest, WhatFailsSaysOfNoOriginalWhichItWas) {
  const auto item = opened("a file", 0, 6);
  std::filesystem::remove(out_.unfinished_path());
  try {
    static_cast<void>(out_.write(item, on_record_));
    FAIL() << "there is no folder";
  } catch (const Fault& fault) {
    EXPECT_THAT(fault.what(), HasSubstr("No such file"));
    EXPECT_THAT(fault.what(), Not(HasSubstr(to_hex(item.sha256))));
  }
}

TEST_F(ExportFolderTest, AFolderThatIsThereIsNotWrittenInto) {
  EXPECT_THROW(ExportFolder(folder_.path() / "out"), Fault) << "one of its name is unfinished";
  out_.finish();
  EXPECT_THROW(ExportFolder(folder_.path() / "out"), Fault);
  std::filesystem::create_symlink(folder_.path() / "none", folder_.path() / "link");
  EXPECT_THROW(ExportFolder(folder_.path() / "link"), Fault);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "none"));
}

}  // namespace
}  // namespace safelight::serve
