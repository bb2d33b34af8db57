#include "safelight/bytes/file.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace safelight {
namespace {

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "safelight_file_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "file";
    std::ofstream(path_) << "0123456789";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  std::filesystem::path path_;
};

TEST_F(File, ReadsAPartAndStopsAtTheEnd) {
  const auto file = FileSource::open(AT_FDCWD, path_.c_str());
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size_bytes(), 10u);
  std::array<std::byte, 6> buffer{};
  EXPECT_EQ(*file->read_at(7, buffer), 3u);
  EXPECT_EQ(static_cast<char>(buffer[0]), '7');
  EXPECT_EQ(*file->read_at(10, buffer), 0u);
}

TEST_F(File, AFileThatShrinksOrChangesIsChanged) {
  const auto file = FileSource::open(AT_FDCWD, path_.c_str());
  ASSERT_TRUE(file->check_unchanged());
  ASSERT_EQ(::truncate(path_.c_str(), 4), 0);
  std::array<std::byte, 10> buffer{};
  EXPECT_EQ(file->read_at(0, buffer).error(),
            Error::at(ErrorCode::changed, "file.shorter-than-at-open", 4));
  EXPECT_EQ(file->check_unchanged().error().code, ErrorCode::changed);
}

TEST_F(File, ATimeThatNanosecondsDoNotReachIsZero) {
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = 0}, {.tv_sec = 15'000'000'000, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path_.c_str(), times, 0), 0);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  if (status.st_mtime != 15'000'000'000) GTEST_SKIP() << "this file system holds no such time";
  EXPECT_EQ(FileSource::open(AT_FDCWD, path_.c_str())->state().modified_ns, 0);
}

TEST_F(File, LinksAndDevicesAreNotOpened) {
  std::filesystem::create_symlink(path_, folder_ / "link");
  EXPECT_EQ(FileSource::open(AT_FDCWD, (folder_ / "link").c_str()).error().rule, "file.link");
  EXPECT_EQ(FileSource::open(AT_FDCWD, "/dev/null").error().rule, "file.not-regular");
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(FileSource::open(AT_FDCWD, (folder_ / "fifo").c_str()).error().rule,
            "file.not-regular");
  EXPECT_EQ(FileSource::open(AT_FDCWD, (folder_ / "absent").c_str()).error().code,
            ErrorCode::not_found);
}

TEST_F(File, MapsTheWholeFileAndAnEmptyOne) {
  const auto file = FileSource::open(AT_FDCWD, path_.c_str());
  const auto mapping = FileMapping::map(file->descriptor());
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->bytes().size(), 10u);
  EXPECT_EQ(static_cast<char>(mapping->bytes()[9]), '9');
  EXPECT_EQ(mapping->part(3, 7)->data(), mapping->bytes().data() + 3);
  EXPECT_TRUE(mapping->part(10, 0));
  for (const uint64_t offset : {uint64_t{11}, UINT64_MAX}) EXPECT_FALSE(mapping->part(offset, 0));
  for (const uint64_t length : {uint64_t{8}, UINT64_MAX}) {
    EXPECT_EQ(mapping->part(3, length).error(), (Error{ErrorCode::changed, "file.part"}));
  }
  ASSERT_EQ(::truncate(path_.c_str(), 0), 0);
  const auto empty = FileMapping::map(file->descriptor());
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->bytes().empty());
}

TEST(SubSource, IsCutAtTheEndOfTheWhole) {
  std::vector<std::byte> bytes(10);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  const MemorySource whole(std::move(bytes));
  const SubSource part(whole, 4, 100);
  EXPECT_EQ(part.size_bytes(), 6u);
  std::array<std::byte, 8> buffer{};
  EXPECT_EQ(*part.read_at(2, buffer), 4u);
  EXPECT_EQ(buffer[0], std::byte{6});
  EXPECT_EQ(SubSource(whole, 50, 1).size_bytes(), 0u);
}

}  // namespace
}  // namespace safelight
