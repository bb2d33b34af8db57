#include "safelight/audit/verify.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace safelight::audit {
namespace {

using Log = std::vector<std::vector<std::byte>>;

Log sample_log(size_t count) {
  Log log;
  Chain chain;
  for (size_t i = 0; i < count; ++i) {
    log.push_back(
        chain.append(static_cast<int64_t>(i), "test", "{\"n\":" + std::to_string(i) + "}"));
  }
  return log;
}

/// The rule that the log breaks and the record at which that shows, or "" and the log's length.
std::pair<std::string_view, size_t> check(const Log& log) {
  LogVerifier verifier;
  for (size_t i = 0; i < log.size(); ++i) {
    if (const auto record = verifier.add(log[i]); !record) return {record.error().rule, i};
  }
  return {"", log.size()};
}

using Found = std::pair<std::string_view, size_t>;

TEST(LogVerifier, AcceptsALogAsItWasWritten) {
  const Log log = sample_log(20);
  EXPECT_EQ(check(log), (Found{"", 20}));
  EXPECT_EQ(check({}), (Found{"", 0}));
}

TEST(LogVerifier, SeesAnEditedRecordAtTheNextOne) {
  for (size_t i = 0; i + 1 < 20; ++i) {
    Log log = sample_log(20);
    log[i].back() = std::byte{' '};
    EXPECT_EQ(check(log), (Found{"audit.previous-hash", i + 1}));
  }
}

TEST(LogVerifier, SeesADroppedASwappedAndADoubledRecord) {
  Log log = sample_log(20);
  log.erase(log.begin() + 4);
  EXPECT_EQ(check(log), (Found{"audit.sequence", 4}));
  log = sample_log(20);
  std::swap(log[4], log[9]);
  EXPECT_EQ(check(log), (Found{"audit.sequence", 4}));
  log = sample_log(20);
  log.insert(log.begin() + 4, log[3]);
  EXPECT_EQ(check(log), (Found{"audit.sequence", 4}));
}

TEST(LogVerifier, SeesARewrittenRootThoughTheChainOfHashesHolds) {
  const Log good = sample_log(3);
  Record record = *decode_record(good[2]);
  record.previous_root.bytes[3] ^= 1;
  EXPECT_EQ(check({good[0], good[1], encode(record)}), (Found{"audit.previous-root", 2}));
}

}  // namespace
}  // namespace safelight::audit
