#include <fstream>
#include <gtest/gtest.h>

#include "safelight/casefile/canonical_export.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"

namespace safelight::casefile {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string export_of(const std::filesystem::path& directory) {
  std::string out;
  export_canonical(Reader::open(directory), [&](std::string_view piece) { out += piece; });
  return out;
}

/// testdata/compat/case_v1 is a case as version 1 wrote it, with what it then exported and its
/// head.
TEST(CaseOfVersion1, IsReadVerifiedAndGoneOnWith) {
  const std::filesystem::path stored = "testdata/compat/case_v1";
  const sample::Folder folder;
  const auto directory = folder / "case";
  std::filesystem::create_directory(directory);
  std::filesystem::copy_file(stored / "case.db", directory / "case.db");

  std::string head_text = read_file(stored / "head.txt");
  ASSERT_FALSE(head_text.empty());
  head_text.pop_back();
  const auto head = audit::parse_tree_head(head_text);
  ASSERT_TRUE(head);
  const Verification verification = verify_case(directory, *head);
  EXPECT_FALSE(verification.mismatch) << verification.mismatch->what;
  EXPECT_EQ(verification.head, *head);
  EXPECT_EQ(verification.resumptions, 1u);
  EXPECT_EQ(export_of(directory), read_file(stored / "canonical.jsonl"));

  const sample::TickingClock clock;
  sample::KeepingLog log;
  Writer::open(directory, clock, log).commit(sample::batch(20, 10));
  EXPECT_FALSE(verify_case(directory, *head).mismatch);
  EXPECT_EQ(Reader::open(directory).summary().items.items, 20u);
}

}  // namespace
}  // namespace safelight::casefile
