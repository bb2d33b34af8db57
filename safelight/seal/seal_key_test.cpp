#include "safelight/seal/seal_key.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

class SealKeyFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(path_); }
  void TearDown() override { std::filesystem::remove(path_); }

  void write(const std::string& text, mode_t mode = 0600) {
    std::filesystem::remove(path_);
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), mode);
  }

  const std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) / ("seal_key_test." + std::to_string(::getpid()));
  const std::string digits_ = "00112233445566778899aabbccddeeffFFEEDDCCBBAA99887766554433221100";
};

TEST_F(SealKeyFile, IsReadWithAndWithoutItsLineFeed) {
  for (const std::string end : {"", "\n"}) {
    write(digits_ + end);
    const auto key = SealKey::read(path_);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->bytes()[1], std::byte{0x11});
    EXPECT_EQ(key->bytes()[16], std::byte{0xff});
    EXPECT_EQ(key->bytes()[31], std::byte{0x00});
  }
}

TEST_F(SealKeyFile, OfAnotherLengthIsRefused) {
  for (size_t length = 0; length < digits_.size(); ++length) {
    write(digits_.substr(0, length));
    const auto key = SealKey::read(path_);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error(), Error::at(ErrorCode::malformed, "seal-key.text", length));
  }
  for (const std::string end : {"0", "\n\n", " ", "\r\n"}) {
    write(digits_ + end);
    const auto key = SealKey::read(path_);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error(), Error::at(ErrorCode::malformed, "seal-key.text", digits_.size()));
  }
}

TEST_F(SealKeyFile, OfOtherCharactersIsRefusedAtTheFirst) {
  for (size_t i = 0; i < digits_.size(); ++i) {
    for (const char other : {'g', '/', ':', '@', '`', '\0', '\n'}) {
      std::string text = digits_;
      text[i] = other;
      write(text);
      const auto key = SealKey::read(path_);
      ASSERT_FALSE(key);
      EXPECT_EQ(key.error(), Error::at(ErrorCode::malformed, "seal-key.text", i));
    }
  }
}

TEST_F(SealKeyFile, ThatOthersMayReadIsRefused) {
  for (const mode_t mode : {0640u, 0604u, 0620u, 0601u}) {
    write(digits_, mode);
    const auto key = SealKey::read(path_);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error(), (Error{ErrorCode::unreadable, "seal-key.permissions"}));
  }
}

TEST_F(SealKeyFile, ThatIsNotThereIsNotFound) {
  const auto key = SealKey::read(path_);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, ErrorCode::not_found);
}

TEST_F(SealKeyFile, ThatIsMadeIsTheOwnersAloneAndNeverTheSameTwice) {
  SealKey::make_file(path_);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto first = SealKey::read(path_);
  ASSERT_TRUE(first);
  EXPECT_THROW(SealKey::make_file(path_), Fault);
  std::filesystem::remove(path_);
  SealKey::make_file(path_);
  const auto second = SealKey::read(path_);
  ASSERT_TRUE(second);
  EXPECT_FALSE(std::equal(first->bytes().begin(), first->bytes().end(), second->bytes().begin()));
}

}  // namespace
}  // namespace safelight
