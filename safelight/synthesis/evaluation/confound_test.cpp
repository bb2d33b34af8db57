#include "safelight/synthesis/evaluation/confound.h"

#include <gtest/gtest.h>

#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {
namespace {

/// Facts that do not depend on the class.
std::vector<FileFacts> like_facts(size_t count) {
  Random random(9);
  std::vector<FileFacts> out;
  for (size_t i = 0; i < count; ++i) {
    FileFacts facts;
    facts.width = static_cast<uint32_t>(1000 + random.below(1000));
    facts.height = static_cast<uint32_t>(1000 + random.below(1000));
    facts.file_bytes = 200'000 + random.below(400'000);
    facts.format = "jpeg";
    facts.jpeg_quality = static_cast<int>(80 + random.below(15));
    facts.has_metadata = random.below(2) == 0;
    out.push_back(facts);
  }
  return out;
}

TEST(Confound, FilesThatAreAlikeInBothClassesAreNotFlagged) {
  const auto references = invented_references(10, 40);
  const ConfoundCheck check = check_confounds(references, like_facts(references.size()));
  ASSERT_TRUE(check.auc);
  EXPECT_FALSE(check.is_flagged()) << *check.auc;
}

TEST(Confound, ADifferenceOfSizeFormatDensityOrMetadataIsFlagged) {
  const auto references = invented_references(10, 40);
  const auto differing = [&](auto change) {
    auto facts = like_facts(references.size());
    for (size_t row = 0; row < facts.size(); ++row) {
      if (references[row].truth == Proposition::generated) change(facts[row]);
    }
    return check_confounds(references, facts).is_flagged();
  };
  EXPECT_TRUE(differing([](FileFacts& facts) { facts.width = facts.height = 1024; }));
  EXPECT_TRUE(differing([](FileFacts& facts) {
    facts.width -= facts.width % 64, facts.height -= facts.height % 64;
  }));
  EXPECT_TRUE(
      differing([](FileFacts& facts) { facts.format = "png", facts.jpeg_quality.reset(); }));
  EXPECT_TRUE(differing([](FileFacts& facts) { facts.file_bytes *= 3; }));
  EXPECT_TRUE(differing([](FileFacts& facts) { facts.jpeg_quality = 75; }));
  EXPECT_TRUE(differing([](FileFacts& facts) { facts.has_metadata = false; }));
}

TEST(Confound, ASetOfWhichNoSourceCanBeLeftOutIsFlagged) {
  const auto references = invented_references(1, 40);
  const ConfoundCheck check = check_confounds(references, like_facts(references.size()));
  EXPECT_FALSE(check.auc);
  EXPECT_TRUE(check.is_flagged());
}

}  // namespace
}  // namespace safelight::synthesis
