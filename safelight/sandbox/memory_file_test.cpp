#include "safelight/sandbox/memory_file.h"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace safelight::sandbox {
namespace {

void append(MemoryFileWriter& writer, std::string_view text) {
  writer.append(std::as_bytes(std::span(text)));
}

std::string_view mapped_text(const FileMapping& mapping) {
  return {reinterpret_cast<const char*>(mapping.bytes().data()), mapping.bytes().size()};
}

TEST(MemoryFileTest, PiecesMakeOneFile) {
  MemoryFileWriter writer;
  append(writer, "ab");
  append(writer, "");
  append(writer, "cde");
  EXPECT_EQ(writer.size_bytes(), 5);
  const auto file = std::move(writer).seal();
  EXPECT_EQ(file.size_bytes(), 5);
  const auto mapping = FileMapping::map(file.descriptor());
  ASSERT_TRUE(mapping.has_value());
  EXPECT_EQ(mapped_text(*mapping), "abcde");
}

TEST(MemoryFileTest, NobodyCanChangeASealedFile) {
  MemoryFileWriter writer;
  append(writer, "abc");
  const auto file = std::move(writer).seal();
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  EXPECT_EQ(::fcntl(file.descriptor(), F_GET_SEALS) & kSeals, kSeals);
  EXPECT_EQ(::pwrite(file.descriptor(), "x", 1, 0), -1);
  EXPECT_NE(::ftruncate(file.descriptor(), 1), 0);
}

}  // namespace
}  // namespace safelight::sandbox
