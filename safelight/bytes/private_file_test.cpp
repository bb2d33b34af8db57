#include "safelight/bytes/private_file.h"

#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string_view>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

namespace fs = std::filesystem;

class PrivateFile : public testing::Test {
 protected:
  static fs::path new_folder() {
    std::string name = (fs::temp_directory_path() / "safelight-private-XXXXXX").string();
    return mkdtemp(name.data()) != nullptr ? name : "";
  }
  ~PrivateFile() override { fs::remove_all(folder_); }

  [[nodiscard]] FileSource open() const { return *FileSource::open(AT_FDCWD, file_.c_str()); }

  fs::path folder_ = new_folder();
  fs::path file_ = folder_ / "file";
  std::span<const std::byte> bytes_ = std::as_bytes(std::span(std::string_view("secret")));
};

TEST_F(PrivateFile, HoldsTheBytesForItsOwnerAlone) {
  make_private_file(file_, bytes_);
  const FileSource file = open();
  EXPECT_EQ(file.size_bytes(), bytes_.size());
  EXPECT_TRUE(is_private(file));
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(PrivateFile, IsSeenToBeOpenToOthers) {
  make_private_file(file_, bytes_);
  for (const fs::perms others : {fs::perms::group_read, fs::perms::others_write}) {
    fs::permissions(file_, fs::perms::owner_read | others);
    EXPECT_FALSE(is_private(open()));
  }
}

TEST_F(PrivateFile, ReplacesNothing) {
  make_private_file(file_, {});
  EXPECT_THROW(make_private_file(file_, bytes_), Fault);
  EXPECT_EQ(open().size_bytes(), 0u);
  fs::create_symlink(folder_ / "elsewhere", folder_ / "link");
  EXPECT_THROW(make_private_file(folder_ / "link", bytes_), Fault);
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
}

}  // namespace
}  // namespace safelight
