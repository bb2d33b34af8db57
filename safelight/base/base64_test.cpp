#include "safelight/base/base64.h"

#include <gtest/gtest.h>
#include <string_view>

namespace safelight {
namespace {

TEST(Base64, GivesTheVectorsOfRfc4648) {
  const auto encoded = [](std::string_view text, Padding padding) {
    return base64({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, padding);
  };
  EXPECT_EQ(encoded("", Padding::keep), "");
  EXPECT_EQ(encoded("f", Padding::keep), "Zg==");
  EXPECT_EQ(encoded("fo", Padding::keep), "Zm8=");
  EXPECT_EQ(encoded("foo", Padding::keep), "Zm9v");
  EXPECT_EQ(encoded("foob", Padding::drop), "Zm9vYg");
  EXPECT_EQ(encoded("foobar", Padding::drop), "Zm9vYmFy");
}

}  // namespace
}  // namespace safelight
