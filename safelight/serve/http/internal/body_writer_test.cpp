#include "safelight/serve/http/internal/body_writer.h"

#include <gtest/gtest.h>
#include <string_view>

namespace safelight::serve {
namespace {

void append(BodyWriter& writer, std::string_view text) {
  writer.append(std::as_bytes(std::span(text)));
}

TEST(BodyWriterTest, ASmallBodyStaysInMemory) {
  BodyWriter writer(8);
  append(writer, "1234");
  append(writer, "5678");
  const auto body = std::move(writer).finish();
  EXPECT_EQ(body.text(), "12345678");
}

TEST(BodyWriterTest, ALargerBodyIsAMemoryFile) {
  BodyWriter writer(8);
  append(writer, "1234");
  append(writer, "56789");
  append(writer, "0");
  auto body = std::move(writer).finish();
  EXPECT_EQ(body.text(), "1234567890");
  EXPECT_EQ(body.size_bytes(), 10);
  const auto file = std::move(body).take_file();
  EXPECT_EQ(file.size_bytes(), 10);
}

TEST(BodyWriterTest, ASmallBodyCanBeHadAsAFile) {
  BodyWriter writer(8);
  append(writer, "1234");
  const auto file = std::move(writer).finish().take_file();
  EXPECT_EQ(file.size_bytes(), 4);
}

TEST(BodyWriterTest, ABudgetIsGivenBack) {
  BodyBudget all(10);
  BodyBudget of_class(10);
  {
    BodyShare share(all, of_class);
    EXPECT_EQ(share.grow(6), BodyShare::Grown::granted);
    BodyShare other(all, of_class);
    EXPECT_EQ(other.grow(5), BodyShare::Grown::exhausted);
    EXPECT_EQ(other.grow(4), BodyShare::Grown::granted);
  }
  BodyShare share(all, of_class);
  EXPECT_EQ(share.grow(10), BodyShare::Grown::granted);
}

TEST(BodyWriterTest, AClassTakesNoMoreThanItsOwnBudgetNorWhatAllHaveTaken) {
  BodyBudget all(10);
  BodyBudget small(4);
  BodyBudget other(10);
  BodyShare share(all, small);
  EXPECT_EQ(share.grow(5), BodyShare::Grown::exhausted);
  EXPECT_EQ(share.grow(3), BodyShare::Grown::granted);
  BodyShare rest(all, other);
  EXPECT_EQ(rest.grow(8), BodyShare::Grown::exhausted);
  EXPECT_EQ(rest.grow(7), BodyShare::Grown::granted);
  EXPECT_EQ(share.grow(1), BodyShare::Grown::exhausted);
}

}  // namespace
}  // namespace safelight::serve
