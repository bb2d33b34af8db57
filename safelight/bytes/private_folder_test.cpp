#include "safelight/bytes/private_folder.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

namespace fs = std::filesystem;

class PrivateFolderTest : public testing::Test {
 protected:
  PrivateFolderTest() {
    std::string pattern = testing::TempDir() + "private-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PrivateFolderTest() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(PrivateFolderTest, IsMadeWithWhatItLiesInForItsOwnerAlone) {
  make_private_folder(folder_ / "a" / "b");
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "a" / "b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(PrivateFolderTest, OneThatOthersMayReadIsClosedToThem) {
  fs::create_directory(folder_ / "open");
  fs::permissions(folder_ / "open", fs::perms(0755));
  make_private_folder(folder_ / "open");
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "open").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(PrivateFolderTest, AFileIsNone) {
  std::ofstream(folder_ / "file") << "x";
  EXPECT_THROW(make_private_folder(folder_ / "file"), Fault);
  EXPECT_THROW(make_private_folder(folder_ / "file" / "in"), Fault);
}

}  // namespace
}  // namespace safelight
