#include "safelight/seal/sealed_folder.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace safelight {
namespace {

using ::testing::ElementsAre;

class SealedFolderTest : public ::testing::Test {
 protected:
  SealedFolderTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sealed_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~SealedFolderTest() override { std::filesystem::remove_all(path_); }

  [[nodiscard]] SealedFolder folder() const {
    return {path_ / "folder", [](std::string_view name) { return name == "one"; }};
  }
  static std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
  }
  static std::string text_of(const Result<SecretBytes>& read) {
    const auto bytes = read->bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::filesystem::path path_;
  SealKey key_{std::array<std::byte, SealKey::kBytes>{}};
};

TEST_F(SealedFolderTest, GivesBackWhatWasWrittenUnderANameAndShowsItToNobodyElse) {
  folder().write("one", bytes_of("a text"), key_);
  folder().write("one", bytes_of("another text"), key_);
  EXPECT_EQ(text_of(folder().read("one", key_)), "another text");
  EXPECT_THAT(folder().names(), ElementsAre("one"));
  struct stat status {};
  ASSERT_EQ(::stat((path_ / "folder" / "one").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  std::ifstream in(path_ / "folder" / "one", std::ios::binary);
  const std::string raw{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(raw.find("another"), std::string::npos);
}

TEST_F(SealedFolderTest, SaysWhatIsNotThere) {
  const auto read = folder().read("one", key_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::not_found);
  EXPECT_EQ(read.error().rule, "sealed-folder.file");
  EXPECT_FALSE(folder().has("one"));
}

TEST_F(SealedFolderTest, WhatAnEndedWriterLeftIsRemovedAndNothingElse) {
  folder().write("one", bytes_of("a text"), key_);
  std::ofstream(path_ / "folder" / "one.abcdef") << "left";
  std::ofstream(path_ / "folder" / "two.abcdef") << "not ours";
  EXPECT_THAT(folder().names(), ElementsAre("one", "two.abcdef"));
}

TEST_F(SealedFolderTest, WhatIsOverwrittenCannotBeReadAndIsKnownAsSuch) {
  folder().write("one", bytes_of("a text"), key_);
  EXPECT_FALSE(folder().is_overwritten("one"));
  folder().overwrite("one");
  EXPECT_TRUE(folder().is_overwritten("one"));
  EXPECT_FALSE(folder().read("one", key_));
  folder().remove("one");
  EXPECT_FALSE(folder().has("one"));
}

}  // namespace
}  // namespace safelight
