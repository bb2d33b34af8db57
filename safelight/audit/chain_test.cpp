#include "safelight/audit/chain.h"

#include <gtest/gtest.h>

namespace safelight::audit {
namespace {

TEST(Chain, EachRecordNamesTheOneBeforeAndTheTreeBefore) {
  Chain chain;
  std::vector<Sha256> leaves;
  for (uint64_t i = 0; i < 9; ++i) {
    const auto before = chain.head();
    const auto bytes = chain.append(static_cast<int64_t>(i), "test", "{}");
    const auto record = decode_record(bytes);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->sequence, i);
    EXPECT_EQ(record->previous, leaves.empty() ? Sha256{} : leaves.back());
    EXPECT_EQ(record->previous_root, before.root);
    leaves.push_back(record_hash(bytes));
  }
  EXPECT_EQ(chain.head(), (TreeHead{9, tree_root(leaves)}));
}

TEST(Chain, ACopyFromBeforeGoesOnAsIfNothingHadHappened) {
  Chain chain;
  (void)chain.append(1, "test", "{}");
  const Chain kept = chain;
  const auto lost = chain.append(2, "lost", "{}");
  Chain again = kept;
  EXPECT_EQ(again.append(2, "lost", "{}"), lost);
  EXPECT_EQ(again.head(), chain.head());
}

}  // namespace
}  // namespace safelight::audit
