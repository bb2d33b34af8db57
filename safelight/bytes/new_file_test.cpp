#include "safelight/bytes/new_file.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

namespace fs = std::filesystem;

class NewFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "safelight_new_file_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "file";
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string content() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] long entries() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }

  fs::path folder_;
  fs::path path_;
};

TEST_F(NewFileTest, AppearsWholeAndForItsOwnerAlone) {
  const mode_t umask_before = ::umask(0);
  NewFile file(path_);
  const std::string large(1 << 20, 'x');
  file.write("small, ");
  file.write(large);
  file.write(", small");
  EXPECT_FALSE(fs::exists(path_));
  file.commit();
  ::umask(umask_before);
  EXPECT_EQ(content(), "small, " + large + ", small");
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(entries(), 1);
}

TEST_F(NewFileTest, TakesThePlaceOfAnotherFile) {
  std::ofstream(path_) << "before";
  NewFile file(path_);
  file.write("after");
  EXPECT_EQ(content(), "before");
  file.commit();
  EXPECT_EQ(content(), "after");
}

TEST_F(NewFileTest, LeavesNothingWhereItIsNotCommitted) {
  { NewFile(path_).write("text"); }
  EXPECT_EQ(entries(), 0);
}

TEST_F(NewFileTest, AFolderThatIsNotThereIsAFault) {
  EXPECT_THROW(NewFile(folder_ / "none" / "file"), Fault);
}

}  // namespace
}  // namespace safelight
